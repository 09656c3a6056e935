"""The page by which an officer reminds members."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from endorsements.enums import PositionKind
from endorsements.models import Circulation
from members.models import Participant, User
from members.services import end_appointment
from notifications.enums import Kind
from notifications.models import Notice
from tests.endorsements.test_reminders import move_everyone, reminded, zone_where_it_is
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def proved(settings: Any) -> None:
    """The proof of a moment ago is the subject of other tests."""
    settings.REAUTHENTICATE_SECONDS = 10**9


def page(stage: Stage, circulation: Circulation, data: dict[str, object] | None = None) -> Any:
    client, url = signed_in(stage.officer), reverse("endorsements:circulation-remind", args=[circulation.ref])
    return client.post(url, {"key": uuid.uuid4(), **data}, follow=True) if data is not None else client.get(url)


def text(response: Any) -> str:
    found = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(found))


def test_it_says_how_many_mails_to_how_many_and_what_time_it_is_there(stage: Stage) -> None:
    circulation = stage.opened()
    move_everyone(zone_where_it_is(12))
    Participant.objects.filter(code="BB").update(time_zone=zone_where_it_is(3))
    words = text(page(stage, circulation))
    assert "5 e-mails to 3 participants" in words
    assert re.search(r"Aland: 3 e-mails, it is 12:\d\d there", words)
    assert re.search(r"Borland: 1 e-mail, it is 03:\d\d there, outside office hours", words)
    assert "outside office hours (08:00 to 18:00) for 1 participant" in words
    assert reminded() == [], "looking sends nothing"


def test_those_ticked_are_reminded_and_the_page_says_when(stage: Stage) -> None:
    circulation = stage.opened()
    words = text(page(stage, circulation, {"participants": ["BB", "CC"]}))
    assert "2 reminders are on the way." in words
    assert set(reminded()) == {"focal.bb@members.example", "focal.cc@members.example"}
    assert "2 reminders queued" in words, "the register's extract on the board"
    assert "Borland: 1 e-mail" in text(page(stage, circulation))
    assert "last reminded" in text(page(stage, circulation))


def test_who_replied_meanwhile_is_left_out_and_who_never_was_asked_gets_nothing(stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE, by=stage.other, of=stage.states[1])
    assert "1 reminder is on the way." in text(page(stage, circulation, {"participants": ["BB", "CC", "ORG", "OO"]}))
    assert reminded() == ["focal.cc@members.example"]
    assert "Nobody was reminded." in text(page(stage, circulation, {"participants": ["BB"]}))


def test_nothing_ticked_is_said_and_sends_nothing(stage: Stage) -> None:
    assert "Tick at least one, or go back to the board." in text(page(stage, stage.opened(), {}))
    assert reminded() == []


def test_a_participant_without_any_address_is_named(stage: Stage) -> None:
    circulation = stage.opened()
    end_appointment(stage.third.appointments.get().pk, actor=stage.officer, reason="Left")
    assert "No mail reaches Corland." in text(page(stage, circulation))


def test_when_all_have_replied_nobody_is_left(stage: Stage) -> None:
    circulation = stage.opened()
    for person, state in zip([stage.focal_point, stage.other, stage.third], stage.states, strict=True):
        stage.reply(circulation, PositionKind.ENDORSE, by=person, of=state)
    assert "Nobody is left to remind." in text(page(stage, circulation))
    board = signed_in(stage.officer).get(circulation.get_absolute_url())
    assert "Remind members" not in text(board)


def test_the_board_leads_there_and_ended_circulations_do_not(stage: Stage) -> None:
    circulation = stage.opened()
    assert "Remind members" in text(signed_in(stage.officer).get(circulation.get_absolute_url()))
    stage.reply(circulation, PositionKind.OBJECTION)
    assert page(stage, circulation).status_code == 403
    assert not Notice.objects.filter(kind=Kind.CIRCULATION_REMINDER.value).exists()
