"""The roll call: each tick is a change of its own, with who and when. Two officers lose nothing to one another."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from audit.services import done, once, record_audit
from meetings import rules, session_rules
from meetings.enums import SUBJECT, Capacity, Mark, MeetingState, Verb
from meetings.models import Attendance, Delegate, Delegation, Meeting, Session
from members.clock import clock
from members.directory import members_on, observers_on
from members.models import Participant, User
from members.rules import NotAllowed
from members.services.holding import require_staff

MARKED = "attendance.marked"


@dataclass(frozen=True)
class Tick:
    """One line as an officer changed it. `delegate`: None where the participant itself is marked. `was`: what the
    page showed when it was changed."""

    participant: int
    delegate: int | None
    was: Mark
    to: Mark


class TickRefused(NotAllowed):
    """Another person marked the line otherwise; `now` is what stands."""

    def __init__(self, who: str, now: Mark, by: str) -> None:
        said = session_rules.MARK_NAMES[now]
        super().__init__(f"{who} was marked {said} by {by} in the meantime. That stands; look, and change it anew.")
        self.now = now


@transaction.atomic(durable=True)
def mark_attendance(slug: str, session_pk: int, tick: Tick, *, actor: User, key: uuid.UUID) -> Mark:
    """Write one tick, and answer what stands then. Locks the meeting for reading (ticks run side by side, a closing
    waits), then the line, then reads the clock. One audit row, without a name. Sent twice (a dropped connection) it has
    one effect. Raises NotAllowed: not in session, no such session or person, the post ended; TickRefused."""
    if (found := once(key, actor=actor, action=MARKED)) is not None:
        return Mark(found)
    meeting, session = _held(slug, session_pk)
    require_staff(actor)
    now = _write(meeting, session, tick, actor)
    done(key, actor=actor, action=MARKED, result_ref=now.value)
    return now


@transaction.atomic(durable=True)
def mark_attendances(
    slug: str, session_pk: int, ticks: Sequence[Tick], *, actor: User, key: uuid.UUID
) -> list[TickRefused]:
    """The whole form: only the lines that this officer changed are given and written. What another person marked
    otherwise in the meantime stays and is answered; the rest is written. Raises as `mark_attendance`."""
    if once(key, actor=actor, action=MARKED) is not None:
        return []
    meeting, session = _held(slug, session_pk)
    require_staff(actor)
    refused = []
    for tick in sorted(ticks, key=lambda one: (one.participant, one.delegate or 0)):
        try:
            _write(meeting, session, tick, actor)
        except TickRefused as error:
            refused.append(error)
    done(key, actor=actor, action=MARKED, result_ref="")
    return refused


@transaction.atomic(durable=True)
def mark_present(slug: str, session_pk: int, participant: int, delegate: int, *, actor: User, key: uuid.UUID) -> Mark:
    """A badge was shown: its bearer is in the room, whatever stood before. Raises as `mark_attendance`."""
    if (found := once(key, actor=actor, action=MARKED)) is not None:
        return Mark(found)
    meeting, session = _held(slug, session_pk)
    require_staff(actor)
    hold_line(session, Tick(participant, delegate, Mark.NONE, Mark.ROOM))
    row = Attendance.objects.filter(session=session, participant_id=participant, delegate_id=delegate).first()
    was = session_rules.mark_of(row.presence, row.mode) if row else Mark.NONE
    now = _write(meeting, session, Tick(participant, delegate, was, Mark.ROOM), actor)
    done(key, actor=actor, action=MARKED, result_ref=now.value)
    return now


def _held(slug: str, session_pk: int) -> tuple[Meeting, Session]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM meetings_meeting WHERE slug = %s FOR SHARE", [slug])
    meeting = Meeting.objects.get(slug=slug)
    rules.require(Verb.MARK, MeetingState(meeting.state))
    session = meeting.sessions.filter(pk=session_pk).first()
    if session is None:
        raise NotAllowed("This session was removed in the meantime. Nothing was recorded.")
    return meeting, session


def hold_line(session: Session, tick: Tick) -> None:
    """A lock on one line of one session to the end of the transaction, whether its row exists or not."""
    line = f"roll:{session.pk}:{tick.participant}:{tick.delegate or 0}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [line])


def _write(meeting: Meeting, session: Session, tick: Tick, actor: User) -> Mark:
    hold_line(session, tick)
    rows = Attendance.objects.filter(session=session, participant_id=tick.participant)
    of_line = rows.filter(delegate__isnull=True) if tick.delegate is None else rows.filter(delegate_id=tick.delegate)
    found = of_line.select_related("marked_by", "participant").first()
    now = session_rules.mark_of(found.presence, found.mode) if found else Mark.NONE
    try:
        if not session_rules.tick(now, was=tick.was, to=tick.to):
            return now
    except NotAllowed as error:
        if found is None:
            raise
        raise TickRefused(found.participant.short_name, now, str(found.marked_by or "the secretariat")) from error
    presence, mode = session_rules.ROW_OF[tick.to]
    made = found or _line(meeting, session, tick)
    made.presence, made.mode, made.marked_at, made.marked_by = presence.value, mode, clock(), actor
    made.save()
    detail = {
        "session": session.pk,
        "participant": made.participant.code,
        "delegate": tick.delegate,
        "from": now.value,
        "to": tick.to.value,
    }
    record_audit(MARKED, actor=actor, kind=SUBJECT, ref=meeting.slug, label=meeting.title, detail=detail)
    return tick.to


def _line(meeting: Meeting, session: Session, tick: Tick) -> Attendance:
    """A new row, in the capacity of the invitation, else of the standing in the forum on the days of the meeting."""
    if tick.delegate is not None:
        person = Delegate.objects.filter(
            pk=tick.delegate, delegation__meeting=meeting, delegation__participant_id=tick.participant
        ).exists()
        if not person:
            raise NotAllowed("This person is not in the delegation any more. Load the page again.")
    participant = Participant.objects.filter(pk=tick.participant).first()
    if participant is None:
        raise NotAllowed("This participant is not in the directory any more. Load the page again.")
    return Attendance(
        session=session,
        participant=participant,
        delegate_id=tick.delegate,
        capacity=_capacity(meeting, participant).value,
    )


def _capacity(meeting: Meeting, participant: Participant) -> Capacity:
    asked = Delegation.objects.filter(meeting=meeting, participant=participant).values_list("capacity", flat=True)
    if found := asked.first():
        return Capacity(found)
    on = meeting.earliest_on
    if members_on(on).filter(pk=participant.pk).exists():
        return Capacity.MEMBER
    return Capacity.OBSERVER if observers_on(on).filter(pk=participant.pk).exists() else Capacity.GUEST
