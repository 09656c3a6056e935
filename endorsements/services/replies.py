"""The reply of a participant: a new row each time, never an update; the latest in the window counts."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from audit.services import done, once
from endorsements import endings, positions, register, rules
from endorsements.chain import digest, in_utc
from endorsements.enums import Act, Mode, PositionKind, State
from endorsements.models import Circulation, Eligible, Position
from endorsements.receipts import receipt_digest
from endorsements.rules import NotAllowed
from endorsements.services.steps import lock_circulation, settle, tell
from endorsements.words import REPLIES
from members.clock import clock
from members.directory import addressees_of, staff_addressees
from members.enums import Role
from members.models import Appointment, Participant, User
from members.services.holding import hold_speaker, is_in_office
from notifications import services as notifications
from notifications.enums import Kind


@dataclass(frozen=True)
class Reply:
    """What is said: the kind, the words that go with it, and for more time the day asked for."""

    kind: PositionKind
    text: str = ""
    no_reason_given: bool = False
    until_on: dt.date | None = None


@transaction.atomic(durable=True)
def record_position(ref: str, reply: Reply, *, participant: Participant, actor: User, key: uuid.UUID) -> Position:
    """Record what `participant` says, typed by `actor`.

    Locks the circulation, then the actor's appointment, and only then reads the clock: that reading is the stamp, and
    the window is [opened, expiry). Effects: the position, its entry in the register, a receipt to focal point and
    alternate, officers told when more time is asked; silence broken at once where the terms say so. Raises NotAllowed,
    with nothing changed: outside the window, appointment ended, not eligible, a reason or proposal missing.
    """
    if result := once(key, actor=actor, action="position.recorded"):
        return Position.objects.select_related("register_entry").get(pk=result)
    circulation = lock_circulation(ref)
    appointment = hold_appointment(actor, participant)
    now = clock()
    _check(circulation, reply, participant, appointment, now)
    others = [one for pk, one in positions.standing(circulation).items() if pk != participant.pk]
    kinds = [*(PositionKind(one.kind) for one in others), reply.kind]
    after = endings.after_position(kinds, circulation.terms, eligible=positions.counting(circulation))
    position = _write(circulation, reply, participant, appointment, actor, now)
    notifications.settle(positions.SUBJECT, circulation.ref, participant_code=participant.code)
    _tell(circulation, position, participant, ends_it=after != State.OPEN)
    if after != State.OPEN:
        settle(circulation, after, at=now)
    done(key, actor=actor, action="position.recorded", result_ref=str(position.pk))
    return position


def hold_appointment(actor: User, participant: Participant) -> Appointment:
    """The appointment by which the actor speaks for the participant, held FOR SHARE: ending it waits for this deed, or
    this deed waits for it. Inside a transaction. Raises NotAllowed when there is none."""
    appointment = hold_speaker(actor, participant)
    if appointment is None:
        raise NotAllowed(f"You do not speak for {participant}. Your reply was not recorded.")
    return appointment


def _check(
    circulation: Circulation, reply: Reply, participant: Participant, appointment: Appointment, now: dt.datetime
) -> None:
    if not is_in_office(appointment, now):
        raise NotAllowed(f"Your appointment for {participant} has ended. Your reply was not recorded.")
    state = State(circulation.state)
    if state == State.DRAFT:
        rules.require(rules.Verb.RECORD_POSITION, state)
    rules.record_position(state, circulation.window, now)
    if not Eligible.objects.filter(circulation=circulation, participant=participant, counts=True).exists():
        raise NotAllowed(f"{participant} reads this draft but does not reply to it.")
    mode = Mode(circulation.mode)
    rules.check_reply(reply.kind, reply.text, no_reason_given=reply.no_reason_given, mode=mode)


def _write(
    circulation: Circulation,
    reply: Reply,
    participant: Participant,
    appointment: Appointment,
    actor: User,
    now: dt.datetime,
) -> Position:
    facts = {
        "kind": reply.kind.value,
        "text_sha256": digest(reply.text) if reply.text else "",
        "no_reason_given": reply.no_reason_given,
        "until": reply.until_on.isoformat() if reply.until_on else "",
        "expires_at": in_utc(circulation.expires_at),
    }
    entry = register.append(
        Act.POSITION,
        circulation,
        at=now,
        actor=actor,
        appointment=appointment,
        participant_code=participant.code,
        facts=facts,
    )
    return Position.objects.create(
        circulation=circulation,
        on_behalf_of=participant,
        actor=actor,
        appointment=appointment,
        kind=reply.kind.value,
        text=reply.text,
        no_reason_given=reply.no_reason_given,
        until_on=reply.until_on,
        recorded_at=now,
        register_entry=entry,
    )


def _tell(circulation: Circulation, position: Position, participant: Participant, *, ends_it: bool) -> None:
    """Receipts to those who speak for the participant; the officers, when more time is asked."""
    entry = position.register_entry
    context = {
        "participant_name": participant.short_name,
        "position_words": REPLIES[PositionKind(position.kind)][1],
        "recorded_at": position.recorded_at,
        "until_on": position.until_on,
        "ends_it": ends_it,
        "receipt_digest": receipt_digest(entry.content),
        "register_head": entry.head,
    }
    speakers = [one for one in addressees_of([participant.pk]) if one.may_reply]
    tell(Kind.POSITION_RECORDED, circulation, speakers, context, event=f"{Kind.POSITION_RECORDED.value}:{position.pk}")
    if position.kind == PositionKind.MORE_TIME:
        officers = staff_addressees(Role.OFFICER)
        event = f"{Kind.TIME_REQUESTED.value}:{position.pk}"
        tell(Kind.TIME_REQUESTED, circulation, officers, context, event=event)
