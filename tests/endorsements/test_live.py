"""The board that its page asks for every few seconds: nothing while nothing changes, the parts when something does."""

import re
import uuid
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessEntry
from audit.services import record_access
from endorsements import services
from endorsements.contexts.board import SHOWS, board
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from members.access import Reader, forum
from members.clock import clock
from members.models import User
from members.services import end_appointment
from notifications.models import Notice
from tests.endorsements.test_closing import accept_all
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db
QUERIES_OF_THE_DOOR, QUERIES_OF_THE_VERSION = 4, 2
"""Session, person, posts and the circulation; then what the board stands at."""


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked_by(text: str) -> str:
    """The address that a page asks every few seconds; empty when it does not ask."""
    found = re.search(r'hx-get="([^"]+)"', text)
    return unescape(found[1]) if found else ""


def page(client: Client, circulation: Circulation, query: str = "") -> str:
    return client.get(circulation.get_absolute_url() + query).content.decode()


def test_nothing_changed_is_an_empty_answer_in_six_queries(stage: Stage) -> None:
    circulation = stage.opened()
    client = client_of(stage.officer)
    path = asked_by(page(client, circulation))
    with CaptureQueriesContext(connection) as found:
        answer = client.get(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(found) == QUERIES_OF_THE_DOOR + QUERIES_OF_THE_VERSION


def test_each_change_that_shows_brings_the_parts_once(stage: Stage) -> None:
    circulation = stage.opened()
    client = client_of(stage.officer)
    changes = {
        "a reply": lambda: stage.reply(circulation, PositionKind.ENDORSE),
        "mail that was taken": accept_all,
        "mail that came back": lambda: Notice.objects.filter(address="ministry@aa.example").update(state="bounced"),
        "a draft that was opened": lambda: record_access(
            stage.other, kind="circulation", ref=circulation.ref, on_behalf_of="BB"
        ),
        "a reminder": lambda: services.remind_now(circulation.ref, ["CC"], actor=stage.officer, key=uuid.uuid4()),
        "the end": lambda: services.withdraw_circulation(
            circulation.ref, reason="Revised.", actor=stage.officer, key=uuid.uuid4()
        ),
    }
    path = asked_by(page(client, circulation))
    for name, change in changes.items():
        change()
        answer = client.get(path)
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert "<html" not in text
        path = asked_by(text) or path
        assert name == "the end" or client.get(path).status_code == 204, name
    assert not asked_by(text), "it stops when the circulation has ended"
    assert "Withdrawn" in text
    assert not asked_by(page(client, circulation))


def test_the_deadline_shows_although_no_row_changed(stage: Stage) -> None:
    circulation = stage.opened()
    client = client_of(stage.officer)
    path = asked_by(page(client, circulation))
    Circulation.objects.filter(pk=circulation.pk).update(opened_at="2026-01-01T00:00Z", expires_at="2026-01-02T00:00Z")
    text = client.get(path).content.decode()
    assert "Closed, being counted" in text
    assert client.get(asked_by(text)).status_code == 204


def test_the_tally_is_said_again_only_when_the_register_grew(stage: Stage) -> None:
    """A live region that is written again is read out again."""
    circulation = stage.opened()
    client = client_of(stage.officer)
    path = asked_by(page(client, circulation))
    accept_all()
    text = client.get(path).content.decode()
    assert 'board-said" class' not in text
    stage.reply(circulation, PositionKind.ENDORSE)
    text = client.get(asked_by(text)).content.decode()
    assert "1 of 3 replied: 1 endorsed." in text


@pytest.mark.parametrize(("who", "expected"), [("officer", 204), ("co_chair", 204), ("focal_point", 404)])
def test_the_door_is_that_of_the_board(stage: Stage, who: str, expected: int) -> None:
    circulation = stage.opened()
    path = asked_by(page(client_of(stage.officer), circulation))
    assert client_of(getattr(stage, who)).get(path).status_code == expected


def test_a_draft_has_no_live_board_and_a_delegate_s_page_never_asks(stage: Stage) -> None:
    circulation = stage.draft()
    live = reverse("endorsements:circulation-live", args=[circulation.ref])
    assert client_of(stage.officer).get(live).status_code == 404
    stage.version = type(stage.version).objects.get(pk=stage.version.pk)
    services.ask_approval(circulation.ref, actor=stage.officer, key=uuid.uuid4())
    services.approve_as_chair(circulation.ref, actor=stage.co_chair, key=uuid.uuid4())
    assert not asked_by(page(client_of(stage.focal_point), circulation))


def test_asking_is_no_opening(stage: Stage) -> None:
    circulation = stage.opened()
    client = client_of(stage.co_chair)
    path = asked_by(page(client, circulation))
    before = AccessEntry.objects.count()
    client.get(path)
    client.get(path + "x")
    assert AccessEntry.objects.count() == before


def test_sort_and_filter_survive_each_other_and_the_asking(stage: Stage) -> None:
    circulation = stage.opened()
    client = client_of(stage.officer)
    text = page(client, circulation, "?sort=time&show=silent")
    path = asked_by(text)
    assert "sort=time&show=silent" in path
    assert "?sort=reply&amp;show=silent" in text
    assert "?sort=time&amp;show=objected" in text
    stage.reply(circulation, PositionKind.ENDORSE)
    text = client.get(path).content.decode()
    assert 'id="cell-BB"' in text
    assert 'id="cell-AA"' not in text
    assert "sort=time&show=silent" in asked_by(text)


def test_the_filter_shows_whom_it_says(stage: Stage) -> None:
    stage.terms = {"objections_that_stop": 2}
    circulation = stage.opened()
    accept_all()
    Notice.objects.filter(participant_code="BB").update(state="bounced")
    stage.reply(circulation, PositionKind.OBJECTION)
    record_access(stage.third, kind="circulation", ref=circulation.ref, on_behalf_of="CC")
    shown = {
        show: [cell.code for cell in board(circulation, Reader(), forum(), clock(), show=show)["cells"]]
        for show in SHOWS
    }
    assert shown == {
        "all": ["AA", "BB", "CC", "ORG"],
        "silent": ["BB", "CC"],
        "objected": ["AA"],
        "unreached": ["BB"],
        "doubt": ["BB"],
    }
    end_appointment(stage.third.appointments.get().pk, actor=stage.officer, reason="Left")
    found = board(circulation, Reader(), forum(), clock(), show="doubt")
    assert [cell.code for cell in found["cells"]] == ["BB", "CC"]
    assert [label for _, label, _, _ in found["shows"]] == [
        "All (4)",
        "Not replied (2)",
        "Objected (1)",
        "Not reached (2)",
        "In doubt (2)",
    ]
