"""What the secretariat does while a circulation runs: a later deadline, or its withdrawal."""

import datetime as dt
import uuid

from django.db import transaction

from audit.services import done, once
from endorsements import register, rules
from endorsements.chain import digest, in_utc
from endorsements.enums import Act, State, Verb
from endorsements.models import Circulation, Extension
from endorsements.positions import SUBJECT
from endorsements.services.reminding import next_look
from endorsements.services.steps import everyone_told, hold_staff, lock_circulation, record_round, settle, tell
from members.clock import clock
from members.models import User
from notifications.enums import Kind
from notifications.services import postpone

EXTENDED, WITHDRAWN = "circulation.extended", "circulation.withdrawn"


@transaction.atomic(durable=True)
def extend_circulation(ref: str, expires_at: dt.datetime, *, reason: str, actor: User, key: uuid.UUID) -> Circulation:
    """Give a running circulation a later deadline (aware), with the same text. Replies given before stand.

    Takes the lock that replies and the closing take: an extension comes before the end or not at all. Effects: the
    deadline, a row that says from when to when and why, its entry, everyone told and the entry of that round, reminders
    by the new deadline. Raises NotAllowed: not running or past its deadline, not later, more than the procedure
    permits, no reason, the officer's post ended.
    """
    if once(key, actor=actor, action=EXTENDED):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    hold_staff(actor, "The deadline stays.")
    now, former = clock(), circulation.expires_at
    state = State(circulation.state)
    rules.require(Verb.EXTEND, state)
    rules.extend(
        state, circulation.window, now, expires_at, may_extend=circulation.may_extend, latest=latest(circulation)
    )
    rules.check_reason(reason)
    circulation.expires_at, circulation.extended_at = expires_at, now
    circulation.remind_at = next_look(circulation, now)
    circulation.save(update_fields=["expires_at", "extended_at", "remind_at"])
    postpone(SUBJECT, ref, answer_by=expires_at)
    facts = {"from": in_utc(former), "to": in_utc(expires_at), "reason_sha256": digest(reason.strip())}
    entry = register.append(Act.EXTENDED, circulation, at=now, actor=actor, facts=facts)
    Extension.objects.create(
        circulation=circulation,
        from_at=former,
        to_at=expires_at,
        reason=reason.strip(),
        actor=actor,
        recorded_at=now,
        register_entry=entry,
    )
    context = {"former_deadline": former, "reason": reason.strip(), "register_head": entry.head}
    event = f"{Kind.CIRCULATION_EXTENDED.value}:{circulation.pk}:{entry.seq}"
    notices = tell(Kind.CIRCULATION_EXTENDED, circulation, everyone_told(circulation), context, event=event)
    record_round(circulation, notices, Kind.CIRCULATION_EXTENDED, at=now)
    done(key, actor=actor, action=EXTENDED, result_ref=ref)
    return circulation


def latest(circulation: Circulation) -> dt.datetime | None:
    """The last deadline that the procedure permits, None without a limit or before the opening."""
    if circulation.longest_days is None or circulation.opened_at is None:
        return None
    return circulation.opened_at + dt.timedelta(days=circulation.longest_days)


@transaction.atomic(durable=True)
def withdraw_circulation(ref: str, *, reason: str, actor: User, key: uuid.UUID) -> Circulation:
    """Withdraw a running circulation: nothing is decided, what was said stays on record.

    Effects: as every ending (tally, entry, everyone told); the document stays circulated and may have a new version.
    Raises NotAllowed: not running or past its deadline, no reason, the officer's post ended.
    """
    if once(key, actor=actor, action=WITHDRAWN):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    hold_staff(actor, "Nothing was withdrawn.")
    now, state = clock(), State(circulation.state)
    rules.require(Verb.WITHDRAW, state)
    rules.while_running(Verb.WITHDRAW, state, circulation.window, now)
    rules.check_reason(reason)
    settle(circulation, State.WITHDRAWN, at=now, actor=actor, reason=reason.strip())
    done(key, actor=actor, action=WITHDRAWN, result_ref=ref)
    return circulation
