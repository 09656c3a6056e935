"""A participant answers an invitation: whether it comes, and who. Its word, whoever of its people typed it."""

import uuid
from typing import Any

from django.db import transaction
from django.urls import reverse

from audit.services import done, once, record_audit
from meetings import letters, rules
from meetings.enums import DELEGATION, SUBJECT, Capacity, DelegationState, MeetingState
from meetings.models import Delegation, Meeting
from meetings.services.answering import Answer, check, delegation_of, is_late, write
from meetings.services.steps import lock_meeting
from members.access import forum
from members.clock import clock
from members.directory import addressees_of, staff_addressees
from members.enums import Role
from members.models import Appointment, Participant, User
from members.rules import NotAllowed
from members.services.holding import hold_observer, hold_speaker, is_in_office
from notifications.enums import Kind
from notifications.services import notify, settle

ANSWERED = "delegation.answered"


@transaction.atomic(durable=True)
def answer_invitation(
    slug: str, answer: Answer, *, participant: Participant, version: int, actor: User, key: uuid.UUID
) -> Delegation:
    """Record that the participant comes, and who, or that it does not. May be changed until the meeting ends.

    Locks the meeting, then the actor's appointment, and only then reads the clock. `version`: of the answer that the
    form began from. Effects in order: the delegation with the next version, its people anew, what asked for the answer
    settled, one audit row without a name, one notice in the inbox of the participant's other people and of the
    secretariat. Given after the registration date it is marked late. Raises NotAllowed, with nothing changed: not in
    office for the participant, not invited, postponed, cancelled or over, DelegationIsStale, no head or several, more
    people than seats, a person named twice. Refused: a letter that is neither PDF nor picture.
    """
    if once(key, actor=actor, action=ANSWERED):
        return Delegation.objects.get(meeting__slug=slug, participant=participant)
    meeting = lock_meeting(slug)
    appointment = _post(actor, participant, meeting)
    now = clock()
    if appointment is None or not is_in_office(appointment, now):
        raise NotAllowed(f"Your post for {participant} has ended. Your answer was not recorded.")
    rules.register(MeetingState(meeting.state), ends=meeting.ends_at(forum().time_zone), now=now)
    delegation = delegation_of(meeting, participant)
    check(meeting, delegation, answer, version=version)
    was_answered = delegation.state != DelegationState.INVITED
    write(delegation, answer, actor, now, is_late=is_late(meeting, now))
    settle(SUBJECT, slug, participant_code=participant.code)
    people = len(answer.people) if answer.comes else 0
    record_audit(
        ANSWERED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=audit_detail(delegation, people)
    )
    _tell(meeting, delegation, people, actor, was_answered=was_answered)
    done(key, actor=actor, action=ANSWERED, result_ref=str(delegation.pk))
    return delegation


def _post(actor: User, participant: Participant, meeting: Meeting) -> Appointment | None:
    """By which post the actor answers: focal point, alternate; an observer delegate where the participant is invited as
    an observer and has neither."""
    found = hold_speaker(actor, participant)
    ended = found is None or not is_in_office(found, clock())
    if ended and meeting.delegations.filter(participant=participant, capacity=Capacity.OBSERVER.value).exists():
        return hold_observer(actor, participant) or found
    return found


def audit_detail(delegation: Delegation, people: int) -> dict[str, Any]:
    """What the audit log keeps of an answer: never a name."""
    return {
        "participant": delegation.participant.code,
        "state": delegation.state,
        "people": people,
        "version": delegation.version,
        "is_late": delegation.is_late,
    }


def _tell(meeting: Meeting, delegation: Delegation, people: int, actor: User, *, was_answered: bool) -> None:
    """In the inbox alone: no mail for each change of a list. The people of the participant are led to its delegation,
    the secretariat to all answers."""
    participant = delegation.participant
    context = {
        **letters.facts(meeting, forum()),
        "participant_name": participant.short_name,
        "comes": delegation.state == DelegationState.CONFIRMED,
        "people": people,
        "was_answered": was_answered,
        "is_late": delegation.is_late,
    }
    own = [one for one in addressees_of([participant.pk]) if one.user_id is not None and one.user_id != actor.pk]
    for to, path in [
        (own, reverse("meetings:delegation-detail", args=[meeting.slug, participant.code])),
        (staff_addressees(Role.OFFICER, Role.MANAGER), reverse("meetings:meeting-answers", args=[meeting.slug])),
    ]:
        notify(
            Kind.DELEGATION_ANSWERED,
            event=f"{Kind.DELEGATION_ANSWERED.value}:{delegation.pk}:{delegation.version}",
            to=to,
            context=context,
            subject_kind=DELEGATION,
            subject_ref=f"{meeting.slug}/{participant.code}",
            path=path,
            is_sample=meeting.is_sample,
        )
