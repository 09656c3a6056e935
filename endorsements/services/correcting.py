"""A corrigendum to an open version, and a participant that asks for a new clock instead."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from audit.services import done, once
from documents.access import paragraphs_of
from documents.files import FileChanged
from endorsements import corrections, register, rules
from endorsements.chain import digest
from endorsements.enums import Act, State, Verb
from endorsements.models import Circulation, ClockRequest, Corrigendum, Eligible
from endorsements.rules import NotAllowed
from endorsements.services.steps import everyone_told, hold_staff, lock_circulation, record_round, tell
from members.clock import clock
from members.directory import co_chair_addressees, staff_addressees
from members.enums import Role
from members.models import Participant, User
from members.services.holding import hold_speaker, is_in_office
from notifications.enums import Kind

CORRECTED, ASKED = "circulation.corrected", "circulation.new_clock_asked"


@dataclass(frozen=True)
class Slip:
    """Which paragraph of the version, the words as they stand there, and as they should."""

    paragraph: int
    said: str
    says: str
    reason: str


@transaction.atomic(durable=True)
def correct_circulation(ref: str, slip: Slip, *, actor: User, key: uuid.UUID) -> Corrigendum:
    """Mend an editorial slip of a running circulation by a corrigendum. The filed file, the version and its paragraphs
    stay as they are; deadline and replies stay too.

    Locks the circulation, then the officer's post, and only then reads the clock. Effects: the row, its entry (words as
    SHA-256), everyone told and the entry of that round. Raises NotAllowed, with the field: not running or past its
    deadline, words that do not stand in the paragraph or stand there twice, no reason, the officer's post ended, a text
    that was changed in the database.
    """
    if result := once(key, actor=actor, action=CORRECTED):
        return Corrigendum.objects.get(pk=result)
    circulation = lock_circulation(ref)
    hold_staff(actor, "Nothing was corrected.")
    now, state = clock(), State(circulation.state)
    rules.require(Verb.CORRECT, state)
    rules.while_running(Verb.CORRECT, state, circulation.window, now)
    _check_slip(circulation, slip)
    rules.check_reason(slip.reason)
    circulation.corrected_at = now
    circulation.save(update_fields=["corrected_at"])
    made = _write(circulation, slip, actor, now)
    context = {
        "paragraph_number": slip.paragraph,
        "reason": made.reason,
        "register_head": made.register_entry.head,
    }
    event = f"{Kind.CIRCULATION_CORRECTED.value}:{circulation.pk}:{made.pk}"
    notices = tell(Kind.CIRCULATION_CORRECTED, circulation, everyone_told(circulation), context, event=event)
    record_round(circulation, notices, Kind.CIRCULATION_CORRECTED, at=now)
    done(key, actor=actor, action=CORRECTED, result_ref=str(made.pk))
    return made


def _check_slip(circulation: Circulation, slip: Slip) -> None:
    try:
        texts = {one.number: one.text for one in paragraphs_of(circulation.version) if one.number}
    except FileChanged as changed:
        raise NotAllowed(changed.message) from changed
    earlier = list(circulation.corrigenda.filter(paragraph=slip.paragraph).values_list("said", "says"))
    corrections.check_slip(texts.get(slip.paragraph), earlier, said=slip.said.strip(), says=slip.says.strip())


def _write(circulation: Circulation, slip: Slip, actor: User, now: dt.datetime) -> Corrigendum:
    said, says, reason = slip.said.strip(), slip.says.strip(), slip.reason.strip()
    facts = {
        "paragraph": slip.paragraph,
        "said_sha256": digest(said),
        "says_sha256": digest(says),
        "reason_sha256": digest(reason),
    }
    entry = register.append(Act.CORRECTED, circulation, at=now, actor=actor, facts=facts)
    return Corrigendum.objects.create(
        circulation=circulation,
        paragraph=slip.paragraph,
        said=said,
        says=says,
        reason=reason,
        actor=actor,
        recorded_at=now,
        register_entry=entry,
    )


@transaction.atomic(durable=True)
def ask_new_clock(ref: str, *, participant: Participant, reason: str, actor: User, key: uuid.UUID) -> ClockRequest:
    """Record that `participant` asks for a new clock since the text was corrected. It decides nothing: the secretariat
    answers by an extension or a withdrawal, or lets the deadline stand.

    Locks the circulation, then the actor's appointment, and only then reads the clock. Effects: the row, its entry, the
    secretariat and the co-chairs told. Raises NotAllowed: not running or past its deadline, no corrigendum, asked since
    the last one, not eligible, the appointment ended, no reason.
    """
    if result := once(key, actor=actor, action=ASKED):
        return ClockRequest.objects.get(pk=result)
    circulation = lock_circulation(ref)
    appointment = hold_speaker(actor, participant)
    now, state = clock(), State(circulation.state)
    if appointment is None or not is_in_office(appointment, now):
        raise NotAllowed(f"You do not speak for {participant} any more. Nothing was recorded.")
    rules.require(Verb.ASK_NEW_CLOCK, state)
    rules.while_running(Verb.ASK_NEW_CLOCK, state, circulation.window, now)
    if not Eligible.objects.filter(circulation=circulation, participant=participant, counts=True).exists():
        raise NotAllowed(f"{participant} does not reply to this draft. Nothing was recorded.")
    own = circulation.clock_requests.filter(on_behalf_of=participant).order_by("-pk").first()
    corrections.check_ask(circulation.corrected_at, own.recorded_at if own else None, reason)
    entry = register.append(
        Act.CLOCK_ASKED,
        circulation,
        at=now,
        actor=actor,
        appointment=appointment,
        participant_code=participant.code,
        facts={"reason_sha256": digest(reason.strip())},
    )
    made = ClockRequest.objects.create(
        circulation=circulation,
        on_behalf_of=participant,
        actor=actor,
        appointment=appointment,
        reason=reason.strip(),
        recorded_at=now,
        register_entry=entry,
    )
    told = [*staff_addressees(Role.OFFICER, Role.MANAGER), *co_chair_addressees(circulation.body)]
    context = {"participant_name": participant.short_name, "reason": made.reason}
    tell(Kind.NEW_CLOCK_ASKED, circulation, told, context, event=f"{Kind.NEW_CLOCK_ASKED.value}:{made.pk}")
    done(key, actor=actor, action=ASKED, result_ref=str(made.pk))
    return made
