"""What changed between two versions of a document that the reader may both read."""

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


@require_safe
def changes_detail(request: HttpRequest, pk: int, old: int, new: int) -> HttpResponse:
    """The redline of two versions: words marked, paragraphs without a change folded."""
    reader = reader_of(request)
    before, after = pair(request, pk, old, new)
    try:
        changes = _changes(before, after)
    except FileChanged as changed:
        return refuse_changed(request, after, changed)
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
def changes_file(request: HttpRequest, pk: int, old: int, new: int) -> HttpResponse:
    """The new version as a Word document with tracked changes; one row in the access log. The library for such
    files is loaded with the first of them."""
    from documents.tracked import MEDIA_TYPE, tracked

    reader = reader_of(request)
    before, after = pair(request, pk, old, new)
    try:
        changes = _changes(before, after)
    except FileChanged as changed:
        return refuse_changed(request, after, changed)
    host = forum()
    document = after.document
    content = tracked(
        changes,
        title=document.title,
        head=f"{document.symbol}, version {new} with the changes since version {old}",
        foot=f"{host.secretariat}, {host.secretariat_place}",
        author=host.secretariat,
        at=after.released_at or after.created_at,
    )
    if reader.user is not None:
        record_access(reader.user, kind="changes_file", ref=str(after.pk))
    return to_save(content, MEDIA_TYPE, f"{document.symbol.replace('/', '-')}-changes-{old}-{new}.docx")


def _changes(before: Version, after: Version) -> list[Change]:
    """Of the texts as they were filed. Raises FileChanged."""
    old, new = (contexts.passages(access.paragraphs_of(one)) for one in (before, after))
    return redline(old, new)


def pair(request: HttpRequest, pk: int, old: int, new: int) -> tuple[Version, Version]:
    """Both versions, the earlier first; 404 when the reader may not read one of them, or they are not in this order."""
    if old >= new:
        raise Http404
    reader = reader_of(request)
    return access.get_version(pk, old, reader), access.get_version(pk, new, reader)
