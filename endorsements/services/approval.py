"""Asking for approval, and the approval that opens a circulation: never by the person who drafted it."""

import datetime as dt
import uuid

from django.db import transaction

from audit.services import done, once, record_audit
from documents.enums import DocumentState
from documents.files import FileChanged
from documents.rules import NotAllowed as DocumentNotAllowed
from documents.services import move_document, release_version
from endorsements import calendar, register, rules
from endorsements.chain import digest, in_utc
from endorsements.enums import Act, State, Verb
from endorsements.models import TERMS, Circulation, Eligible
from endorsements.positions import SUBJECT
from endorsements.rules import NotAllowed
from endorsements.services.reminding import next_look
from endorsements.services.steps import everyone_told, lock_circulation, record_round, tell
from members.access import forum
from members.clock import clock
from members.directory import co_chairs_of, participants_of, staff_addressees, today
from members.enums import Role
from members.models import Participant, User
from members.services.holding import hold_office, is_in_office
from notifications.enums import Kind
from notifications.services import settle


@transaction.atomic(durable=True)
def ask_approval(ref: str, *, actor: User, key: uuid.UUID) -> Circulation:
    """Ask the managers to approve a draft. One audit row; every manager but the asker is told.

    Raises NotAllowed when it was opened already, or when nobody else could approve it.
    """
    if once(key, actor=actor, action="circulation.approval_asked"):
        return Circulation.objects.get(ref=ref)
    circulation = lock_circulation(ref)
    now = clock()
    rules.require(Verb.ASK_APPROVAL, State(circulation.state))
    managers = staff_addressees(Role.MANAGER, but=circulation.drafted_by)
    if not managers:
        raise NotAllowed("No manager but the drafter is in office: nobody could approve this. Tell the administrator.")
    circulation.asked_at = now
    circulation.save(update_fields=["asked_at"])
    record_audit("circulation.approval_asked", actor=actor, kind="circulation", ref=ref)
    event = f"{Kind.CIRCULATION_APPROVAL.value}:{circulation.pk}:{now.timestamp():.6f}"
    tell(Kind.CIRCULATION_APPROVAL, circulation, managers, {"drafted_by": str(circulation.drafted_by)}, event=event)
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
    earliest = calendar.earliest_deadline(circulation, forum(), now)
    rules.check_deadline(
        circulation.expires_at, now=now, earliest=earliest, period=calendar.period_in_words(circulation)
    )
    circulation.state = State.OPEN.value
    circulation.opened_at = now
    circulation.approved_by, circulation.approved_for = actor, co_chair
    circulation.approval_evidence = evidence.strip()
    circulation.remind_at = next_look(circulation, now)
    circulation.save()
    _take_snapshot(circulation)
    _release(circulation, actor, now)
    settle(SUBJECT, circulation.ref)
    _open(circulation, actor)
    done(key, actor=actor, action="circulation.approved", result_ref=ref)
    return circulation


def _take_snapshot(circulation: Circulation) -> None:
    members = participants_of(circulation.body, today())
    rows = [
        Eligible(circulation=circulation, participant=one, counts=one.is_state or circulation.counts_organisations)
        for one in members
    ]
    if not any(row.counts for row in rows):
        raise NotAllowed(f"{circulation.body} has no participants today: nobody could reply.")
    Eligible.objects.bulk_create(rows)


def _release(circulation: Circulation, actor: User, now: dt.datetime) -> None:
    """The version and its document move with the opening, or nothing opens."""
    try:
        release_version(circulation.version, at=now)
        move_document(circulation.version.document, DocumentState.CIRCULATED, actor=actor, reason=circulation.ref)
    except DocumentNotAllowed as refusal:
        raise NotAllowed(str(refusal)) from refusal
    except FileChanged as changed:
        raise NotAllowed(changed.message) from changed


def _open(circulation: Circulation, actor: User) -> None:
    """Entry, notices, entry of the round; the register's lock is the last one taken."""
    at = circulation.opened_at
    if at is None or circulation.approved_for is None:
        raise ValueError("the circulation was not approved")
    snapshot = circulation.eligible.select_related("participant").order_by("participant__code")
    facts = {
        "expires_at": in_utc(circulation.expires_at),
        "terms": {name: str(getattr(circulation, name)) for name in TERMS if name != "sentence"},
        "sentence_sha256": digest(circulation.sentence),
        "eligible": [row.participant.code for row in snapshot if row.counts],
        "informed": [row.participant.code for row in snapshot if not row.counts],
        "approved_for": circulation.approved_for.code,
        "evidence_sha256": digest(circulation.approval_evidence),
    }
    told = everyone_told(circulation)
    entry = register.append(Act.OPENED, circulation, at=at, actor=actor, facts=facts)
    context = {"paragraph": circulation.paragraph, "register_head": entry.head}
    notices = tell(Kind.CIRCULATION_OPENED, circulation, told, context)
    record_round(circulation, notices, Kind.CIRCULATION_OPENED, at=at)
