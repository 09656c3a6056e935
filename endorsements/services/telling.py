"""A participant is told by another way than e-mail, and the secretariat records it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from audit.services import done, once
from endorsements import positions, register, rules
from endorsements.chain import digest, in_utc
from endorsements.enums import Act, State
from endorsements.models import Circulation, Eligible
from endorsements.rules import NotAllowed
from endorsements.services.steps import hold_staff, lock_circulation
from members.clock import clock
from members.models import Participant, User
from notifications.enums import Way
from notifications.models import ToldOtherwise
from notifications.services.handling import close_told_otherwise

ACTION = "participant.told"


@dataclass(frozen=True)
class Telling:
    """How a participant was told, when, and who was told there and what they said."""

    way: Way
    told_at: dt.datetime
    note: str


@transaction.atomic(durable=True)
def tell_otherwise(
    ref: str, telling: Telling, *, participant: Participant, actor: User, key: uuid.UUID
) -> ToldOtherwise:
    """Record that `participant` was told about a circulation by telephone, note verbale or in person.

    Locks the circulation, then the officer's post, and only then reads the clock. Recorded before the deadline it makes
    the participant reached, also where its post is vacant; recorded later, while the circulation is counted or waits
    for the co-chair, it is kept, marked late, and counts for nothing. Effects in order: the row, returned notices to
    the participant closed, the entry in the register (the note as SHA-256). Raises NotAllowed, with nothing changed:
    not opened, ended, not a participant of it, the post ended, a time before the opening or in the future, no note.
    """
    if result := once(key, actor=actor, action=ACTION):
        return ToldOtherwise.objects.get(pk=result)
    circulation = lock_circulation(ref)
    hold_staff(actor, "Nothing was recorded.")
    now = clock()
    rules.tell_otherwise(State(circulation.state), circulation.opened_at, told_at=telling.told_at, now=now)
    rules.check_note(telling.note)
    if not Eligible.objects.filter(circulation=circulation, participant=participant).exists():
        raise NotAllowed(f"This draft was not sent to {participant}. Nothing was recorded.")
    made = _write(circulation, telling, participant, actor, now)
    done(key, actor=actor, action=ACTION, result_ref=str(made.pk))
    return made


def _write(
    circulation: Circulation, telling: Telling, participant: Participant, actor: User, now: dt.datetime
) -> ToldOtherwise:
    note = telling.note.strip()
    made = ToldOtherwise.objects.create(
        subject_kind=positions.SUBJECT,
        subject_ref=circulation.ref,
        participant_code=participant.code,
        way=telling.way.value,
        told_at=telling.told_at,
        note=note,
        recorded_by=actor,
        recorded_at=now,
    )
    close_told_otherwise(positions.SUBJECT, circulation.ref, participant.code, reason=note[:300], actor=actor)
    facts = {
        "way": telling.way.value,
        "told_at": in_utc(telling.told_at),
        "note_sha256": digest(note),
        "is_late": now >= circulation.expires_at,
    }
    register.append(Act.TOLD, circulation, at=now, actor=actor, participant_code=participant.code, facts=facts)
    return made
