"""Who may see a document and its versions, and why. The only door of this app: 404 if unseen.

Staff see all. A document that was published for the public is seen by everyone in its latest released version. Readers
of a circulation come in by the circulation's own door (endorsements.access), which uses `paragraphs_of`.
"""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from documents import files
from documents.enums import Audience, DocumentState
from documents.models import Document, Paragraph, Version
from documents.paragraphs import text_sha256
from documents.rules import needs_confirmation, takes_versions
from members.access import Reader


def visible_to(reader: Reader) -> QuerySet[Document]:
    """Documents of which the reader may open the page."""
    if reader.is_staff:
        return Document.objects.all()
    return Document.objects.filter(
        audience=Audience.PUBLIC.value, state=DocumentState.PUBLISHED.value, versions__released_at__isnull=False
    ).distinct()


def versions_of(document: Document, reader: Reader) -> QuerySet[Version]:
    """Versions of a visible document that the reader may read, latest first."""
    versions = document.versions.order_by("-number")
    if reader.is_staff:
        return versions
    latest = versions.filter(released_at__isnull=False).values("pk")[:1]
    return versions.filter(pk__in=latest)


def listed(reader: Reader) -> QuerySet[Document]:
    """Visible documents as the list shows them: with owner, number and day of the latest version."""
    latest = Version.objects.filter(document=OuterRef("pk")).order_by("-number")
    return (
        visible_to(reader)
        .select_related("body")
        .annotate(latest=Subquery(latest.values("number")[:1]), latest_at=Subquery(latest.values("created_at")[:1]))
        .order_by("-latest_at", "-pk")
    )


def get_document(pk: int, reader: Reader) -> Document:
    """The document, or 404."""
    found = visible_to(reader).select_related("body").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_version(pk: int, number: int, reader: Reader) -> Version:
    """A version of a document with its document, or 404."""
    document = get_document(pk, reader)
    found = versions_of(document, reader).filter(number=number).select_related("created_by", "confirmed_by").first()
    if found is None:
        raise Http404
    found.document = document
    return found


def can_upload(reader: Reader) -> bool:
    """Officers prepare; managers may as well."""
    return reader.is_staff


def can_upload_version(document: Document, reader: Reader) -> bool:
    """Whether the reader may add a version, and the document still takes one."""
    return can_upload(reader) and takes_versions(document.state)


def must_confirm(version: Version) -> bool:
    """Whether an officer still has to confirm what was left out before the version can be circulated."""
    return needs_confirmation(version.left_out, is_confirmed=version.confirmed_at is not None)


def can_prepare_circulation(version: Version, reader: Reader) -> bool:
    """Whether the reader is offered to circulate the version: what was left out is confirmed, the document takes it."""
    return can_upload_version(version.document, reader) and not must_confirm(version)


def text_matches(version: Version, paragraphs: Iterable[Paragraph]) -> bool:
    """Whether headings and paragraphs still have the hash under which they were filed."""
    return text_sha256((one.number, one.label, one.text) for one in paragraphs) == version.text_sha256


def paragraphs_of(version: Version) -> list[Paragraph]:
    """Headings and paragraphs in order, checked against the version's hash. Raises FileChanged."""
    found = list(version.paragraphs.all())
    if not text_matches(version, found):
        raise files.FileChanged(version.text_sha256, "no longer gives the text that was filed")
    return found


def check_file(version: Version) -> None:
    """Raises FileChanged unless the filed bytes still have their hash."""
    files.check(version.file_sha256)


def file_of(version: Version) -> bytes:
    """The filed bytes, checked against their hash. Raises FileChanged."""
    return files.read(version.file_sha256)


def readers_of(document: Document) -> str:
    """Who reads it, in the words of the page's head."""
    if document.state == DocumentState.PUBLISHED and document.audience == Audience.PUBLIC:
        return "Public"
    if document.state == DocumentState.DRAFTING:
        return "Secretariat"
    return "Secretariat and those it was circulated to"


def why_visible(document: Document, reader: Reader) -> str:
    """Why this reader sees the document, as a sentence."""
    if document.state == DocumentState.PUBLISHED and document.audience == Audience.PUBLIC:
        return "Everyone may read it: it is published."
    if reader.is_staff and document.state == DocumentState.DRAFTING:
        return "You see it as staff of the secretariat. A draft that was never circulated is seen by nobody else."
    if reader.is_staff:
        return (
            "You see it as staff of the secretariat. Those to whom a version was circulated read that version on the "
            "circulation’s page."
        )
    return "You may not see it."
