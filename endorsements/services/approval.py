"""Asking for approval, and the approval that opens a circulation: never by the person who drafted it."""

import datetime as dt
import uuid

from django.db import transaction

from audit.services import done, once, record_audit
from endorsements import calendar, rules
from endorsements.enums import State, Verb
from endorsements.models import Circulation
from endorsements.rules import NotAllowed
from endorsements.services.opening import open_circulation
from endorsements.services.steps import hold_staff, lock_circulation, tell
from members.access import forum
from members.clock import clock
from members.directory import co_chair_addressees, co_chairs_of, staff_addressees, today
from members.enums import Role
from members.models import Participant, User
from members.services.holding import hold_chair, hold_office, is_in_office
from notifications.enums import Kind

BY_CHAIR = "Approved in the portal, by the co-chair's own account."


@transaction.atomic(durable=True)
def ask_approval(ref: str, *, actor: User, key: uuid.UUID) -> Circulation:
    """Ask co-chairs and managers to approve a draft. One audit row; each of them but the drafter is told.

    Raises NotAllowed when it was opened already, when nobody else could approve it, or when the asker is out of office.
    """
    if once(key, actor=actor, action="circulation.approval_asked"):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    hold_staff(actor, "Nothing was recorded.")
    now = clock()
    rules.require(Verb.ASK_APPROVAL, State(circulation.state))
    asked = [
        *(one for one in co_chair_addressees(circulation.body) if one.user_id != circulation.drafted_by_id),
        *staff_addressees(Role.MANAGER, but=circulation.drafted_by),
    ]
    if not asked:
        raise NotAllowed("No co-chair and no manager but the drafter is in office: nobody could approve this.")
    circulation.asked_at = now
    circulation.save(update_fields=["asked_at"])
    record_audit("circulation.approval_asked", actor=actor, kind="circulation", ref=ref)
    event = f"{Kind.CIRCULATION_APPROVAL.value}:{circulation.pk}:{now.timestamp():.6f}"
    tell(Kind.CIRCULATION_APPROVAL, circulation, asked, {"drafted_by": str(circulation.drafted_by)}, event=event)
    done(key, actor=actor, action="circulation.approval_asked", result_ref=ref)
    return circulation


@transaction.atomic(durable=True)
def approve_circulation(ref: str, *, co_chair: Participant, evidence: str, actor: User, key: uuid.UUID) -> Circulation:
    """Record a co-chair's approval with its evidence; the circulation opens at once.

    Effects in order: terms and window fixed, eligible participants snapshot, version released, document circulated,
    entry "opened", one notice an address, entry for the round of notices. The manager's appointment is held while it
    runs. Raises NotAllowed: the manager not in office now, drafted by the same person, not asked, opened already, no
    evidence, the minimum period no longer met, a body without members.
    """
    if once(key, actor=actor, action="circulation.approved"):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    office = hold_office(actor, Role.MANAGER)
    now = clock()
    if office is None or not is_in_office(office, now):
        raise NotAllowed("You are not a manager any more. Nothing was opened.")
    rules.approve(
        State(circulation.state),
        was_asked=circulation.asked_at is not None,
        is_drafter=actor.pk == circulation.drafted_by_id,
        evidence=evidence,
    )
    if co_chair not in co_chairs_of(circulation.body, today()):
        raise NotAllowed(f"{co_chair} does not co-chair this body today.", "co_chair")
    _check_period(circulation, now)
    circulation.approved_by, circulation.approved_for = actor, co_chair
    circulation.approval_evidence = evidence.strip()
    open_circulation(circulation, actor, now)
    done(key, actor=actor, action="circulation.approved", result_ref=ref)
    return circulation


@transaction.atomic(durable=True)
def approve_as_chair(ref: str, *, actor: User, key: uuid.UUID) -> Circulation:
    """A co-chair approves by the own account; the circulation opens at once. Effects and refusals as above, but
    that the co-chair's appointment is held, and that the deed itself is the evidence."""
    if once(key, actor=actor, action="circulation.approved"):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    chair = hold_chair(actor, circulation.body)
    now = clock()
    if chair is None:
        raise NotAllowed("You are not a co-chair of this body any more. Nothing was opened.")
    rules.approve(
        State(circulation.state),
        was_asked=circulation.asked_at is not None,
        is_drafter=actor.pk == circulation.drafted_by_id,
        evidence=BY_CHAIR,
    )
    _check_period(circulation, now)
    circulation.approved_by, circulation.approved_for = actor, chair.participant
    circulation.approval_evidence = BY_CHAIR
    open_circulation(circulation, actor, now)
    done(key, actor=actor, action="circulation.approved", result_ref=ref)
    return circulation


def _check_period(circulation: Circulation, now: dt.datetime) -> None:
    """The minimum period is checked again: days may have passed since the draft was prepared."""
    earliest = calendar.earliest_deadline(circulation, forum(), now)
    rules.check_deadline(
        circulation.expires_at, now=now, earliest=earliest, period=calendar.period_in_words(circulation)
    )
