"""What the secretariat writes down about a delegation: an answer that came by another way, and what letter it has."""

import uuid

from django.db import transaction
from django.urls import reverse

from audit.services import done, once, record_audit
from meetings import delegation_rules, letters, rules
from meetings.enums import DELEGATION, LETTER_NAMES, MEANS_NAMES, SUBJECT, DelegationState, LetterState, MeetingState
from meetings.models import Delegation, Meeting, NominationLetter
from meetings.services.answering import (
    Answer,
    Source,
    check,
    delegation_of,
    is_late,
    note_change,
    write,
)
from meetings.services.delegations import audit_detail
from meetings.services.steps import lock_meeting
from members.access import forum
from members.clock import clock
from members.directory import addressees_of
from members.models import Participant, User
from members.rules import NotAllowed
from members.services.holding import require_staff
from notifications.enums import Kind
from notifications.services import notify, settle

RECORDED, LETTER_NOTED = "delegation.recorded", "delegation.letter_noted"


@transaction.atomic(durable=True)
def record_answer(
    slug: str,
    answer: Answer,
    source: Source,
    *,
    participant: Participant,
    version: int,
    actor: User,
    key: uuid.UUID,
) -> Delegation:
    """Record what `participant` answered by another way than the portal. `actor` is an officer or manager.

    As `answer_invitation`, but that it is late by when it was received, that it is marked as recorded by the
    secretariat, and that everyone of the participant is told by mail, at its official addresses too: it changes there
    what is not right. Raises NotAllowed besides: the post ended, received in the future, no evidence.
    """
    if once(key, actor=actor, action=RECORDED):
        return Delegation.objects.get(meeting__slug=slug, participant=participant)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    rules.register(MeetingState(meeting.state), ends=meeting.ends_at(forum().time_zone), now=now)
    delegation_rules.check_received(source.received_at, now=now)
    delegation_rules.check_evidence(source.evidence)
    delegation = delegation_of(meeting, participant)
    check(meeting, delegation, answer, version=version)
    was_answered = delegation.state != DelegationState.INVITED
    write(delegation, answer, actor, now, is_late=is_late(meeting, source.received_at), source=source)
    settle(SUBJECT, slug, participant_code=participant.code)
    people = len(answer.people) if answer.comes else 0
    detail = {
        **audit_detail(delegation, people),
        "means": source.means.value,
        "received_at": source.received_at.isoformat(),
    }
    record_audit(RECORDED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    _tell(meeting, delegation, source, people, was_answered=was_answered)
    done(key, actor=actor, action=RECORDED, result_ref=str(delegation.pk))
    return delegation


@transaction.atomic(durable=True)
def note_letter(slug: str, noted: LetterState, *, participant: Participant, actor: User, key: uuid.UUID) -> Delegation:
    """Note that the original of the nomination letter was seen, that none is required, or take such a note back.

    One row of what changed, one audit row. Raises NotAllowed: not invited, a copy (which is uploaded), names removed,
    the post ended.
    """
    if once(key, actor=actor, action=LETTER_NOTED):
        return Delegation.objects.get(meeting__slug=slug, participant=participant)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    delegation = delegation_of(meeting, participant)
    if delegation.names_removed_at:
        raise NotAllowed("The names of this delegation were removed, and its letter with them.")
    has_copy = NominationLetter.objects.filter(delegation=delegation).exists()
    delegation.letter = delegation_rules.letter_after_noting(noted, has_copy=has_copy).value
    delegation.save(update_fields=["letter"])
    words = LETTER_NAMES[LetterState(delegation.letter)]
    what = [f"Nomination letter: {words[0].lower()}{words[1:]}"]
    note_change(delegation, actor, now, what, is_late=is_late(meeting, now), is_recorded=True)
    detail = {"participant": participant.code, "letter": delegation.letter}
    record_audit(LETTER_NOTED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=LETTER_NOTED, result_ref=str(delegation.pk))
    return delegation


def _tell(meeting: Meeting, delegation: Delegation, source: Source, people: int, *, was_answered: bool) -> None:
    participant = delegation.participant
    observers = [participant.pk] if delegation.is_observer else []
    notify(
        Kind.DELEGATION_OTHERWISE,
        event=f"{Kind.DELEGATION_OTHERWISE.value}:{delegation.pk}:{delegation.version}",
        to=addressees_of([participant.pk], observers=observers),
        context={
            **letters.facts(meeting, forum()),
            "participant_name": participant.short_name,
            "comes": delegation.state == DelegationState.CONFIRMED,
            "people": people,
            "means": MEANS_NAMES[source.means].lower(),
            "received_at": source.received_at,
            "was_answered": was_answered,
            "is_late": delegation.is_late,
        },
        subject_kind=DELEGATION,
        subject_ref=f"{meeting.slug}/{participant.code}",
        path=reverse("meetings:delegation-detail", args=[meeting.slug, participant.code]),
        is_sample=meeting.is_sample,
    )
