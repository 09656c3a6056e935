"""Reminding those who have not answered an invitation, and those whose paper has not come.

Found by what is due, each in its own transaction under the meeting's lock: a scheduler that is late, or two of them,
changes nothing (members.reminding).
"""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from meetings import rules
from meetings.enums import PAPER, STILL_AHEAD, SUBJECT, DelegationState, MeetingState, Verb
from meetings.models import Meeting, MeetingInvitation, PaperRequest
from meetings.services.papers import tell_of_paper
from meetings.services.steps import invitation_of, lock_meeting, observers_among, record_round, tell
from members.clock import clock
from members.directory import addressees_of
from members.reminding import Deadline, Round, next_look, round_of
from notifications.enums import Kind
from notifications.services import Addressee


def remind_due() -> int:
    """Remind of every invitation and paper of which anyone is due; how many notices were queued."""
    invitations = MeetingInvitation.objects.filter(
        remind_at__lte=Now(), answer_by__gt=Now(), meeting__state=MeetingState.INVITED.value
    )
    papers = PaperRequest.objects.filter(
        remind_at__lte=Now(), due_at__gt=Now(), meeting__state__in=[one.value for one in STILL_AHEAD]
    )
    slugs = list(invitations.order_by("answer_by").values_list("meeting__slug", flat=True))
    asked = list(papers.order_by("due_at").values_list("meeting__slug", "pk"))
    return sum(remind_of_invitation(slug) for slug in slugs) + sum(remind_of_paper(*one) for one in asked)


@transaction.atomic(durable=True)
def remind_of_invitation(slug: str) -> int:
    """Send the newest reminder that is due to each participant without an answer; how many notices were queued.

    Takes the lock that answers take, then reads the clock: who answered before is not reminded. Effects: notices, one
    audit row of the round when there were any, `remind_at`. Nothing from the registration date on.
    """
    meeting = lock_meeting(slug)
    invitation, now = invitation_of(meeting), clock()
    if invitation is None or not rules.permits(Verb.REMIND, MeetingState(meeting.state)):
        return 0
    if now >= invitation.answer_by or invitation.remind_at is None or invitation.remind_at > now:
        return 0
    deadline = _registration(meeting, invitation)
    found = round_of(to_remind(meeting), deadline, now)
    notices = []
    for hours, to in found.by_hours():
        notices += tell(
            Kind.MEETING_REMINDER,
            meeting,
            to,
            {"answer_by": invitation.answer_by, "is_last": hours == min(meeting.reminder_hours)},
            event=deadline.event(hours),
            path=reverse("meetings:delegation-own", args=[slug]),
            answer_by=invitation.answer_by,
        )
    if notices:
        record_round(meeting, notices, Kind.MEETING_REMINDER, at=now)
    invitation.remind_at = _next(found, deadline, now)
    invitation.save(update_fields=["remind_at"])
    return len(notices)


@transaction.atomic(durable=True)
def remind_of_paper(slug: str, pk: int) -> int:
    """The same for a paper that has not come."""
    meeting = lock_meeting(slug)
    request, now = PaperRequest.objects.select_related("meeting__series__body", "participant").get(pk=pk), clock()
    if request.received_at or meeting.state not in STILL_AHEAD or now >= request.due_at:
        return 0
    if request.remind_at is None or request.remind_at > now:
        return 0
    deadline = _paper(meeting, request)
    found = round_of(_may_act([request.participant_id]), deadline, now)
    count = 0
    for hours, to in found.by_hours():
        is_last = hours == min(meeting.reminder_hours)
        count += tell_of_paper(Kind.PAPER_REMINDER, request, to, event=deadline.event(hours), is_last=is_last)
    request.remind_at = _next(found, deadline, now)
    request.save(update_fields=["remind_at"])
    return count


def to_remind(meeting: Meeting) -> list[Addressee]:
    """Who is asked and has not answered: people who may answer, and official addresses, of participants without one."""
    silent = meeting.delegations.filter(state=DelegationState.INVITED.value)
    invited = list(silent.values_list("participant_id", "capacity"))
    return _may_act([pk for pk, _ in invited], observers_among(invited))


def _may_act(participant_ids: list[int], observers: Collection[int] = ()) -> list[Addressee]:
    told = addressees_of(participant_ids, observers=observers)
    return [one for one in told if one.may_reply or one.user_id is None]


def _registration(meeting: Meeting, invitation: MeetingInvitation) -> Deadline:
    since = f"{Kind.MEETING_REMINDER.value}:{invitation.pk}:{invitation.sent_at:%Y%m%dT%H%M%S}"
    return Deadline(
        (SUBJECT, meeting.slug),
        invitation.sent_at or invitation.answer_by,
        invitation.answer_by,
        meeting.reminder_hours,
        lambda hours: f"{since}:{invitation.answer_by:%Y%m%dT%H%M%S}:{hours}",
    )


def _paper(meeting: Meeting, request: PaperRequest) -> Deadline:
    return Deadline(
        (PAPER, str(request.pk)),
        request.asked_at,
        request.due_at,
        meeting.reminder_hours,
        lambda hours: f"{Kind.PAPER_REMINDER.value}:{request.pk}:{request.due_on:%Y%m%d}:{hours}",
    )


def _next(found: Round, deadline: Deadline, now: dt.datetime) -> dt.datetime | None:
    coming = next_look(deadline.opened_at, deadline.expires_at, deadline.hours, now)
    return min((one for one in (coming, found.waits_until) if one), default=None)
