"""Pages of documents."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from audit.services import record_access
from documents import access
from documents.download import attachment
from documents.enums import DocumentState
from documents.files import FileChanged
from documents.forms import DocumentUploadForm, FileForm, VersionConfirmForm, VersionUploadForm
from documents.models import Document, Version
from documents.refusal import Refused
from documents.rules import NotAllowed
from documents.services import confirm_version, upload_draft, upload_version
from members.access import Reader

PER_PAGE = 50
CHIPS = {
    DocumentState.DRAFTING.value: ("s-draft", "Draft"),
    DocumentState.CIRCULATED.value: ("s-open", "Circulated"),
    DocumentState.ENDORSED.value: ("s-endorsed", "Endorsed"),
    DocumentState.PUBLISHED.value: ("s-endorsed", "Published"),
    DocumentState.SUPERSEDED.value: ("s-closed", "Superseded"),
}


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Published documents need no account. Who is not signed in and finds nothing is asked to sign in, in any case."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())

    return login_not_required(wrapper)


def reader_of(request: HttpRequest) -> Reader:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """All documents, latest first; for staff."""
    reader = reader_of(request)
    if not access.can_upload(reader):
        raise Http404
    page = Paginator(access.listed(reader), PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.chip = CHIPS[row.state]  # type: ignore[attr-defined]
    return render(request, "documents/document_list.html", {"page": page})


def document_upload(request: HttpRequest) -> HttpResponse:
    """A draft comes in as version 1 of a new document."""
    reader = reader_of(request)
    if not access.can_upload(reader) or reader.user is None:
        raise Http404
    form = DocumentUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        names = ("symbol", "title", "kind", "body", "file", "key")
        try:
            version = upload_draft(**{name: data[name] for name in names}, actor=reader.user)
        except Refused as refused:
            form.add_refusal(refused)
        else:
            messages.success(
                request, f"{version.document.symbol} was uploaded. Read it through before it is circulated."
            )
            return redirect(version)
    return _form_page(request, "documents/document_upload.html", form, {})


def version_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version of a document."""
    reader = reader_of(request)
    document = access.get_document(pk, reader)
    if not access.can_upload_version(document, reader) or reader.user is None:
        raise PermissionDenied(f"{document.symbol} takes no new version from you.")
    form = VersionUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            version = upload_version(document=document, file=data["file"], actor=reader.user, key=data["key"])
        except Refused as refused:
            form.add_refusal(refused)
        except NotAllowed as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(
                request, f"Version {version.number} was uploaded. Read it through before it is circulated."
            )
            return redirect(version)
    return _form_page(request, "documents/version_upload.html", form, {"document": document})


def _form_page(request: HttpRequest, template: str, form: FileForm, context: dict[str, Any]) -> HttpResponse:
    if form.is_bound:
        form.say_again()
        form.mark_invalid()
    return render(request, template, {**context, "form": form})


@open_to_all
@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the document is, who may see it, its versions."""
    reader = reader_of(request)
    document = access.get_document(pk, reader)
    versions = list(access.versions_of(document, reader))
    for at, version in enumerate(versions, start=1):
        version.document = document
        version.before = versions[at].number if at < len(versions) else None  # type: ignore[attr-defined]
        version.hash_lines = _hash_lines(version.file_sha256)  # type: ignore[attr-defined]
    context = {
        **head(document, reader),
        "versions": versions,
        "can_upload_version": access.can_upload_version(document, reader),
        "why": access.why_visible(document, reader),
    }
    return render(request, "documents/document_detail.html", context)


@open_to_all
@require_safe
def version_detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The numbered paragraphs of a version; refused when file or text are no longer those that were filed."""
    reader = reader_of(request)
    version = access.get_version(pk, number, reader)
    return _version_page(request, version, VersionConfirmForm())


@require_POST
def version_confirm(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An officer confirms that what could not be carried over was read."""
    reader = reader_of(request)
    version = access.get_version(pk, number, reader)
    if not access.can_upload(reader) or reader.user is None:
        raise PermissionDenied
    form = VersionConfirmForm(request.POST)
    if not form.is_valid():
        return _version_page(request, version, form)
    try:
        confirm_version(version, actor=reader.user, key=form.cleaned_data["key"])
        messages.success(request, f"Version {version.number} is confirmed.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(version)


def _version_page(request: HttpRequest, version: Version, form: VersionConfirmForm) -> HttpResponse:
    reader = reader_of(request)
    try:
        access.check_file(version)
        paragraphs = access.paragraphs_of(version)
    except FileChanged as changed:
        return refuse_changed(request, version, changed)
    context = {
        **head(version.document, reader),
        "version": version,
        "paragraphs": paragraphs,
        "count": sum(one.number is not None for one in paragraphs),
        "left_out": version.left_out if reader.is_staff else [],
        "must_confirm": reader.is_staff and access.must_confirm(version),
        "form": form,
        "prepare_url": _prepare_url(version) if access.can_prepare_circulation(version, reader) else "",
        "can_upload_version": access.can_upload_version(version.document, reader),
        "why": access.why_visible(version.document, reader),
    }
    return render(request, "documents/version_detail.html", context)


@open_to_all
@require_safe
def version_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The file as it was uploaded; one row in the access log."""
    reader = reader_of(request)
    version = access.get_version(pk, number, reader)
    try:
        response = attachment(version)
    except FileChanged as changed:
        return refuse_changed(request, version, changed)
    if reader.user is not None:
        record_access(reader.user, kind="version_file", ref=str(version.pk))
    return response


def refuse_changed(request: HttpRequest, version: Version, changed: FileChanged) -> HttpResponse:
    context = {**head(version.document, reader_of(request)), "version": version, "changed": changed}
    return render(request, "documents/version_changed.html", context, status=409)


def _hash_lines(sha256: str) -> list[str]:
    """Four lines of sixteen digits: narrow enough for a table."""
    return [f"{sha256[at : at + 8]} {sha256[at + 8 : at + 16]}" for at in range(0, 64, 16)]


def head(document: Document, reader: Reader) -> dict[str, Any]:
    return {"document": document, "chip_of_state": CHIPS[document.state], "readers": access.readers_of(document)}


def _prepare_url(version: Version) -> str:
    """The page of the app above that circulates a version; empty where that app is not installed."""
    try:
        return f"{reverse('endorsements:circulation-prepare')}?version={version.pk}"
    except NoReverseMatch:
        return ""
