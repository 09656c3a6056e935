"""The exits of waiting: a co-chair confirms the result, or opens the same version again with a new clock."""

import datetime as dt
import uuid

from django.db import transaction

from audit.services import done, once
from endorsements import calendar, endings, positions, register, rules
from endorsements.chain import digest, in_utc
from endorsements.enums import Act, PositionKind, State, Verb
from endorsements.models import TERMS, Circulation
from endorsements.rules import NotAllowed
from endorsements.services.opening import open_circulation
from endorsements.services.preparation import new_ref
from endorsements.services.steps import lock_circulation, settle
from members.access import forum
from members.clock import clock
from members.models import Appointment, User
from members.services.holding import hold_chair

CONFIRMED, AGAIN = "circulation.confirmed", "circulation.opened_again"


@transaction.atomic(durable=True)
def confirm_circulation(ref: str, *, note: str, actor: User, key: uuid.UUID) -> Circulation:
    """A co-chair confirms: the ending is the one that the counting positions give, and its number is issued now.

    Locks the circulation, then the co-chair's appointment. Effects: entry of the decision, then as every ending. Raises
    NotAllowed: it waits no longer, the actor does not co-chair the body (or the forum) now.
    """
    if once(key, actor=actor, action=CONFIRMED):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    chair = _hold_chair(circulation, actor)
    now = clock()
    rules.require(Verb.CONFIRM, State(circulation.state))
    kinds = [PositionKind(one.kind) for one in positions.standing(circulation).values()]
    state = endings.ending(kinds, circulation.terms, eligible=positions.counting(circulation), unreached=0)
    _record(circulation, chair, Verb.CONFIRM, note, now, {"ending": state.value})
    settle(circulation, state, at=now, actor=actor, reason=note.strip())
    done(key, actor=actor, action=CONFIRMED, result_ref=ref)
    return circulation


@transaction.atomic(durable=True)
def open_again(ref: str, expires_at: dt.datetime, *, note: str, actor: User, key: uuid.UUID) -> Circulation:
    """A co-chair gives a new clock: this circulation is withdrawn, and the same version opens at once under the same
    terms until `expires_at` (aware). Earlier replies lapse; everyone is told of both and asked again.

    Returns the new circulation. Raises NotAllowed: as above; a deadline in the past or under the minimum period; the
    co-chair drafted this circulation; no reason.
    """
    if made := once(key, actor=actor, action=AGAIN):
        return Circulation.objects.get(ref=made)
    circulation = lock_circulation(ref)
    chair = _hold_chair(circulation, actor)
    now = clock()
    rules.require(Verb.OPEN_AGAIN, State(circulation.state))
    rules.check_reason(note)
    if actor.pk == circulation.drafted_by_id:
        raise NotAllowed("You drafted this circulation. Another co-chair must open it again.")
    earliest = calendar.earliest_deadline(circulation, forum(), now)
    rules.check_deadline(expires_at, now=now, earliest=earliest, period=calendar.period_in_words(circulation))
    _record(circulation, chair, Verb.OPEN_AGAIN, note, now, {"expires_at": in_utc(expires_at)})
    settle(circulation, State.WITHDRAWN, at=now, actor=actor, reason=note.strip())
    again = _same_again(circulation, chair, actor, expires_at, now)
    open_circulation(again, actor, now)
    done(key, actor=actor, action=AGAIN, result_ref=again.ref)
    return again


def _hold_chair(circulation: Circulation, actor: User) -> Appointment:
    chair = hold_chair(actor, circulation.body)
    if chair is None:
        raise NotAllowed("You are not a co-chair of this body any more. Nothing was decided.")
    return chair


def _record(
    circulation: Circulation, chair: Appointment, verb: Verb, note: str, now: dt.datetime, facts: dict[str, str]
) -> None:
    said = {"exit": verb.value, "chair": chair.participant.code if chair.participant else "", **facts}
    if note.strip():
        said["note_sha256"] = digest(note.strip())
    register.append(Act.DECIDED, circulation, at=now, actor=chair.user, appointment=chair, facts=said)


def _same_again(
    circulation: Circulation, chair: Appointment, actor: User, expires_at: dt.datetime, now: dt.datetime
) -> Circulation:
    """The same version, body and terms under a reference of its own; approved by who decided."""
    again = Circulation(
        ref=new_ref(circulation.version),
        version=circulation.version,
        body=circulation.body,
        procedure=circulation.procedure,
        expires_at=expires_at,
        paragraph=circulation.paragraph,
        drafted_by_id=circulation.drafted_by_id,
        asked_at=now,
        approved_by=actor,
        approved_for=chair.participant,
        approval_evidence=f"Decided in the portal by the co-chair, when {circulation.ref} waited.",
        is_sample=circulation.is_sample,
        follows=circulation,
    )
    for name in TERMS:
        setattr(again, name, getattr(circulation, name))
    return again
