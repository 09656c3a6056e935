"""A participant says that a position recorded in its name is not its own; a co-chair takes note of a late one."""

import uuid

from django.db import transaction

from audit.services import done, once
from endorsements import lateness, register
from endorsements.chain import digest
from endorsements.enums import Act, PositionKind, Remark, State, Timing
from endorsements.models import ChairRemark, Circulation, Contest, Position
from endorsements.rules import NotAllowed
from endorsements.services.replies import hold_appointment
from endorsements.services.reviewing import is_touched, wait
from endorsements.services.steps import hold_co_chair, lock_circulation, tell
from endorsements.words import REPLIES
from members.clock import clock
from members.directory import addressees_of, co_chair_addressees, staff_addressees
from members.enums import Role
from members.models import User
from members.services.holding import is_in_office
from notifications.enums import Kind

CONTESTED, NOTED = "position.contested", "position.noted"


@transaction.atomic(durable=True)
def contest_position(ref: str, pk: int, *, reason: str, actor: User, key: uuid.UUID) -> Contest:
    """The focal point or alternate contests what the secretariat recorded in the participant's name.

    Locks the circulation, then the appointment, then reads the clock. From then on the position does not count, until
    the participant's own arrives. Effects: the row, its entry (reason as SHA-256), officers, managers and co-chairs
    told, the participant's people told; an ending that rests on the position goes back to waiting. Raises NotAllowed:
    not recorded by the secretariat, contested or decided already, no reason, the appointment ended, withdrawn.
    """
    if result := once(key, actor=actor, action=CONTESTED):
        return Contest.objects.get(pk=result)
    circulation = lock_circulation(ref)
    position = _position(circulation, pk)
    appointment = hold_appointment(actor, position.on_behalf_of)
    now = clock()
    if not is_in_office(appointment, now):
        raise NotAllowed(f"Your appointment for {position.on_behalf_of} has ended. Nothing was recorded.")
    lateness.contest(
        State(circulation.state),
        is_recorded_otherwise=bool(position.means),
        is_contested=hasattr(position, "contest"),
        is_decided=hasattr(position, "remark"),
        reason=reason,
    )
    said = reason.strip()
    facts = {"position": position.register_entry.head, "reason_sha256": digest(said)}
    code = position.on_behalf_of.code
    entry = register.append(
        Act.CONTESTED, circulation, at=now, actor=actor, appointment=appointment, participant_code=code, facts=facts
    )
    made = Contest.objects.create(
        position=position, reason=said, actor=actor, appointment=appointment, recorded_at=now, register_entry=entry
    )
    _tell_contested(circulation, made)
    if is_touched(circulation):
        wait(circulation, at=now)
    done(key, actor=actor, action=CONTESTED, result_ref=str(made.pk))
    return made


@transaction.atomic(durable=True)
def take_note(ref: str, pk: int, *, note: str, actor: User, key: uuid.UUID) -> ChairRemark:
    """A co-chair takes note of a late reply. It changes no result. Effects: the row, its entry, the participant told.

    Raises NotAllowed: not late, noted already, the actor does not co-chair the body (or the forum) now.
    """
    if result := once(key, actor=actor, action=NOTED):
        return ChairRemark.objects.get(pk=result)
    circulation = lock_circulation(ref)
    position = _position(circulation, pk)
    chair = hold_co_chair(actor, circulation, "Nothing was noted.")
    now = clock()
    lateness.take_note(Timing(position.timing), is_noted=hasattr(position, "remark"))
    said = note.strip()
    facts = {"position": position.register_entry.head, "note_sha256": digest(said) if said else ""}
    code = position.on_behalf_of.code
    entry = register.append(
        Act.NOTED, circulation, at=now, actor=actor, appointment=chair, participant_code=code, facts=facts
    )
    made = ChairRemark.objects.create(
        position=position,
        remark=Remark.NOTED.value,
        note=said,
        actor=actor,
        appointment=chair,
        recorded_at=now,
        register_entry=entry,
    )
    context = {**_said(position), "note": said, "chair": str(chair.participant or "")}
    speakers = [one for one in addressees_of([position.on_behalf_of_id]) if one.may_reply]
    tell(Kind.POSITION_NOTED, circulation, speakers, context, event=f"{Kind.POSITION_NOTED.value}:{position.pk}")
    done(key, actor=actor, action=NOTED, result_ref=str(made.pk))
    return made


def _position(circulation: Circulation, pk: int) -> Position:
    rows = Position.objects.select_related("on_behalf_of", "register_entry", "contest", "remark")
    return rows.get(circulation=circulation, pk=pk)


def _said(position: Position) -> dict[str, object]:
    return {
        "participant_name": position.on_behalf_of.short_name,
        "position_words": REPLIES[PositionKind(position.kind)][1],
        "recorded_at": position.recorded_at,
    }


def _tell_contested(circulation: Circulation, contest: Contest) -> None:
    """Staff and co-chairs, who must know; and the participant's other people, since one of them did it."""
    position = contest.position
    context = {**_said(position), "reason": contest.reason}
    speakers = [one for one in addressees_of([position.on_behalf_of_id]) if one.may_reply]
    told = [*staff_addressees(Role.OFFICER, Role.MANAGER), *co_chair_addressees(circulation.body), *speakers]
    tell(Kind.POSITION_CONTESTED, circulation, told, context, event=f"{Kind.POSITION_CONTESTED.value}:{position.pk}")
