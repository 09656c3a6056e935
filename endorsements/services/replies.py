"""The reply of a participant: a new row each time, never an update; the latest in the window counts."""

import uuid

from django.db import transaction

from audit.services import done, once
from endorsements import lateness, rules
from endorsements.enums import Mode, PositionKind, State, Timing
from endorsements.models import Circulation, Position
from endorsements.receipts import receipt_digest
from endorsements.rules import NotAllowed
from endorsements.services.speaking import (
    Hand,
    Reply,
    end_if_over,
    has_seat,
    nobody_else_since,
    state_after,
    write,
)
from endorsements.services.steps import lock_circulation, tell
from endorsements.words import REPLIES
from members.clock import clock
from members.directory import addressees_of, co_chair_addressees, staff_addressees
from members.enums import Role
from members.models import Appointment, Participant, User
from members.services.holding import hold_speaker, is_in_office
from notifications.enums import Kind

RECORDED = "position.recorded"


@transaction.atomic(durable=True)
def record_position(
    ref: str, reply: Reply, *, participant: Participant, actor: User, key: uuid.UUID, seen: int | None = None
) -> Position:
    """Record what `participant` says, typed by `actor`.

    Locks the circulation, then the actor's appointment, and only then reads the clock: that reading is the stamp, and
    the window is [opened, expiry). Later, or after the ending, the reply is kept, marked late, and changes nothing.
    Effects: the position, its entry in the register, a receipt to focal point and alternate, officers told when more
    time is asked, officers and co-chairs when it is late; silence broken at once where the terms say so. Raises
    NotAllowed, with nothing changed: not open, withdrawn, appointment ended, not eligible, a reason or proposal
    missing, another reply of the participant since the one with the key `seen`.
    """
    if result := once(key, actor=actor, action=RECORDED):
        return Position.objects.select_related("register_entry").get(pk=result)
    circulation = lock_circulation(ref)
    lateness.takes_replies(State(circulation.state))
    appointment = hold_appointment(actor, participant)
    now = clock()
    if not is_in_office(appointment, now):
        raise NotAllowed(f"Your appointment for {participant} has ended. Your reply was not recorded.")
    timing = lateness.timing_of_reply(State(circulation.state), circulation.window, now)
    has_seat(circulation, participant)
    rules.check_reply(reply.kind, reply.text, no_reason_given=reply.no_reason_given, mode=Mode(circulation.mode))
    nobody_else_since(circulation, participant, seen)
    position = write(circulation, reply, Hand(actor, appointment, participant), timing, now)
    after = state_after(circulation) if timing is Timing.IN_TIME else State(circulation.state)
    tell_recorded(circulation, position, ends_it=after != circulation.state)
    end_if_over(circulation, after, now)
    done(key, actor=actor, action=RECORDED, result_ref=str(position.pk))
    return position


def hold_appointment(actor: User, participant: Participant) -> Appointment:
    """The appointment by which the actor speaks for the participant, held FOR SHARE: ending it waits for this deed, or
    this deed waits for it. Inside a transaction. Raises NotAllowed when there is none."""
    appointment = hold_speaker(actor, participant)
    if appointment is None:
        raise NotAllowed(f"You do not speak for {participant}. Your reply was not recorded.")
    return appointment


def tell_recorded(circulation: Circulation, position: Position, *, ends_it: bool) -> None:
    """Receipts to those who speak for the participant; the officers, when more time is asked; officers and co-chairs,
    when it came late. Inside a transaction."""
    entry, participant = position.register_entry, position.on_behalf_of
    context = {
        "participant_name": participant.short_name,
        "position_words": REPLIES[PositionKind(position.kind)][1],
        "recorded_at": position.recorded_at,
        "until_on": position.until_on,
        "ends_it": ends_it,
        "is_late": position.timing == Timing.LATE,
        "receipt_digest": receipt_digest(entry.content),
        "register_head": entry.head,
    }
    speakers = [one for one in addressees_of([participant.pk]) if one.may_reply]
    tell(Kind.POSITION_RECORDED, circulation, speakers, context, event=f"{Kind.POSITION_RECORDED.value}:{position.pk}")
    if position.timing == Timing.LATE:
        chairs = [*staff_addressees(Role.OFFICER), *co_chair_addressees(circulation.body)]
        tell(Kind.POSITION_LATE, circulation, chairs, context, event=f"{Kind.POSITION_LATE.value}:{position.pk}")
    elif position.kind == PositionKind.MORE_TIME:
        officers = staff_addressees(Role.OFFICER)
        event = f"{Kind.TIME_REQUESTED.value}:{position.pk}"
        tell(Kind.TIME_REQUESTED, circulation, officers, context, event=event)
