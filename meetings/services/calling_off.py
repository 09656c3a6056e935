"""A meeting is postponed or cancelled: a deed with a reason; everyone who was invited is told."""

import datetime as dt
import uuid

from django.db import transaction
from django.urls import reverse

from audit.services import done, once, record_audit
from meetings import rules
from meetings.days import meeting_days
from meetings.enums import PAPER, SUBJECT, MeetingState, Verb
from meetings.models import Meeting, MeetingInvitation
from meetings.services.steps import everyone_invited, lock_meeting, record_round, tell
from members.clock import clock
from members.directory import today
from members.models import User
from members.services.holding import require_staff
from notifications.enums import Kind
from notifications.services import settle

POSTPONED, CANCELLED = "meeting.postponed", "meeting.cancelled"


@transaction.atomic(durable=True)
def postpone_meeting(
    slug: str,
    *,
    reason: str,
    first_day: dt.date | None = None,
    last_day: dt.date | None = None,
    actor: User,
    key: uuid.UUID,
) -> Meeting:
    """Postpone a meeting that is ahead, to new days where they are known; an invitation may follow anew.

    Takes the lock that answers take: an answer comes before or is refused. Effects in order: state, reason, days; what
    asked for an answer or a paper settled, no reminder any more; one audit row; everyone invited told, one audit row of
    that round. Raises NotAllowed: not ahead, no reason, days that are not ahead, the officer's post ended.
    """
    if once(key, actor=actor, action=POSTPONED):
        return Meeting.objects.get(slug=slug)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    after = rules.require(Verb.POSTPONE, MeetingState(meeting.state))
    rules.check_reason(reason)
    rules.check_new_days(first_day, last_day, today=today())
    before = meeting.starts_on.isoformat() if meeting.starts_on else meeting.planned_text
    _move(meeting, first_day, last_day or first_day)
    _call_off(meeting, after, reason, now)
    detail = {"from": before, "to": first_day.isoformat() if first_day else ""}
    record_audit(POSTPONED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    _tell(Kind.MEETING_POSTPONED, meeting, {"has_new_days": first_day is not None}, actor, now)
    done(key, actor=actor, action=POSTPONED, result_ref=slug)
    return meeting


@transaction.atomic(durable=True)
def cancel_meeting(slug: str, *, reason: str, actor: User, key: uuid.UUID) -> Meeting:
    """Cancel a meeting that is ahead. Effects and refusals as of a postponement; it cannot be taken back."""
    if once(key, actor=actor, action=CANCELLED):
        return Meeting.objects.get(slug=slug)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    after = rules.require(Verb.CANCEL, MeetingState(meeting.state))
    rules.check_reason(reason)
    _call_off(meeting, after, reason, now)
    record_audit(CANCELLED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title)
    _tell(Kind.MEETING_CANCELLED, meeting, {}, actor, now)
    done(key, actor=actor, action=CANCELLED, result_ref=slug)
    return meeting


def _move(meeting: Meeting, first: dt.date | None, last: dt.date | None) -> None:
    """The days that no longer hold become what was planned; without new ones the meeting has no day."""
    if meeting.starts_on and not (first and meeting.planned_text):
        row = {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "sits_on")}
        meeting.planned_text = meeting_days(row)[:120]
    meeting.starts_on, meeting.ends_on, meeting.sits_on = first, last, []
    if first and last:
        meeting.earliest_on, meeting.latest_on = first, last


def _call_off(meeting: Meeting, state: MeetingState, reason: str, now: dt.datetime) -> None:
    meeting.state, meeting.called_off_reason, meeting.called_off_at = state.value, reason.strip(), now
    meeting.version += 1
    meeting.save()
    settle(SUBJECT, meeting.slug)
    open_papers = list(meeting.paper_requests.filter(received_at__isnull=True).order_by("pk"))
    for request in open_papers:
        settle(PAPER, str(request.pk))
    meeting.paper_requests.filter(pk__in=[one.pk for one in open_papers]).update(remind_at=None)
    # A draft whose approval was asked is void: it names days that no longer hold.
    MeetingInvitation.objects.filter(meeting=meeting).update(remind_at=None, asked_at=None)


def _tell(kind: Kind, meeting: Meeting, context: dict[str, object], actor: User, now: dt.datetime) -> None:
    """Nobody, where the invitation never went out."""
    to = everyone_invited(meeting)
    if not to:
        return
    notices = tell(
        kind,
        meeting,
        to,
        {**context, "reason": meeting.called_off_reason},
        event=f"{kind.value}:{meeting.pk}:{now.timestamp():.6f}",
        path=reverse("meetings:delegation-own", args=[meeting.slug]),
    )
    record_round(meeting, notices, kind, at=now, actor=actor)
