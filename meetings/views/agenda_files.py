"""Files of an agenda: PDF and Word document, annotated for the chairs, and the calendar file of the meeting."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from audit.files import to_save
from audit.services import record_access
from documents.gate import MEDIA_TYPES, WORD
from meetings import access
from meetings.agendas import agenda_page
from meetings.calendar_file import calendar_file, first_known
from meetings.files.agenda import agenda_file, as_docx, as_pdf
from meetings.views.public import shared
from members.access import forum
from members.clock import clock

MAKERS = {"pdf": (as_pdf, "application/pdf"), "docx": (as_docx, MEDIA_TYPES[WORD])}


@require_safe
def agenda_file_save(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The agenda as delegates read it, for who reads it."""
    return _file(request, slug, form, is_annotated=False)


@require_safe
def agenda_annotated_save(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The same with the notes for the chairs: for the secretariat and the co-chairs. Logged."""
    return _file(request, slug, form, is_annotated=True)


def _file(request: HttpRequest, slug: str, form: str, *, is_annotated: bool) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    meeting, agenda, reach = access.get_agenda(reader, slug)
    if form not in MAKERS or (is_annotated and not reach.notes):
        raise Http404
    make, media_type = MAKERS[form]
    page = agenda_page(meeting, agenda, reader, forum(), is_desk=False, notes=is_annotated)
    name = "annotated-agenda" if is_annotated else "agenda"
    record_access(access.user_of(reader), kind=name, ref=f"{meeting.slug}/{form}")
    return to_save(make(agenda_file(page, clock())), media_type, f"{name}-{slug}.{form}")


@login_not_required
@require_safe
def meeting_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The days of a meeting for a calendar; with the sittings for readers of its agenda. 404 while no day is known."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.get_meeting(reader, slug)
    if first_known(meeting) is None:
        raise Http404
    its_forum, agenda, days = forum(), None, []
    if reader.is_signed_in and access.reads_published_agenda(reader, meeting):
        agenda = access.agenda_of(meeting)
        days = agenda_page(meeting, agenda, reader, its_forum, is_desk=False, notes=False)["days"]
    made = calendar_file(meeting, its_forum, base_url=settings.BASE_URL, now=clock(), agenda=agenda, days=days)
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{slug}.ics") or "attachment"
    if not reader.is_signed_in:
        return shared(request, response)
    response["Cache-Control"] = "private, no-store"
    return response
