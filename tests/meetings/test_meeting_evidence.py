"""Evidence of notice of a meeting: sums equal the audit log and the list of the invited, or the page says what does
not."""

import uuid
from typing import Any

import pytest
from django.test import Client

from audit.models import AccessEntry
from meetings import services
from meetings.evidence import evidence, evidence_file
from meetings.models import Meeting, MeetingInvitation
from members.access import Reader, forum
from members.clock import clock
from members.models import User
from members.services import end_appointment
from notifications.models import Notice
from tests.endorsements.test_closing import accept_all
from tests.factories.called import CalledStage
from tests.factories.directory import ParticipantFactory
from tests.meetings.test_reminding import due

pytestmark = pytest.mark.django_db
PATH = "/meetings/called/evidence/"
QUERIES = 14


def page(show: str = "") -> dict[str, Any]:
    meeting = Meeting.objects.select_related("series__body").get(slug="called")
    return evidence(meeting, MeetingInvitation.objects.get(), Reader(), forum(), clock(), show=show)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_sums_equal_the_log_and_the_list_of_the_invited(called: CalledStage) -> None:
    due(called)
    called.answers()
    services.remind_due()
    services.postpone_meeting("called", reason="A storm.", actor=called.officer, key=uuid.uuid4())
    accept_all()
    found = page("all")
    assert found["differences"] == []
    names = {one.name: len(one.messages) for one in found["rounds"]}
    assert names == {"Invitation to a meeting": 8, "Reminder of an invitation": 4, "Meeting postponed": 8}
    assert found["message_count"] == 20 == sum(len(line.messages) for line in found["lines"])
    assert {line.participant.code for line in found["lines"]} == {"AA", "BB", "CC", "ORG", "OO"}
    for one in found["rounds"]:
        assert one.listed is not None
        assert one.sent + one.returned + one.waiting == len(one.messages)
    assert (found["answered"], found["invited"]) == (1, 5)


def test_a_message_that_is_gone_or_exchanged_is_a_difference_said_by_the_round(called: CalledStage) -> None:
    called.invited()
    Notice.objects.filter(address="ministry@aa.example").update(message_id="<forged@portal.example>")
    assert page()["differences"] == ["Invitation to a meeting: these are not the messages that the log of deeds lists."]
    Notice.objects.filter(address="ministry@aa.example").delete()
    assert page()["differences"] == ["Invitation to a meeting: the log of deeds lists 8 messages, the outbox holds 7."]
    assert "This does not add up" in signed_in(called.officer).get(PATH).content.decode()


def test_who_has_no_address_and_who_is_in_doubt_is_named(called: CalledStage) -> None:
    for one in called.organisation.appointments.all():
        end_appointment(one.pk, actor=None, reason="Left")
    called.invited()
    accept_all(but="CC")
    found = page()
    assert found["untold"] == ["ORG"]
    assert [line.participant.code for line in found["in_doubt"]] == ["CC", "ORG"]
    body = signed_in(called.officer).get(PATH).content.decode()
    assert "No message was written to ORG." in body
    assert "nobody has opened the invitation" in body


def test_staff_and_the_chairs_of_the_body_read_it(called: CalledStage) -> None:
    called.invited()
    for who, status in [
        ("officer", 200), ("manager", 200), ("co_chair", 200), ("focal_point", 404), ("reviewer", 404),
        ("observer", 404), ("stranger", 404), ("admin", 404),
    ]:  # fmt: skip
        for path in (PATH, f"{PATH}file/"):
            assert signed_in(getattr(called, who)).get(path).status_code == status, (who, path)
    assert "ministry@aa.example" in signed_in(called.officer).get(f"{PATH}?show=all").content.decode()
    assert "ministry@aa.example" not in signed_in(called.co_chair).get(f"{PATH}?show=all").content.decode()


def test_the_file_holds_every_message_and_taking_it_is_logged(called: CalledStage) -> None:
    called.invited()
    response = signed_in(called.officer).get(f"{PATH}file/")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert AccessEntry.objects.filter(subject_kind="evidence", subject_ref="meeting/called").count() == 1
    meeting = Meeting.objects.select_related("series__body").get(slug="called")
    data = evidence_file(meeting, MeetingInvitation.objects.get(), Reader(), forum(), clock())
    messages = data["tables"][-1]["rows"]
    assert len(messages) == 8
    assert {row[4] for row in messages} == {
        one.message_id.strip("<>") for one in Notice.objects.filter(kind="meeting.invited")
    }


@pytest.mark.parametrize("more", [0, 30])
def test_queries_do_not_grow(more: int, called: CalledStage, django_assert_num_queries: Any) -> None:
    for _ in range(more):
        called.body.memberships.create(participant=ParticipantFactory())
    called.invited()
    client = signed_in(called.officer)
    with django_assert_num_queries(QUERIES):
        client.get(f"{PATH}?show=all")
