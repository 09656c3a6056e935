"""A position that came by note verbale, letter, mail, telephone or from the floor, recorded by the secretariat."""

import datetime as dt
import uuid

from django.db import transaction

from audit.services import done, once
from endorsements import lateness, positions, rules
from endorsements.enums import Means, Mode, PositionKind, State, Timing
from endorsements.models import Circulation, Position
from endorsements.receipts import receipt_digest
from endorsements.rules import NotAllowed
from endorsements.services.reviewing import can_wait, has_successor, wait
from endorsements.services.speaking import (
    Hand,
    Reply,
    Source,
    end_if_over,
    has_seat,
    nobody_else_since,
    state_after,
    write,
)
from endorsements.services.steps import hold_staff, lock_circulation, tell
from endorsements.words import MEANS, REPLIES
from members.clock import clock
from members.directory import addressees_of
from members.enums import STAFF
from members.models import Participant, User
from members.services.holding import hold_office
from notifications.enums import Kind

ACTION = "position.recorded_otherwise"


@transaction.atomic(durable=True)
def record_otherwise(
    ref: str,
    reply: Reply,
    source: Source,
    *,
    participant: Participant,
    actor: User,
    key: uuid.UUID,
    seen: int | None = None,
) -> Position:
    """Record what `participant` said by another way than the portal. `actor` is an officer or manager.

    Locks the circulation, then the officer's post, and only then reads the clock. Received and recorded before the
    deadline it counts as any reply, from when it was received. Received before and recorded after, it makes the
    circulation wait for the co-chair, also from an ending, unless the participant itself said something later; received
    later, it is kept and marked late. Effects: the position with both times, its entry (means, moment, SHA-256 of the
    evidence), everyone of the participant told, then the break or the waiting. Raises NotAllowed, with nothing changed:
    not open, withdrawn, the post ended, no seat, received before the opening or in the future, no evidence, a reason or
    proposal missing, another reply meanwhile.
    """
    if result := once(key, actor=actor, action=ACTION):
        return Position.objects.select_related("register_entry").get(pk=result)
    circulation = lock_circulation(ref)
    hold_staff(actor, "Nothing was recorded.")
    appointment = hold_office(actor, *STAFF)
    now = clock()
    lateness.takes_replies(State(circulation.state))
    has_seat(circulation, participant)
    lateness.check_received(source.received_at, opened_at=circulation.opened_at, now=now)
    lateness.check_evidence(source.evidence)
    rules.check_reply(reply.kind, reply.text, no_reason_given=reply.no_reason_given, mode=Mode(circulation.mode))
    nobody_else_since(circulation, participant, seen)
    if appointment is None:
        raise NotAllowed("Your post in the secretariat has ended. Nothing was recorded.")
    timing = _timing(circulation, source, now)
    position = write(circulation, reply, Hand(actor, appointment, participant), timing, now, source)
    _tell(circulation, position)
    if timing is Timing.RECORDED_AFTER and can_wait(circulation) and position in positions.doubtful(circulation):
        wait(circulation, at=now)
    elif timing is Timing.IN_TIME:
        end_if_over(circulation, state_after(circulation), now)
    done(key, actor=actor, action=ACTION, result_ref=str(position.pk))
    return position


def _timing(circulation: Circulation, source: Source, now: dt.datetime) -> Timing:
    return lateness.timing_of_record(
        State(circulation.state),
        circulation.window,
        now,
        received_at=source.received_at,
        ended_at=circulation.ended_at,
        has_successor=has_successor(circulation),
    )


def _tell(circulation: Circulation, position: Position) -> None:
    """Everyone of the participant, its official addresses too: whoever sees that it is not right can say so."""
    entry = position.register_entry
    context = {
        "participant_name": position.on_behalf_of.short_name,
        "position_words": REPLIES[PositionKind(position.kind)][1],
        "means": MEANS[Means(position.means)].lower(),
        "received_at": position.received_at,
        "recorded_at": position.recorded_at,
        "is_late": position.timing == Timing.LATE,
        "is_recorded_after": position.timing == Timing.RECORDED_AFTER,
        "contest_by": circulation.expires_at if position.recorded_at < circulation.expires_at else None,
        "receipt_digest": receipt_digest(entry.content),
        "register_head": entry.head,
    }
    told = addressees_of([position.on_behalf_of_id])
    event = f"{Kind.POSITION_OTHERWISE.value}:{position.pk}"
    tell(Kind.POSITION_OTHERWISE, circulation, told, context, event=event)
