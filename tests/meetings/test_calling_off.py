"""Postponed, cancelled: everyone invited is told, duties settle, nobody is reminded; postponed, it is called anew."""

import datetime as dt
import uuid
from typing import Any

import pytest

from audit.models import AuditEntry
from meetings import services
from meetings.models import Delegation, Meeting, MeetingInvitation, PaperRequest
from meetings.services import Paper
from members.clock import clock
from members.rules import NotAllowed
from notifications.enums import Kind
from notifications.models import Notice
from tests.factories.called import COMES, DAY, TOLD, CalledStage

pytestmark = pytest.mark.django_db


def call_off(verb: str, called: CalledStage, **values: Any) -> Meeting:
    deed = {"postpone": services.postpone_meeting, "cancel": services.cancel_meeting}[verb]
    given = {"reason": "A storm closed the airport.", "actor": called.officer, "key": uuid.uuid4(), **values}
    made: Meeting = deed(called.meeting.slug, **given)  # type: ignore[operator]
    return made


def ask_paper(called: CalledStage) -> PaperRequest:
    due = clock().date() + 20 * DAY
    paper = Paper(called.states[1], "How contact points work", due)
    return services.ask_paper(called.meeting.slug, paper, actor=called.officer, key=uuid.uuid4())


@pytest.mark.parametrize(
    ("verb", "state", "kind"),
    [("postpone", "postponed", Kind.MEETING_POSTPONED), ("cancel", "cancelled", Kind.MEETING_CANCELLED)],
)
def test_everyone_invited_is_told_and_nothing_is_asked_any_more(
    verb: str, state: str, kind: Kind, called: CalledStage
) -> None:
    called.invited()
    ask_paper(called)
    found = call_off(verb, called)
    assert (found.state, found.called_off_reason) == (state, "A storm closed the airport.")
    rows = Notice.objects.filter(kind=kind.value)
    assert {one.address for one in rows} == TOLD
    assert all("A storm closed the airport." in one.body for one in rows)
    assert not Notice.objects.filter(needs_answer=True, settled_at__isnull=True).exists()
    assert not MeetingInvitation.objects.filter(remind_at__isnull=False).exists()
    assert not PaperRequest.objects.filter(remind_at__isnull=False).exists()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == [f"meeting.{state}", "meeting.told"]
    assert AuditEntry.objects.latest("pk").detail["count"] == len(TOLD)


@pytest.mark.parametrize("verb", ["postpone", "cancel"])
def test_a_meeting_to_which_nobody_was_invited_tells_nobody(verb: str, called: CalledStage) -> None:
    called.approval_asked()
    call_off(verb, called)
    assert not Notice.objects.exclude(kind=Kind.MEETING_APPROVAL.value).exists()
    assert MeetingInvitation.objects.get().asked_at is None
    assert not AuditEntry.objects.filter(action="meeting.told").exists()


@pytest.mark.parametrize("verb", ["postpone", "cancel"])
def test_twice_the_same_submission_and_a_reason_left_out(verb: str, called: CalledStage) -> None:
    called.invited()
    with pytest.raises(NotAllowed, match="Write the reason"):
        call_off(verb, called, reason=" ")
    assert Meeting.objects.get(slug="called").state == "invited"
    key = uuid.uuid4()
    for _ in range(2):
        call_off(verb, called, key=key)
    assert Notice.objects.filter(body__contains="A storm").count() == len(TOLD)


def test_cancelled_cannot_be_taken_back(called: CalledStage) -> None:
    called.invited()
    call_off("cancel", called)
    for verb in ("postpone", "cancel"):
        with pytest.raises(NotAllowed, match="not ahead"):
            call_off(verb, called)


def test_postponed_to_new_days_and_called_anew(called: CalledStage) -> None:
    called.invited()
    called.answers(COMES)
    first = called.meeting.starts_on + 100 * DAY  # type: ignore[operator]
    found = call_off("postpone", called, first_day=first, last_day=first + DAY)
    assert (found.starts_on, found.latest_on) == (first, first + DAY)
    assert "New days: " in Notice.objects.filter(kind=Kind.MEETING_POSTPONED.value)[0].body
    called.invited(answer_by=clock() + 40 * DAY)
    row = Delegation.objects.get(participant__code="AA")
    assert (row.state, row.version, row.delegates.count()) == ("invited", 2, 2), "asked anew, the list is kept"
    assert Notice.objects.filter(kind=Kind.MEETING_INVITED.value).count() == 2 * len(TOLD)
    meeting = Meeting.objects.get(slug="called")
    assert (meeting.state, meeting.called_off_reason, meeting.called_off_at) == ("invited", "", None)


def test_new_days_are_ahead(called: CalledStage) -> None:
    called.invited()
    with pytest.raises(NotAllowed, match="not ahead") as refused:
        call_off("postpone", called, first_day=dt.date(2020, 1, 1))
    assert refused.value.field == "first_day"
    assert Meeting.objects.get(slug="called").state == "invited"


def test_a_deed_of_the_secretariat_alone(called: CalledStage) -> None:
    called.invited()
    for verb in ("postpone", "cancel"):
        with pytest.raises(NotAllowed, match="Your post in the secretariat"):
            call_off(verb, called, actor=called.focal_point)
