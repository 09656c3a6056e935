"""Whether each participant can be reached: on the directory and on its own page, for the secretariat alone."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from members.models import OfficialAddress, Participant, User
from members.services import end_appointment
from notifications.enums import NoticeState
from notifications.models import Notice
from notifications.queries import newest_to
from tests.endorsements.test_closing import accept_all
from tests.factories.circulations import Stage
from tests.factories.directory import ParticipantFactory, StandingFactory

pytestmark = pytest.mark.django_db
LIST_QUERIES = 12
"""Those of the public list, of who is signed in, and three for all participants."""


@pytest.fixture
def stage(db: None) -> Stage:
    """Aland: one of its addresses returned; Borland: all did; Corland: vacant; a member without an address."""
    made = Stage()
    made.opened()
    accept_all()
    for address in ("ministry@aa.example", "focal.bb@members.example"):
        Notice.objects.filter(address=address).update(state=NoticeState.BOUNCED.value)
    OfficialAddress.objects.create(participant=made.states[2], email="ministry@cc.example")
    end_appointment(made.third.appointments.get().pk, actor=made.officer, reason="Left")
    StandingFactory(participant=ParticipantFactory(code="DD", short_name="Dland"))
    return made


def page(user: User | None, path: str) -> str:
    client = Client()
    if user:
        client.force_login(user)
    return re.sub(r"\s+", " ", client.get(path).content.decode())


def chips(text: str) -> dict[str, tuple[str, str]]:
    """Name of the participant → label and remark."""
    rows = re.findall(r'<li><a class="serif[^>]*>(.*?)</a>(.*?)</li>', text)
    found = re.compile(r'<span class="chip [\w-]+">(.*?)</span>(?: <span class="note">(.*?)</span>)?')
    return {name: (one[1], one[2] or "") for name, rest in rows if (one := found.search(rest))}


def test_the_secretariat_sees_in_the_directory_who_can_be_reached(stage: Stage) -> None:
    found = chips(page(stage.officer, "/members/"))
    assert {name: found[name] for name in ("Aland", "Borland", "Corland", "Dland")} == {
        "Aland": ("Reached", "Mail came back from 1 of 4 addresses"),
        "Borland": ("Came back", ""),
        "Corland": ("Vacant", ""),
        "Dland": ("No address", ""),
    }


def test_nobody_else_sees_it_and_no_past_day_does(stage: Stage) -> None:
    for user in (None, stage.focal_point, stage.co_chair, stage.observer, stage.admin):
        assert chips(page(user, "/members/")) == {}
    assert chips(page(stage.officer, "/members/?on=2013-04-01")) == {}


def test_its_own_page_says_the_same_in_a_sentence(stage: Stage) -> None:
    said = {
        "AA": "A mail server took the newest message to one of its addresses. Mail came back from 1 of 4 addresses.",
        "BB": "No address took the newest message to it.",
        "CC": "No focal point and no alternate is in office.",
        "DD": "Nothing can be mailed to it.",
    }
    for code, sentence in said.items():
        path = f"/members/{Participant.objects.get(code=code).slug}/"
        assert sentence in page(stage.officer, path)
        assert sentence not in page(stage.other, path)


def test_a_message_that_waits_says_nothing_of_an_address(stage: Stage) -> None:
    newest = Notice.objects.filter(address="focal.bb@members.example").get()
    Notice.objects.create(
        event="later", kind=newest.kind, address=newest.address, subject="S", body="B", message_id="<later@x>"
    )
    assert newest_to([newest.address.upper()])[newest.address].pk == newest.pk
    assert newest_to([]) == {}


def test_the_list_asks_as_often_for_many(stage: Stage, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = Client()
    client.force_login(stage.officer)
    for number in (0, 20):
        for one in range(number):
            other = StandingFactory(participant=ParticipantFactory(code=f"P{one}")).participant
            OfficialAddress.objects.create(participant=other, email=f"office@p{one}.example")
        with django_assert_num_queries(LIST_QUERIES):
            client.get("/members/")
