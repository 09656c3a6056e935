"""A participant answers an invitation: whether it comes, and who. Its word, whoever of its people typed it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from audit.services import done, once, record_audit
from meetings import letters, rules
from meetings.enums import DELEGATION, SUBJECT, DelegateRole, DelegationState, MeetingState
from meetings.models import Delegate, Delegation, Meeting
from meetings.services.steps import invitation_of, lock_meeting
from members.access import forum
from members.clock import clock
from members.directory import addressees_of, staff_addressees
from members.enums import Role
from members.models import Participant, User
from members.rules import NotAllowed
from members.services.holding import hold_speaker, is_in_office
from notifications.enums import Kind
from notifications.services import notify, settle

ANSWERED = "delegation.answered"


@dataclass(frozen=True)
class Person:
    """A delegate as typed: name, role in the delegation, position held at home."""

    name: str
    role: DelegateRole
    function: str = ""


@dataclass(frozen=True)
class Answer:
    """We come, with these people in this order; or we do not. Special needs are told in confidence."""

    comes: bool
    people: tuple[Person, ...] = ()
    special_needs: str = ""


class DelegationIsStale(NotAllowed):
    """Somebody else of the participant answered in the meantime; `saved` holds what stands there now."""

    def __init__(self, saved: Delegation) -> None:
        who = saved.answered_by or "The secretariat"
        super().__init__(f"{who} changed this while you wrote. Nothing is lost: both are here.")
        self.saved = saved


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
    people than seats.
    """
    if once(key, actor=actor, action=ANSWERED):
        return Delegation.objects.get(meeting__slug=slug, participant=participant)
    meeting = lock_meeting(slug)
    appointment = hold_speaker(actor, participant)
    now = clock()
    if appointment is None or not is_in_office(appointment, now):
        raise NotAllowed(f"Your post for {participant} has ended. Your answer was not recorded.")
    rules.register(MeetingState(meeting.state), ends=meeting.ends_at(forum().time_zone), now=now)
    delegation = _delegation(meeting, participant)
    if delegation.version != version:
        raise DelegationIsStale(delegation)
    if answer.comes:
        rules.check_delegates([one.role for one in answer.people], seats=meeting.seats)
    was_answered = delegation.state != DelegationState.INVITED
    people = len(answer.people) if answer.comes else 0
    _write(delegation, answer, actor, now, is_late=_is_late(meeting, now))
    settle(SUBJECT, slug, participant_code=participant.code)
    detail = {
        "participant": participant.code,
        "state": delegation.state,
        "people": people,
        "version": delegation.version,
        "is_late": delegation.is_late,
    }
    record_audit(ANSWERED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    _tell(meeting, delegation, people, actor, was_answered=was_answered)
    done(key, actor=actor, action=ANSWERED, result_ref=str(delegation.pk))
    return delegation


def _delegation(meeting: Meeting, participant: Participant) -> Delegation:
    """Under the meeting's lock, which stands for all its delegations."""
    rows = Delegation.objects.select_related("participant", "answered_by").prefetch_related("delegates")
    found = rows.filter(meeting=meeting, participant=participant).first()
    if found is None:
        raise NotAllowed(f"{participant} is not invited to this meeting. Nothing was recorded.")
    return found


def _is_late(meeting: Meeting, now: dt.datetime) -> bool:
    invitation = invitation_of(meeting)
    return invitation is not None and rules.is_late(invitation.answer_by, now)


def _write(delegation: Delegation, answer: Answer, actor: User, now: dt.datetime, *, is_late: bool) -> None:
    state = DelegationState.CONFIRMED if answer.comes else DelegationState.DECLINED
    delegation.state, delegation.version = state.value, delegation.version + 1
    delegation.special_needs = answer.special_needs.strip() if answer.comes else ""
    delegation.answered_at, delegation.answered_by, delegation.is_late = now, actor, is_late
    delegation.save()
    Delegate.objects.filter(delegation=delegation).delete()
    people = answer.people if answer.comes else ()
    Delegate.objects.bulk_create(
        Delegate(
            delegation=delegation, position=place, name=one.name, role=one.role.value, function=one.function.strip()
        )
        for place, one in enumerate(people, 1)
    )


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
