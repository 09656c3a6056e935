"""The register: the secretariat's list, the export by audience, the heads for everyone."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from endorsements import access, heads
from endorsements.contexts.board import entry_in_words
from endorsements.register import export_lines
from members.access import forum

PAGE = 50
DAYS_OF_HEADS = 62


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register, newest first, 50 a page."""
    reader = request.reader  # type: ignore[attr-defined]
    page = Paginator(access.register_rows(reader), PAGE).get_page(request.GET.get("page"))
    entries = [(entry, entry_in_words(entry.act, entry.participant_code, entry.content)) for entry in page.object_list]
    context = {"page": page, "entries": entries, "forum": forum(), "may_export": reader.is_manager}
    return render(request, "endorsements/register.html", context)


@require_GET
def register_export(request: HttpRequest) -> StreamingHttpResponse:
    """Every entry, for managers: a line each, as tools/verify_register.py reads it."""
    access.open_register_export(request.reader)  # type: ignore[attr-defined]
    return _lines((f"{line}\n" for line in export_lines()), "register.jsonl", "application/x-ndjson")


@require_GET
def register_own(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """A participant's own entries in circulations that have ended, for its own people and the secretariat."""
    participant = access.open_own_entries(request.reader, slug)  # type: ignore[attr-defined]
    return _lines(heads.own_lines(participant), f"register-{participant.code.lower()}.jsonl", "application/x-ndjson")


@login_not_required
@require_safe
def register_heads(request: HttpRequest) -> HttpResponse:
    """One head a day, and what it proves. Public."""
    reader = request.reader  # type: ignore[attr-defined]
    page = Paginator(heads.published(), DAYS_OF_HEADS).get_page(request.GET.get("page"))
    context = {"page": page, "forum": forum(), "own": access.own_entries_of(reader)}
    context["is_mailed"] = bool(settings.REGISTER_WITNESSES)
    return render(request, "endorsements/register_heads.html", context)


@login_not_required
@require_safe
def register_heads_file(request: HttpRequest) -> StreamingHttpResponse:
    """The heads as text, oldest first: a day and its head on a line. Public."""
    return _lines(heads.head_lines(), "heads.txt", "text/plain")


@login_not_required
@require_safe
def register_check(request: HttpRequest) -> HttpResponse:
    """The script that checks exports, receipts and heads; it asks for nothing but Python. Public."""
    script = (settings.BASE_DIR / "tools" / "verify_register.py").read_text(encoding="utf-8")
    response = HttpResponse(script, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_register.py"'
    return response


def _lines(lines: Iterable[str], name: str, kind: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
