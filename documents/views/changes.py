"""What changed between two versions of a document that the reader may both read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from audit.files import to_save
from audit.services import record_access
from documents import access, contexts
from documents.files import FileChanged
from documents.models import Version
from documents.redline import Change, redline
from documents.redline_words import summary
from documents.views.documents import head, reader_of, refuse_changed
from members.access import forum


@dataclass(frozen=True)
class Compared:
    """Two versions of one document, and what changed from the old to the new."""

    old: Version
    new: Version
    changes: list[Change]


@require_safe
def changes_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the page of two versions: those of `?old=&new=`, else the latest and the one before."""
    reader = reader_of(request)
    document = access.get_document(pk, reader)
    numbers = [one.number for one in access.versions_of(document, reader)]
    if len(numbers) < 2:
        raise Http404
    new = _chosen(request, "new", numbers[:-1], numbers[0])
    earlier = [number for number in numbers if number < new]
    old = _chosen(request, "old", earlier, earlier[0])
    return redirect("documents:changes-detail", document.pk, old, new)


def _chosen(request: HttpRequest, name: str, numbers: list[int], default: int) -> int:
    asked = request.GET.get(name, "")
    return next((number for number in numbers if str(number) == asked), default)


def of_two_versions(view: Callable[[HttpRequest, Compared], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets both versions, the earlier first, and what changed. 404 when the reader may not read one of them,
    or they are not in this order; the page about a changed file when one is no longer as it was filed."""

    @wraps(view)
    def wrapper(request: HttpRequest, pk: int, old: int, new: int) -> HttpResponse:
        if old >= new:
            raise Http404
        reader = reader_of(request)
        before, after = access.get_version(pk, old, reader), access.get_version(pk, new, reader)
        try:
            texts = [contexts.passages(access.paragraphs_of(one)) for one in (before, after)]
        except FileChanged as changed:
            return refuse_changed(request, after, changed)
        return view(request, Compared(before, after, redline(*texts)))

    return wrapper


@require_safe
@of_two_versions
def changes_detail(request: HttpRequest, found: Compared) -> HttpResponse:
    """The redline of two versions: words marked, paragraphs without a change folded."""
    reader, before, after, changes = reader_of(request), found.old, found.new, found.changes
    numbers, more = contexts.links(changes)
    context = {
        **head(after.document, reader),
        "old": before,
        "new": after,
        "pair": (before, after),
        "summary": summary(changes),
        "stretches": contexts.stretches(changes, before.number),
        "numbers": numbers,
        "more": more,
        "versions": list(access.versions_of(after.document, reader)),
        "why": access.why_visible(after.document, reader),
    }
    return render(request, "documents/changes_detail.html", context)


@require_safe
@of_two_versions
def changes_file(request: HttpRequest, found: Compared) -> HttpResponse:
    """The new version as a Word document with tracked changes; one row in the access log. The library for such
    files is loaded with the first of them."""
    from documents.tracked import MEDIA_TYPE, tracked

    reader, host = reader_of(request), forum()
    document, old, new = found.new.document, found.old.number, found.new.number
    content = tracked(
        found.changes,
        title=document.title,
        head=f"{document.symbol}, version {new} with the changes since version {old}",
        foot=f"{host.secretariat}, {host.secretariat_place}",
        author=host.secretariat,
        at=found.new.released_at or found.new.created_at,
    )
    if reader.user is not None:
        record_access(reader.user, kind="changes_file", ref=str(found.new.pk))
    return to_save(content, MEDIA_TYPE, f"{document.symbol.replace('/', '-')}-changes-{old}-{new}.docx")
