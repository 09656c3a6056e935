"""The secretariat's page of what participants answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings import access
from meetings.answers import answers_page
from meetings.enums import Verb
from members.access import forum_and_clock


@require_safe
def meeting_answers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who answered, who did not, what came late; filtered by links."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    invitation = access.invitation_of(reader, meeting)
    home, now = forum_and_clock()
    context = answers_page(meeting, invitation, reader, home, now, show=request.GET.get("show", ""))
    context |= {
        "can_prepare": access.can(Verb.PREPARE, reader, meeting),
        "can_postpone": access.can(Verb.POSTPONE, reader, meeting),
        "can_cancel": access.can(Verb.CANCEL, reader, meeting),
    }
    return render(request, "meetings/meeting_answers.html", context)
