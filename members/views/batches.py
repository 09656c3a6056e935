"""Pages of many invitations at once, for the secretariat: upload, look, send, watch."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.files import to_save
from members import access
from members import invitations as reads
from members.access import Reader
from members.forms.people import BatchUploadForm, InvitationAnswerForm
from members.invitation_files import COLUMNS, as_csv
from members.rules import NotAllowed
from members.services import check_batch, send_batch
from members.views.decisive import decisive

PAGE = 50


def _reader(request: HttpRequest) -> Reader:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Files of invitations, newest first."""
    rows = reads.batches_visible_to(_reader(request)).defer("rows")
    return render(request, "members/batch_list.html", {"page": Paginator(rows, PAGE).get_page(request.GET.get("page"))})


@require_http_methods(["GET", "POST"])
def batch_upload(request: HttpRequest) -> HttpResponse:
    """Look at a file. Nothing is sent by this."""
    actor = access.user_who_changes(_reader(request))
    form = BatchUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            batch = check_batch(data["file"].name, form.rows(), actor=actor, key=data["key"])
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            return redirect("people:batch-detail", batch.pk)
    return render(request, "members/batch_upload.html", {"form": form, "columns": COLUMNS})


@require_safe
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What each row comes to; how far the sending is."""
    context = reads.batch_page(reads.get_batch(_reader(request), pk))
    page = Paginator(context["rows"], PAGE).get_page(request.GET.get("page"))
    return render(request, "members/batch_detail.html", {**context, "page": page, "answer": InvitationAnswerForm()})


@require_POST
@decisive
def batch_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the worker send what has no fault."""
    reader = _reader(request)
    batch = reads.get_batch(reader, pk)
    form = InvitationAnswerForm(request.POST)
    try:
        if form.is_valid():
            send_batch(batch.pk, actor=access.user_of(reader), key=form.cleaned_data["key"])
        else:
            messages.error(request, "This page was out of date. Try once more.")
    except NotAllowed as refused:
        messages.error(request, refused.message)
    return redirect("people:batch-detail", batch.pk)


@require_safe
def batch_faults(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows with a fault as a file, to be corrected and uploaded again."""
    batch = reads.get_batch(_reader(request), pk)
    return to_save(as_csv(reads.faults_of(batch)), "text/csv; charset=utf-8", f"faults-{batch.pk}.csv")
