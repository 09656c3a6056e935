"""Badges and name plates as files for the printer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from audit.files import to_save
from audit.services import record_access
from meetings import access
from meetings.files.sheets import badges, people_of, plates
from members.access import forum

MAKERS = {"badges": badges, "plates": plates}


@sensitive_variables()
@require_safe
def meeting_sheet(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """One kind of sheet for everyone who is named. Logged."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    if kind not in MAKERS:
        raise Http404
    made = MAKERS[kind](meeting, people_of(meeting), forum())
    record_access(access.user_of(reader), kind="sheet", ref=f"{meeting.slug}/{kind}")
    return to_save(made, "application/pdf", f"{kind}-{slug}.pdf")
