"""The sessions of a meeting: added, changed, removed, kept in the order of their times."""

import datetime as dt
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from audit.services import done, once, record_audit
from meetings import rules, session_rules
from meetings.enums import SUBJECT, MeetingState, Verb
from meetings.models import Meeting, Session
from meetings.services.steps import lock_meeting
from members.access import forum
from members.models import User
from members.rules import NotAllowed
from members.services.holding import require_staff

SAVED, REMOVED = "session.saved", "session.removed"
FAR = 1000
"""Added to places while they are counted anew, since no two are ever the same."""


@dataclass(frozen=True)
class SessionPlan:
    """A session as typed, on the clock of the meeting."""

    title: str
    day: dt.date
    starts: dt.time
    ends: dt.time


@transaction.atomic(durable=True)
def save_session(slug: str, plan: SessionPlan, *, pk: int | None = None, actor: User, key: uuid.UUID) -> Session:
    """Add a session, or change one (`pk`). Sessions with a time stand in the order of their starts, those without
    before them. One audit row. Raises NotAllowed: over or called off, a day that is none of the meeting's, an end
    before the start, a session that is gone, the officer's post ended."""
    if found := once(key, actor=actor, action=SAVED):
        return Session.objects.get(pk=int(found))
    meeting = lock_meeting(slug)
    require_staff(actor)
    rules.require(Verb.SET_SESSIONS, MeetingState(meeting.state))
    zone = ZoneInfo(meeting.time_zone or forum().time_zone)
    starts, ends = (dt.datetime.combine(plan.day, time, zone) for time in (plan.starts, plan.ends))
    others = meeting.sessions.exclude(pk=pk or 0)
    session_rules.check_session(
        plan.day,
        starts,
        ends,
        first=meeting.earliest_on,
        last=meeting.latest_on,
        others=len(others),
        sits_on=meeting.sits_on or (),
    )
    session = _found(meeting, pk) if pk else Session(meeting=meeting, position=FAR * 2)
    session.title, session.starts_at, session.ends_at = plan.title, starts, ends
    session.save()
    _order(meeting)
    detail = {"session": session.pk, "title": session.title, "from": starts.isoformat(), "to": ends.isoformat()}
    record_audit(SAVED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=SAVED, result_ref=str(session.pk))
    return session


@transaction.atomic(durable=True)
def remove_session(slug: str, pk: int, *, actor: User, key: uuid.UUID) -> None:
    """Remove a session at which nobody is marked. One audit row. Raises NotAllowed: attendance is on record, the only
    session of a meeting in session, and as above."""
    if once(key, actor=actor, action=REMOVED):
        return
    meeting = lock_meeting(slug)
    require_staff(actor)
    rules.require(Verb.SET_SESSIONS, MeetingState(meeting.state))
    session = _found(meeting, pk)
    if session.attendances.exists():
        raise NotAllowed(f"Attendance is on record for {session}. A session with attendance can not be removed.")
    if meeting.state == MeetingState.IN_SESSION and meeting.sessions.count() == 1:
        raise NotAllowed("A meeting in session has one session at least.")
    title = session.title
    session.delete()
    record_audit(
        REMOVED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail={"session": pk, "title": title}
    )
    done(key, actor=actor, action=REMOVED, result_ref=str(pk))


def _found(meeting: Meeting, pk: int) -> Session:
    found = meeting.sessions.filter(pk=pk).first()
    if found is None:
        raise NotAllowed("This session was removed in the meantime. Nothing was recorded.")
    return found


def _order(meeting: Meeting) -> None:
    rows = list(meeting.sessions.order_by(F("starts_at").asc(nulls_first=True), "position", "pk"))
    meeting.sessions.update(position=F("position") + FAR)
    for place, one in enumerate(rows):
        one.position = place
        one.save(update_fields=["position"])
