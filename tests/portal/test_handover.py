"""A successor's first day: what was handed over, from one's own record; the predecessor's access ends that second."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from endorsements.enums import PositionKind
from endorsements.models import Circulation, Position
from members.clock import clock
from members.enums import Role
from members.models import Appointment, User
from members.services import end_appointment, write_note
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.directory import AppointmentFactory, UserFactory
from tests.portal.access import PERSONAS, make_world
from tests.portal.test_participant_reach import end_now

pytestmark = pytest.mark.django_db

NOTE = "Marker note: Labour needs five working days."
HOUR = dt.timedelta(hours=1)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def path_of(stage: Stage) -> str:
    return reverse("handover-detail", args=[stage.states[0].slug])


def page_of(user: User, stage: Stage) -> str:
    response = client_of(user).get(path_of(stage))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def section(page: str, name: str) -> str:
    found = re.search(rf'<section[^>]*aria-labelledby="{name}">.*?</section>', page)
    return found.group() if found else ""


@dataclass
class Succession:
    stage: Stage
    successor: User
    circulations: dict[str, Circulation]


SAID = {
    "Agreed guide": PositionKind.ENDORSE,
    "Proposed guide": PositionKind.ENDORSE_WITH_PROPOSALS,
    "Refused guide": PositionKind.OBJECTION,
    "Silent guide": None,
    "Answered guide": PositionKind.MORE_TIME,
    "Later guide": None,
    "Sooner guide": None,
}
RUNNING = {"Answered guide", "Later guide", "Sooner guide"}


@pytest.fixture
def succession() -> Succession:
    """The focal point of AA answered, wrote a note and left; the successor came a moment ago."""
    stage = Stage(terms={"unreached_hold": False})
    made = {}
    for title, kind in SAID.items():
        stage.version = VersionFactory(document__body=stage.body, document__title=title)
        made[title] = stage.opened(seconds=3600 if title == "Sooner guide" else 7200)
        if kind:
            stage.reply(made[title], kind)
        if title not in RUNNING and kind != PositionKind.OBJECTION:
            end_now(made[title])
    write_note(stage.states[0], text=NOTE, version=0, actor=stage.focal_point, key=uuid.uuid4())
    stage.focal_point.appointments.update(function="Head of the Harbour desk")
    end_appointment(stage.focal_point.appointments.get().pk, actor=stage.officer, reason="Moved")
    successor = UserFactory(email="successor.aa@members.example")
    AppointmentFactory(user=successor, participant=stage.states[0], starts_at=clock())
    return Succession(stage, successor, made)


def test_page_says_what_was_said_endorsed_proposed_and_is_owed(succession: Succession) -> None:
    page = page_of(succession.successor, succession.stage)
    owes = section(page, "owes")
    assert re.findall(r">(\w+ guide)<", owes) == ["Sooner guide", "Later guide"], "soonest first"
    endorsed = section(page, "endorsed")
    assert re.findall(r'href="[^"]*">(\w+ guide)<', endorsed) == ["Proposed guide", "Agreed guide"], "newest first"
    assert 'class="chip r-proposals"' in endorsed
    assert "by Focal aa, focal point" in endorsed
    otherwise = section(page, "otherwise")
    assert re.findall(r'href="[^"]*">(\w+ guide)<', otherwise) == ["Answered guide", "Refused guide"]
    assert 'class="chip r-objection"' in otherwise
    assert "Paragraph 2 is too long." in section(page, "proposed")
    assert "Silent guide" in section(page, "silent")
    assert "Two drafts" not in page
    assert "2 drafts wait for a reply." in page


def test_page_names_who_spoke_before_the_people_now_and_the_note(succession: Succession) -> None:
    page = page_of(succession.successor, succession.stage)
    before = section(page, "before")
    assert "Focal aa" in before
    assert "Head of the Harbour desk" in before
    assert "1 January 2019 to" in before
    people = section(page, "people")
    for name in ("Successor aa", "Alternate aa", "Reviewer aa"):
        assert name in people
    assert "Focal aa" not in people
    assert NOTE in section(page, "hand")


def test_home_leads_there_once_in_a_session_until_it_was_read(succession: Succession) -> None:
    client, path = client_of(succession.successor), path_of(succession.stage)
    first = client.get("/")
    assert (first.status_code, first.headers["Location"]) == (302, path)
    second = client.get("/").content.decode()
    assert "Read what was handed over to you" in second
    assert path in second
    assert client_of(succession.successor).get("/").status_code == 302, "a new session is led there again"
    for _ in range(2):
        client.get(path)
    assert Appointment.objects.get(user=succession.successor).welcomed_at is None, "to look at it changes nothing"
    assert "I have read it" in client.get(path).content.decode()
    key, before = uuid.uuid4(), AuditEntry.objects.count()
    for _ in range(2):
        answer = client.post(reverse("handover-confirm", args=["aa"]), {"key": key})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert Appointment.objects.get(user=succession.successor).welcomed_at is not None
    assert AuditEntry.objects.count() == before + 1
    fresh = client_of(succession.successor)
    assert "handed over" not in fresh.get("/").content.decode()
    page = fresh.get(path).content.decode()
    assert "I have read it" not in page
    assert "What you take over" in page, "it stays"
    assert path in fresh.get(succession.stage.states[0].get_absolute_url()).content.decode()


def test_confirming_without_a_key_or_a_right_changes_nothing(succession: Succession) -> None:
    path = reverse("handover-confirm", args=["aa"])
    answer = client_of(succession.successor).post(path, {}, follow=True)
    assert "This page is out of date." in answer.content.decode()
    assert client_of(succession.stage.reviewer).post(path, {"key": uuid.uuid4()}).status_code == 403
    assert not Appointment.objects.exclude(welcomed_at=None).exists()


@pytest.mark.parametrize("who", ["focal_point", "alternate", "reviewer", "other", "officer"])
def test_home_leads_nobody_there_who_follows_nobody(who: str) -> None:
    stage = Stage()
    assert client_of(getattr(stage, who)).get("/").status_code == 200


def test_home_leads_a_reviewer_and_a_returning_person_nowhere(succession: Succession) -> None:
    stage = succession.stage
    late = UserFactory(email="late.reviewer@members.example")
    AppointmentFactory(user=late, participant=stage.states[0], role=Role.REVIEWER.value, starts_at=clock())
    assert client_of(late).get("/").status_code == 200
    alone = UserFactory(email="alone@members.example")
    for starts_at, ends_at in [(clock() - 3 * HOUR, clock() - HOUR), (clock(), None)]:
        AppointmentFactory(
            user=alone, participant=stage.observer_state, starts_at=starts_at, ends_at=ends_at, role="focal_point"
        )
    assert client_of(alone).get("/").status_code == 200, "who follows only oneself"


def test_page_of_a_participant_without_record_says_so() -> None:
    stage = Stage()
    page = page_of(stage.focal_point, stage)
    assert "No draft waits for its reply." in page
    assert "Nothing. Every draft that is open has its reply." in page
    assert "Nobody whose term has ended." in page
    assert "Nothing is written yet." in page


@pytest.mark.parametrize("persona", PERSONAS)
def test_page_is_for_its_own_people_alone(persona: str) -> None:
    world = make_world()
    status = world.client(persona).get(path_of(world.stage)).status_code
    expected = {"focal_point": 200, "alternate": 200, "reviewer": 200, "anonymous": 302, "suspended": 302}
    assert status == expected.get(persona, 404)


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_for_one_and_three(number: int, django_assert_num_queries: Any) -> None:
    stage = Stage(terms={"unreached_hold": False})
    for kind in [None, PositionKind.ENDORSE, PositionKind.ENDORSE_WITH_PROPOSALS, PositionKind.NO_POSITION] * number:
        stage.version = VersionFactory(document__body=stage.body, paragraphs=1)
        circulation = stage.opened()
        if kind:
            stage.reply(circulation, kind)
    for index in range(number):
        AppointmentFactory(user=UserFactory(), participant=stage.states[0], ends_at=clock())
        AppointmentFactory(user=UserFactory(email=f"more{index}@aa.example"), participant=stage.states[0])
    client = client_of(stage.focal_point)
    with django_assert_num_queries(9):
        client.get(path_of(stage))


def test_predecessor_loses_all_of_it_at_the_next_request_of_an_open_session() -> None:
    """The session stays open; nothing of the participant is behind it any more. Deeds recorded stay."""
    stage = Stage()
    circulation = stage.opened()
    position = stage.reply(circulation, PositionKind.ENDORSE)
    write_note(stage.states[0], text=NOTE, version=0, actor=stage.focal_point, key=uuid.uuid4())
    client = client_of(stage.focal_point)
    note = reverse("members:handover-note-change", args=["aa"])
    receipt = reverse("endorsements:position-receipt", args=[circulation.ref, position.pk])
    paths = [path_of(stage), note, receipt, circulation.get_absolute_url()]
    assert [client.get(path).status_code for path in paths] == [200] * 4
    end_appointment(stage.focal_point.appointments.get().pk, actor=stage.officer, reason="Moved")
    assert [client.get(path).status_code for path in paths] == [404] * 4
    changed = {"key": uuid.uuid4(), "version": "1", "text": "Mine"}
    reply = {"key": uuid.uuid4(), "participant": "AA", "kind": "objection", "no_reason": "on"}
    assert client.post(note, changed).status_code == 404
    assert client.post(reverse("endorsements:position-record", args=[circulation.ref]), reply).status_code == 404
    assert client.post(reverse("handover-confirm", args=["aa"]), {"key": uuid.uuid4()}).status_code == 404
    assert circulation.version.document.title not in client.get("/").content.decode()
    assert NOTE not in client.get(stage.states[0].get_absolute_url()).content.decode()
    assert Position.objects.get() == position


def test_twin_an_appointment_that_is_not_ended_keeps_its_access() -> None:
    """What the test above sees is the ending, and nothing else that happened."""
    stage = Stage()
    client = client_of(stage.focal_point)
    end_appointment(stage.alternate.appointments.get().pk, actor=stage.officer, reason="Moved")
    assert client.get(path_of(stage)).status_code == 200


def test_access_begins_and_ends_at_the_instant_of_the_appointment() -> None:
    """[starts_at, ends_at) by the database's clock, with no task run in between."""
    stage = Stage()
    client = client_of(stage.focal_point)
    mine = stage.focal_point.appointments
    for starts, ends, status in [
        (Now() + HOUR, None, 404),
        (Now() - HOUR, Now() - dt.timedelta(microseconds=1), 404),
        (Now() - HOUR, Now() + HOUR, 200),
    ]:
        mine.update(starts_at=starts, ends_at=ends)
        assert client.get(path_of(stage)).status_code == status


def test_of_two_terms_that_follow_each_other_the_present_one_counts() -> None:
    """A renewed term that begins tomorrow does not stop the reply of today."""
    stage = Stage()
    stage.focal_point.appointments.update(ends_at=clock() + HOUR)
    AppointmentFactory(user=stage.focal_point, participant=stage.states[0], starts_at=clock() + HOUR)
    position = stage.reply(stage.opened(), PositionKind.ENDORSE)
    assert position.appointment.starts_at < clock()
