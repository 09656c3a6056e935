"""Calling a meeting: the rows, the one audit row of each deed, exactly these recipients; on refusal nothing at all."""

import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEntry
from meetings import services
from meetings.enums import DelegationState, MeetingState
from meetings.models import Delegation, Meeting, MeetingInvitation
from members.clock import clock
from members.enums import Role
from members.models import Standing
from members.rules import NotAllowed
from members.services import end_appointment
from notifications.enums import Kind
from notifications.evidence import list_sha256
from notifications.models import Notice
from tests.factories.called import DAY, MAY_ANSWER, TOLD, CalledStage

pytestmark = pytest.mark.django_db


def told(kind: Kind) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind.value).values_list("address", flat=True))


def actions() -> list[str]:
    rows = AuditEntry.objects.filter(subject_kind="meeting").order_by("pk")
    return list(rows.values_list("action", flat=True))


def everything() -> list[object]:
    """All that the deeds write."""
    rows = [model.objects.count() for model in (Delegation, AuditEntry, Notice)]
    meetings = list(Meeting.objects.values_list("state", "seats", "reminder_hours"))
    return [rows, meetings, list(MeetingInvitation.objects.values())]


def test_prepare_writes_the_draft_and_tells_nobody(called: CalledStage) -> None:
    made = called.prepared(seats=4, reminder_hours=[24, 168, 24], paragraph="Bring a coat.")
    called.meeting.refresh_from_db()
    assert (called.meeting.seats, called.meeting.reminder_hours) == (4, [168, 24])
    assert list(made.observers.all()) == [called.observer_state]
    assert (made.drafted_by, made.changed_by, made.paragraph) == (called.officer, called.officer, "Bring a coat.")
    assert called.meeting.state == MeetingState.PLANNED
    assert actions() == ["meeting.invitation_prepared"]
    assert not Notice.objects.exists()


def test_prepare_again_asks_for_approval_anew(called: CalledStage) -> None:
    called.approval_asked()
    services.prepare_invitation(called.meeting.slug, called.invitation_plan(), actor=called.manager, key=uuid.uuid4())
    invitation = MeetingInvitation.objects.get()
    assert invitation.asked_at is None
    assert (invitation.drafted_by, invitation.changed_by) == (called.officer, called.manager)
    assert not Notice.objects.filter(settled_at__isnull=True, needs_answer=True).exists()


def test_a_participant_of_the_body_is_no_observer(called: CalledStage) -> None:
    made = called.prepared(observers=[called.states[0], called.observer_state])
    assert list(made.observers.all()) == [called.observer_state]


def test_ask_tells_co_chairs_and_managers_but_who_drafted(called: CalledStage) -> None:
    called.approval_asked()
    assert told(Kind.MEETING_APPROVAL) == ["co.chair@members.example", "manager@members.example"]
    assert actions()[-1] == "meeting.approval_asked"
    services.prepare_invitation(called.meeting.slug, called.invitation_plan(), actor=called.manager, key=uuid.uuid4())
    Notice.objects.all().delete()
    services.ask_invitation_approval(called.meeting.slug, actor=called.officer, key=uuid.uuid4())
    assert told(Kind.MEETING_APPROVAL) == ["co.chair@members.example"]


def test_approval_invites_everyone_in_the_same_deed(called: CalledStage) -> None:
    called.invited()
    assert called.meeting.state == MeetingState.INVITED
    rows = Delegation.objects.order_by("participant__code").values_list("participant__code", "state", "capacity")
    assert list(rows) == [
        ("AA", "invited", "member"),
        ("BB", "invited", "member"),
        ("CC", "invited", "member"),
        ("OO", "invited", "observer"),
        ("ORG", "invited", "member"),
    ]
    notices = list(Notice.objects.filter(kind=Kind.MEETING_INVITED.value))
    assert {one.address for one in notices} == TOLD
    assert {one.address for one in notices if one.needs_answer} == MAY_ANSWER
    invitation = MeetingInvitation.objects.get()
    assert {one.answer_by for one in notices if one.needs_answer} == {invitation.answer_by}
    assert all(one.path == "/meetings/called/delegation/" for one in notices)
    assert (invitation.approved_by, invitation.approved_for) == (called.manager, called.states[1])
    assert actions()[-2:] == ["meeting.invited", "meeting.told"]
    detail = AuditEntry.objects.get(action="meeting.told").detail
    assert (detail["count"], detail["list_sha256"]) == (8, list_sha256(one.message_id for one in notices))
    assert not Notice.objects.filter(kind=Kind.MEETING_APPROVAL.value, settled_at__isnull=True).exists()


def test_a_co_chair_approves_by_the_own_account(called: CalledStage) -> None:
    called.approval_asked()
    services.approve_invitation_as_chair(called.meeting.slug, actor=called.co_chair, key=uuid.uuid4())
    invitation = MeetingInvitation.objects.get()
    assert invitation.approved_for == called.states[1]
    assert "by the co-chair's own account" in invitation.approval_evidence
    assert set(told(Kind.MEETING_INVITED)) == TOLD


def test_the_same_submission_twice_has_one_effect(called: CalledStage) -> None:
    called.approval_asked()
    key = uuid.uuid4()
    for _ in range(2):
        services.approve_invitation_as_chair(called.meeting.slug, actor=called.co_chair, key=key)
    assert len(told(Kind.MEETING_INVITED)) == len(TOLD)
    assert actions().count("meeting.invited") == 1


def approve(called: CalledStage, **changes: object) -> None:
    values = {"co_chair": called.states[1], "evidence": "A letter.", "actor": called.manager, **changes}
    services.approve_invitation(called.meeting.slug, key=uuid.uuid4(), **values)  # type: ignore[arg-type]


def not_asked(called: CalledStage) -> Callable[[], object]:
    called.prepared()
    return lambda: approve(called)


def no_evidence(called: CalledStage) -> Callable[[], object]:
    called.approval_asked()
    return lambda: approve(called, evidence=" ")


def no_co_chair(called: CalledStage) -> Callable[[], object]:
    called.approval_asked()
    return lambda: approve(called, co_chair=called.states[0])


def officer_approves(called: CalledStage) -> Callable[[], object]:
    called.approval_asked()
    return lambda: approve(called, actor=called.officer)


def drafter_approves(called: CalledStage) -> Callable[[], object]:
    services.prepare_invitation(called.meeting.slug, called.invitation_plan(), actor=called.manager, key=uuid.uuid4())
    services.ask_invitation_approval(called.meeting.slug, actor=called.officer, key=uuid.uuid4())
    return lambda: approve(called)


def who_changed_it_approves(called: CalledStage) -> Callable[[], object]:
    called.prepared()
    services.prepare_invitation(called.meeting.slug, called.invitation_plan(), actor=called.manager, key=uuid.uuid4())
    services.ask_invitation_approval(called.meeting.slug, actor=called.officer, key=uuid.uuid4())
    return lambda: approve(called)


def twice(called: CalledStage) -> Callable[[], object]:
    called.invited()
    return lambda: approve(called)


def date_passed(called: CalledStage) -> Callable[[], object]:
    called.approval_asked()
    MeetingInvitation.objects.update(answer_by=clock() - DAY)
    return lambda: approve(called)


def body_is_empty(called: CalledStage) -> Callable[[], object]:
    called.approval_asked()
    called.body.memberships.all().delete()
    return lambda: approve(called)


def manager_left(called: CalledStage) -> Callable[[], object]:
    called.approval_asked()
    end_appointment(called.manager.appointments.get().pk, actor=None, reason="Moved")
    return lambda: approve(called)


def chair_of_another_body(called: CalledStage) -> Callable[[], object]:
    from tests.factories.directory import BodyFactory

    called.approval_asked()
    other = called.person("chair.other", Role.CO_CHAIR, called.states[2], body=BodyFactory(slug="other"))
    return lambda: services.approve_invitation_as_chair(called.meeting.slug, actor=other, key=uuid.uuid4())


def prepare_after_sending(called: CalledStage) -> Callable[[], object]:
    called.invited()
    plan = called.invitation_plan()
    return lambda: services.prepare_invitation(called.meeting.slug, plan, actor=called.officer, key=uuid.uuid4())


def prepare_too_late(called: CalledStage) -> Callable[[], object]:
    plan = called.invitation_plan(answer_by=clock() + 90 * DAY)
    return lambda: services.prepare_invitation(called.meeting.slug, plan, actor=called.officer, key=uuid.uuid4())


def prepare_by_stranger(called: CalledStage) -> Callable[[], object]:
    plan = called.invitation_plan()
    return lambda: services.prepare_invitation(called.meeting.slug, plan, actor=called.focal_point, key=uuid.uuid4())


def ask_without_draft(called: CalledStage) -> Callable[[], object]:
    slug = called.meeting.slug
    return lambda: services.ask_invitation_approval(slug, actor=called.officer, key=uuid.uuid4())


def nobody_could_approve(called: CalledStage) -> Callable[[], object]:
    called.prepared()
    for one in (called.manager, called.co_chair):
        end_appointment(one.appointments.get().pk, actor=None, reason="Moved")
    slug = called.meeting.slug
    return lambda: services.ask_invitation_approval(slug, actor=called.officer, key=uuid.uuid4())


REFUSED = {
    not_asked: "Approval was not asked",
    no_evidence: "Say how the co-chair approved",
    no_co_chair: "does not co-chair this body",
    officer_approves: "not a manager",
    drafter_approves: "You prepared this invitation",
    who_changed_it_approves: "You prepared this invitation",
    twice: "went out already",
    date_passed: "This date has passed",
    body_is_empty: "nobody could be invited",
    manager_left: "not a manager any more",
    chair_of_another_body: "not a co-chair of this body",
    prepare_after_sending: "can not be changed any more",
    prepare_too_late: "The meeting begins before this",
    prepare_by_stranger: "Your post in the secretariat has ended",
    ask_without_draft: "No invitation was prepared",
    nobody_could_approve: "nobody could approve this",
}


@pytest.mark.parametrize("case", REFUSED, ids=lambda one: one.__name__)
def test_refused_with_nothing_left_behind(
    case: Callable[[CalledStage], Callable[[], object]], called: CalledStage
) -> None:
    assert called.meeting.pk
    deed = case(called)
    before = everything()
    with pytest.raises(NotAllowed, match=REFUSED[case]):
        deed()
    assert everything() == before


def test_the_database_refuses_one_person_for_draft_and_approval(called: CalledStage) -> None:
    called.invited()
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingInvitation.objects.update(approved_by=called.officer)


def test_who_has_no_standing_is_invited_as_a_member_of_the_body(called: CalledStage) -> None:
    Standing.objects.filter(participant=called.states[2]).delete()
    called.invited()
    assert Delegation.objects.get(participant=called.states[2]).state == DelegationState.INVITED
