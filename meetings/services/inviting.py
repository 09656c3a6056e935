"""Calling a meeting: an invitation is drafted, approved in the chairs' name by another person, and goes out at once."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse

from audit.services import done, once, record_audit
from meetings import rules
from meetings.enums import SUBJECT, Capacity, DelegationState, MeetingState, Verb
from meetings.models import Delegation, Meeting, MeetingInvitation
from meetings.services.steps import everyone_invited, invitation_of, lock_meeting, record_round, tell
from members.access import forum
from members.clock import clock
from members.directory import (
    co_chair_addressees,
    co_chairs_of,
    observers_on,
    participants_of,
    staff_addressees,
    today,
)
from members.enums import Role
from members.models import Participant, User
from members.reminding import next_look
from members.rules import NotAllowed
from members.services.holding import hold_chair, hold_office, is_in_office, require_staff
from notifications.enums import Kind
from notifications.services import settle

PREPARED, ASKED, INVITED = "meeting.invitation_prepared", "meeting.approval_asked", "meeting.invited"
BY_CHAIR = "Approved in the portal, by the co-chair's own account."


@dataclass(frozen=True)
class InvitationPlan:
    """What the officer sets: until when (aware) an answer is asked for, which observers beside the participants of the
    body, seats for each delegation (None: no limit), reminders in hours before, the own words."""

    answer_by: dt.datetime
    observers: list[Participant] = field(default_factory=list)
    seats: int | None = None
    reminder_hours: list[int] = field(default_factory=lambda: [168, 48, 24])
    paragraph: str = ""


@transaction.atomic(durable=True)
def prepare_invitation(slug: str, plan: InvitationPlan, *, actor: User, key: uuid.UUID) -> MeetingInvitation:
    """Set or change the draft of an invitation; approval must be asked (again). One audit row; nobody is told.

    Raises NotAllowed (with the field): invited already, the meeting not ahead, a date in the past or after its begin,
    a body without participants, the officer's post ended.
    """
    if once(key, actor=actor, action=PREPARED):
        return MeetingInvitation.objects.get(meeting__slug=slug)
    meeting = lock_meeting(slug)
    require_staff(actor)
    rules.require(Verb.PREPARE, MeetingState(meeting.state))
    _check(meeting, plan.answer_by, clock())
    invitation = invitation_of(meeting) or MeetingInvitation(meeting=meeting, drafted_by=actor)
    if invitation.sent_at:  # postponed since: a new draft, of this person
        invitation.drafted_by = actor
        invitation.approved_by, invitation.approved_for, invitation.sent_at = None, None, None
        invitation.approval_evidence = ""
    invitation.changed_by, invitation.asked_at = actor, None
    invitation.answer_by, invitation.paragraph = plan.answer_by, plan.paragraph
    invitation.save()
    own = set(participants_of(meeting.series.body, today()).values_list("pk", flat=True))
    invitation.observers.set([one for one in plan.observers if one.pk not in own])
    meeting.seats, meeting.reminder_hours = plan.seats, sorted(set(plan.reminder_hours), reverse=True)
    meeting.save(update_fields=["seats", "reminder_hours"])
    settle(SUBJECT, slug)
    record_audit(PREPARED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title)
    done(key, actor=actor, action=PREPARED, result_ref=slug)
    return invitation


@transaction.atomic(durable=True)
def ask_invitation_approval(slug: str, *, actor: User, key: uuid.UUID) -> MeetingInvitation:
    """Ask the co-chairs of the body (or forum) and the managers to approve. One audit row; each of them but those who
    drafted it is told. Raises NotAllowed: no draft, out of office, nobody else could approve it."""
    if once(key, actor=actor, action=ASKED):
        return MeetingInvitation.objects.get(meeting__slug=slug)
    meeting = lock_meeting(slug)
    require_staff(actor)
    now = clock()
    rules.require(Verb.ASK_APPROVAL, MeetingState(meeting.state))
    invitation = _drafted(meeting)
    drafters = {invitation.drafted_by_id, invitation.changed_by_id}
    asked = [
        one
        for one in [*co_chair_addressees(meeting.series.body), *staff_addressees(Role.MANAGER)]
        if one.user_id not in drafters
    ]
    if not asked:
        raise NotAllowed("No co-chair and no manager but who drafted it is in office: nobody could approve this.")
    invitation.asked_at = now
    invitation.save(update_fields=["asked_at"])
    record_audit(ASKED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title)
    tell(
        Kind.MEETING_APPROVAL,
        meeting,
        asked,
        {"drafted_by": str(invitation.changed_by), "answer_by": invitation.answer_by},
        event=f"{Kind.MEETING_APPROVAL.value}:{invitation.pk}:{now.timestamp():.6f}",
        path=reverse("meetings:invitation-detail", args=[slug]),
        answer_by=invitation.answer_by,
    )
    done(key, actor=actor, action=ASKED, result_ref=slug)
    return invitation


@transaction.atomic(durable=True)
def approve_invitation(slug: str, *, co_chair: Participant, evidence: str, actor: User, key: uuid.UUID) -> Meeting:
    """A manager records a co-chair's approval with its evidence; the invitation goes out at once.

    Effects: see `_send`. The manager's appointment is held while it runs. Raises NotAllowed: not in office, drafted by
    the same person, not asked, sent already, no evidence, no co-chair of the body, its dates no longer hold.
    """
    if once(key, actor=actor, action=INVITED):
        return Meeting.objects.get(slug=slug)
    meeting = lock_meeting(slug)
    office = hold_office(actor, Role.MANAGER)
    now = clock()
    if office is None or not is_in_office(office, now):
        raise NotAllowed("You are not a manager any more. Nothing was sent.")
    if co_chair not in co_chairs_of(meeting.series.body, today()):
        raise NotAllowed(f"{co_chair} does not co-chair this body today.", "co_chair")
    _send(meeting, co_chair, evidence.strip(), actor, now)
    done(key, actor=actor, action=INVITED, result_ref=slug)
    return meeting


@transaction.atomic(durable=True)
def approve_invitation_as_chair(slug: str, *, actor: User, key: uuid.UUID) -> Meeting:
    """A co-chair of the body, or of the forum, approves by the own account. Effects and refusals as above, but that the
    co-chair's appointment is held, and that the deed itself is the evidence."""
    if once(key, actor=actor, action=INVITED):
        return Meeting.objects.get(slug=slug)
    meeting = lock_meeting(slug)
    chair = hold_chair(actor, meeting.series.body)
    now = clock()
    if chair is None or chair.participant is None:
        raise NotAllowed("You are not a co-chair of this body any more. Nothing was sent.")
    _send(meeting, chair.participant, BY_CHAIR, actor, now)
    done(key, actor=actor, action=INVITED, result_ref=slug)
    return meeting


def _send(meeting: Meeting, co_chair: Participant, evidence: str, actor: User, now: dt.datetime) -> None:
    """Effects in order: the rule asked, state and approval, one delegation for each participant, the request for
    approval settled, one audit row, one notice an address, one audit row of the round."""
    invitation = _drafted(meeting)
    after = rules.approve(
        MeetingState(meeting.state),
        was_asked=invitation.asked_at is not None,
        is_drafter=actor.pk in {invitation.drafted_by_id, invitation.changed_by_id},
        evidence=evidence,
    )
    _check(meeting, invitation.answer_by, now)
    meeting.state, meeting.called_off_reason, meeting.called_off_at = after.value, "", None
    meeting.save(update_fields=["state", "called_off_reason", "called_off_at"])
    invitation.approved_by, invitation.approved_for, invitation.approval_evidence = actor, co_chair, evidence
    invitation.sent_at = now
    invitation.remind_at = next_look(now, invitation.answer_by, meeting.reminder_hours, now)
    invitation.save()
    invited = _take_snapshot(meeting, invitation)
    settle(SUBJECT, meeting.slug)
    detail = {"invited": invited, "approved_for": co_chair.code, "answer_by": invitation.answer_by.isoformat()}
    record_audit(INVITED, actor=actor, kind=SUBJECT, ref=meeting.slug, label=meeting.title, detail=detail)
    notices = tell(
        Kind.MEETING_INVITED,
        meeting,
        everyone_invited(meeting),
        {"answer_by": invitation.answer_by, "paragraph": invitation.paragraph},
        event=f"{Kind.MEETING_INVITED.value}:{invitation.pk}:{now.timestamp():.6f}",
        path=reverse("meetings:delegation-own", args=[meeting.slug]),
        answer_by=invitation.answer_by,
    )
    record_round(meeting, notices, Kind.MEETING_INVITED, at=now, actor=actor)


def _take_snapshot(meeting: Meeting, invitation: MeetingInvitation) -> list[str]:
    """One delegation for each participant of the body and each chosen observer; codes of all. Who was invited before
    the meeting was postponed is asked anew, and keeps the list it gave."""
    known = {one.participant_id: one for one in meeting.delegations.all()}
    on = today()
    observers = set(observers_on(on).values_list("pk", flat=True))
    found = {one.pk: one for one in [*participants_of(meeting.series.body, on), *invitation.observers.all()]}
    Delegation.objects.bulk_create(
        Delegation(
            meeting=meeting,
            participant=one,
            capacity=(Capacity.OBSERVER if one.pk in observers else Capacity.MEMBER).value,
        )
        for one in found.values()
        if one.pk not in known
    )
    for one in known.values():
        one.state, one.is_late, one.answered_at, one.answered_by = DelegationState.INVITED.value, False, None, None
        one.means, one.received_at, one.evidence = "", None, ""
        one.version += 1
        one.save()
    return sorted(meeting.delegations.values_list("participant__code", flat=True))


def _drafted(meeting: Meeting) -> MeetingInvitation:
    invitation = MeetingInvitation.objects.select_related("changed_by").filter(meeting=meeting).first()
    if invitation is None:
        raise NotAllowed("No invitation was prepared for this meeting yet.")
    return invitation


def _check(meeting: Meeting, answer_by: dt.datetime, now: dt.datetime) -> None:
    rules.check_invitation(answer_by, now=now, begins=meeting.begins_at(forum().time_zone))
    if not participants_of(meeting.series.body, today()).exists():
        raise NotAllowed(f"{meeting.series.body} has no participants today: nobody could be invited.")
