"""The list of participants: the page, its files, and how it becomes final."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from audit.files import to_save
from audit.services import record_access
from documents.gate import MEDIA_TYPES, WORD
from meetings import access, services
from meetings.files.participants import as_docx, as_pdf, as_xlsx, listed
from meetings.forms import FreezeForm, ReopenForm
from meetings.lists import groups_now, list_page, standing_list
from meetings.models import Meeting
from members.access import forum_and_clock
from members.rules import NotAllowed

MAKERS = {
    "pdf": (as_pdf, "application/pdf"),
    "docx": (as_docx, MEDIA_TYPES[WORD]),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@sensitive_variables()
@require_safe
def participant_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who comes: provisional, or as it was frozen."""
    meeting = access.meeting_for_staff(request.reader, slug)  # type: ignore[attr-defined]
    return _page(request, meeting, ReopenForm())


@sensitive_variables()
@require_safe
def participant_list_file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The same as PDF, Word document or workbook. Logged."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    if form not in MAKERS:
        raise Http404
    make, media_type = MAKERS[form]
    final = standing_list(meeting)
    data = listed(meeting, final.groups if final else groups_now(meeting), final, *forum_and_clock())
    record_access(access.user_of(reader), kind="participants", ref=f"{meeting.slug}/{form}")
    return to_save(make(data), media_type, f"participants-{slug}.{form}")


@require_POST
def participant_list_freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the list final."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    form = FreezeForm(request.POST)
    if form.is_valid():
        try:
            services.freeze_list(slug, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "The list is final. What changes in delegations does not change it.")
            return redirect("meetings:participant-list", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _page(request, meeting, ReopenForm(), form)


@require_POST
def participant_list_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the final list back, with a reason."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    form = ReopenForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.reopen_list(slug, reason=data["reason"], actor=access.user_of(reader), key=data["key"])
            messages.success(request, "The list is provisional again.")
            return redirect("meetings:participant-list", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _page(request, meeting, form)


def _page(request: HttpRequest, meeting: Meeting, reopen: ReopenForm, freeze: FreezeForm | None = None) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    context = list_page(meeting, access.invitation_of(reader, meeting), reader, *forum_and_clock())
    extra = {
        "reopen": reopen,
        "freeze": freeze or FreezeForm(),
        "can_freeze": access.can_freeze(reader, meeting) and context["people"] > 0,
    }
    return render(request, "meetings/participant_list.html", {**context, **extra})
