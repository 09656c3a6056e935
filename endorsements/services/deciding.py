"""The exits of waiting: a co-chair confirms the result, sets it aside, or opens the same version with a new clock."""

import datetime as dt
import uuid

from django.db import transaction

from audit.services import done, once
from endorsements import calendar, lateness, positions, register, rules
from endorsements.chain import digest, in_utc
from endorsements.enums import SUCCESSFUL, Act, Remark, State, Verb
from endorsements.models import TERMS, ChairRemark, Circulation, RegisterEntry
from endorsements.rules import NotAllowed, SaidMeanwhile
from endorsements.services.closing import judge_reached
from endorsements.services.opening import open_circulation
from endorsements.services.preparation import new_ref
from endorsements.services.steps import hold_co_chair, lock_circulation, settle
from members.access import forum
from members.clock import clock
from members.models import Appointment, User

CONFIRMED, SET_ASIDE, AGAIN = "circulation.confirmed", "circulation.set_aside", "circulation.opened_again"


@transaction.atomic(durable=True)
def confirm_circulation(ref: str, *, note: str, actor: User, key: uuid.UUID, seen: int | None = None) -> Circulation:
    """A co-chair confirms: the ending is the one that the counting positions give, and its number is issued now, or the
    one that was reserved stands.

    Locks the circulation, then the co-chair's appointment. Positions in doubt are left out for good. Effects: entry of
    the decision, remarks, then as every ending. Raises NotAllowed: it waits no longer, the deadline has not passed, the
    actor does not co-chair the body (or the forum) now, a reply came to be in doubt that the page did not show.
    """
    if once(key, actor=actor, action=CONFIRMED):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    chair = hold_co_chair(actor, circulation, "Nothing was decided.")
    now = clock()
    rules.require(Verb.CONFIRM, State(circulation.state))
    lateness.confirm(circulation.window, now)
    _nothing_since(circulation, seen)
    _decide(circulation, chair, Verb.CONFIRM, note, now)
    done(key, actor=actor, action=CONFIRMED, result_ref=ref)
    return circulation


@transaction.atomic(durable=True)
def set_aside(ref: str, *, note: str, actor: User, key: uuid.UUID, seen: int | None = None) -> Circulation:
    """A co-chair sets the result aside: the ending is the one that the positions in doubt give, which count from now
    on.

    Locks as above. A number issued before is marked as set aside, unless the ending is the same. Effects: entry of the
    decision, remarks, then as every ending. Raises NotAllowed: it waits no longer, no position is in doubt, no note,
    the actor does not co-chair the body (or the forum) now; the deadline has not passed and the ending would be another
    one than a break.
    """
    if once(key, actor=actor, action=SET_ASIDE):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    chair = hold_co_chair(actor, circulation, "Nothing was decided.")
    now = clock()
    rules.require(Verb.SET_ASIDE, State(circulation.state))
    lateness.set_aside(len(positions.doubtful(circulation)))
    rules.check_reason(note)
    _nothing_since(circulation, seen)
    if positions.ending(circulation, positions.SUPPOSED) in SUCCESSFUL:
        lateness.confirm(circulation.window, now)
    _decide(circulation, chair, Verb.SET_ASIDE, note, now)
    done(key, actor=actor, action=SET_ASIDE, result_ref=ref)
    return circulation


def _nothing_since(circulation: Circulation, seen: int | None) -> None:
    """Raise SaidMeanwhile when a reply came to be in doubt that the page of the co-chair did not show. `seen`: the key
    of the newest one there, 0 for none, None when nobody looked."""
    newest = max((one.pk for one in positions.doubtful(circulation)), default=0)
    if seen is not None and newest > seen:
        raise SaidMeanwhile("A reply was recorded since you opened this page. Read it below, then decide.", newest)


def _decide(circulation: Circulation, chair: Appointment, verb: Verb, note: str, now: dt.datetime) -> None:
    """The entry, a remark on each position in doubt, then the ending that now counts."""
    if now >= circulation.expires_at:
        judge_reached(circulation)
    counts = verb == Verb.SET_ASIDE
    found = positions.doubtful(circulation)
    state = positions.ending(circulation, positions.SUPPOSED if counts else positions.COUNTS)
    facts: dict[str, object] = {"ending": state.value}
    if found:
        facts["positions"] = [one.register_entry.head for one in found]
    entry = _record(circulation, chair, verb, note, now, facts)
    ChairRemark.objects.bulk_create(
        ChairRemark(
            position=one,
            remark=(Remark.COUNTS if counts else Remark.LEFT_OUT).value,
            note=note.strip(),
            actor=chair.user,
            appointment=chair,
            recorded_at=now,
            register_entry=entry,
        )
        for one in found
    )
    settle(circulation, state, at=now, actor=chair.user, reason=note.strip())


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
    chair = hold_co_chair(actor, circulation, "Nothing was decided.")
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


def _record(
    circulation: Circulation, chair: Appointment, verb: Verb, note: str, now: dt.datetime, facts: dict[str, object]
) -> RegisterEntry:
    said: dict[str, object] = {
        "exit": verb.value,
        "chair": chair.participant.code if chair.participant else "",
        **facts,
    }
    if note.strip():
        said["note_sha256"] = digest(note.strip())
    return register.append(Act.DECIDED, circulation, at=now, actor=chair.user, appointment=chair, facts=said)


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
