"""A person of two participants and a chair: what each choice lists, what stays open, for whom each form speaks."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from endorsements.enums import PositionKind
from endorsements.models import Circulation, Position
from members.clock import clock
from members.enums import Role
from members.models import Appointment, Body, Participant, User
from members.services import end_appointment
from tests.factories.circulations import Stage, VersionFactory
from tests.factories.directory import AppointmentFactory, BodyFactory, ParticipantFactory, StandingFactory, UserFactory

pytestmark = pytest.mark.django_db

ALL, FIRST, SECOND, CHAIR = "all", "first", "second", "chair"
CHOICES = [ALL, FIRST, SECOND, CHAIR]
TITLES = ["Both guide", "First guide", "Second guide", "Chaired guide"]


@dataclass
class Posts:
    """One person: focal point of AA, alternate of BB, co-chair of the Reef Group for CC."""

    stage: Stage
    person: User
    keys: dict[str, str]
    circulations: dict[str, Circulation]

    def client(self, choice: str = ALL) -> Client:
        client = Client()
        client.force_login(self.person)
        self.choose(client, choice)
        return client

    def choose(self, client: Client, choice: str, **more: str) -> Any:
        return client.post("/acting/", {"choice": self.keys[choice], **more})


def open_in(stage: Stage, body: Body, title: str) -> Circulation:
    stage.body, stage.version = body, VersionFactory(document__body=body, document__title=title)
    return stage.opened()


def body_of(stage: Stage, slug: str, *participants: Participant) -> Body:
    body: Body = BodyFactory(slug=slug, name=f"{slug.capitalize()} Group")
    for one in participants:
        body.memberships.create(participant=one)
    body.chairs.create(participant=stage.states[1])
    return body


@pytest.fixture
def posts() -> Posts:
    stage = Stage()
    first, second, third = stage.states
    outsider = ParticipantFactory(code="DD", short_name="Dorland")
    StandingFactory(participant=outsider)
    bodies = [
        stage.body,
        body_of(stage, "north", first),
        body_of(stage, "south", second),
        body_of(stage, "reef", outsider),
    ]
    person = UserFactory(email="two.hats@members.example")
    for role, participant, body in [
        (Role.FOCAL_POINT, first, None),
        (Role.ALTERNATE, second, None),
        (Role.CO_CHAIR, third, bodies[3]),
    ]:
        AppointmentFactory(user=person, role=role.value, participant=participant, body=body)
    keys = {
        ALL: "",
        FIRST: f"participant-{first.pk}",
        SECOND: f"participant-{second.pk}",
        CHAIR: f"chair-{bodies[3].pk}",
    }
    made = {title: open_in(stage, body, title) for title, body in zip(TITLES, bodies, strict=True)}
    return Posts(stage, person, keys, made)


LISTED = {
    ALL: set(TITLES),
    FIRST: {"Both guide", "First guide"},
    SECOND: {"Both guide", "Second guide"},
    CHAIR: {"Chaired guide"},
}


def titles_in(page: str) -> set[str]:
    return {title for title in TITLES if title in page}


@pytest.mark.parametrize("path", ["/", "/circulations/"])
@pytest.mark.parametrize("choice", CHOICES)
def test_each_choice_lists_its_own_drafts(posts: Posts, choice: str, path: str) -> None:
    page = posts.client(choice).get(path).content.decode()
    assert titles_in(page) == LISTED[choice]


OPENS_AS = {
    (ALL, "Both guide"): "Reply of Aland",
    (ALL, "First guide"): "Reply of Aland",
    (ALL, "Second guide"): "Reply of Borland",
    (ALL, "Chaired guide"): "co-chair",
    (FIRST, "Both guide"): "Reply of Aland",
    (FIRST, "First guide"): "Reply of Aland",
    (FIRST, "Second guide"): "You act for Aland; this was sent to Borland.",
    (FIRST, "Chaired guide"): "co-chair",
    (SECOND, "Both guide"): "Reply of Borland",
    (SECOND, "First guide"): "You act for Borland; this was sent to Aland.",
    (SECOND, "Second guide"): "Reply of Borland",
    (SECOND, "Chaired guide"): "co-chair",
    (CHAIR, "Both guide"): "You act as co-chair of the Reef Group; this was sent to Aland.",
    (CHAIR, "First guide"): "You act as co-chair of the Reef Group; this was sent to Aland.",
    (CHAIR, "Second guide"): "You act as co-chair of the Reef Group; this was sent to Borland.",
    (CHAIR, "Chaired guide"): "co-chair",
}
"""(choice, draft) → what its page says: every link still opens, and who acts for another is told and may switch."""


@pytest.mark.parametrize(("choice", "title"), OPENS_AS)
def test_each_draft_opens_under_each_choice(posts: Posts, choice: str, title: str) -> None:
    response = posts.client(choice).get(posts.circulations[title].get_absolute_url())
    assert response.status_code == 200
    page = response.content.decode()
    wanted = OPENS_AS[choice, title]
    assert {"co-chair": "You read this as co-chair."}.get(wanted, wanted) in page
    assert ('id="reply"' in page) is wanted.startswith("Reply of")


def test_switch_on_the_page_leads_back_to_it_with_its_form(posts: Posts) -> None:
    client, circulation = posts.client(FIRST), posts.circulations["Second guide"]
    page = client.get(circulation.get_absolute_url()).content.decode()
    assert f'name="choice" value="{posts.keys[SECOND]}">Act for Borland<' in page
    answer = posts.choose(client, SECOND, next=circulation.get_absolute_url())
    assert answer.headers["Location"] == circulation.get_absolute_url()
    assert "Reply of Borland" in client.get(answer.headers["Location"]).content.decode()


def test_masthead_offers_the_posts_and_shows_the_choice(posts: Posts) -> None:
    page = posts.client(SECOND).get("/").content.decode()
    offered = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', page)
    assert offered == [
        ("", "", "for all your posts"),
        (posts.keys[FIRST], "", "for Aland"),
        (posts.keys[SECOND], " selected", "for Borland"),
        (posts.keys[CHAIR], "", "as co-chair of the Reef Group"),
    ]
    assert "You act for Borland." in page


def test_home_names_each_post_and_for_whom_a_draft_waits(posts: Posts) -> None:
    page = " ".join(posts.client().get("/").content.decode().split())
    assert "Focal point, Aland; Alternate, Borland; Co-chair of the REEF, Corland" in page
    assert "Without a reply: Aland, Borland" in page
    assert "Without a reply: Borland<" in page


@pytest.mark.parametrize("who", ["focal_point", "co_chair", "officer", "stranger", "admin"])
def test_who_has_one_post_is_offered_no_choice(who: str) -> None:
    stage = Stage()
    client = Client()
    client.force_login(getattr(stage, who))
    assert client.post("/acting/", {"choice": f"participant-{stage.states[0].pk}"}).status_code == 302
    page = client.get("/").content.decode()
    assert "/acting/" not in page
    assert "You act" not in page


@pytest.mark.parametrize("wrong", ["participant-999", "secretariat", "chair-forum", "'; --", "x" * 5000])
def test_a_choice_that_is_not_ones_own_stands_for_all(posts: Posts, wrong: str) -> None:
    client = posts.client(FIRST)
    assert client.post("/acting/", {"choice": wrong}).status_code == 302
    assert titles_in(client.get("/circulations/").content.decode()) == set(TITLES)


def test_choosing_leads_to_no_other_site(posts: Posts) -> None:
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert posts.choose(posts.client(), FIRST, next=target).headers["Location"] == "/"


def test_an_ended_appointment_falls_out_of_the_choice_at_once(posts: Posts) -> None:
    client = posts.client(SECOND)
    mine = Appointment.objects.get(user=posts.person, participant=posts.stage.states[1])
    end_appointment(mine.pk, actor=posts.stage.officer, reason="Moved")
    page = client.get("/circulations/").content.decode()
    assert titles_in(page) == {"Both guide", "First guide", "Chaired guide"}
    assert "for Borland" not in page
    assert "for all your posts" in page
    path = posts.circulations["Second guide"].get_absolute_url()
    assert client.get(path).status_code == 404


def test_choice_gives_no_right_that_the_appointments_do_not(posts: Posts) -> None:
    """The key of a participant in the session of who does not act for it opens nothing."""
    client = Client()
    client.force_login(posts.stage.third)
    session = client.session
    session["acting"] = posts.keys[FIRST]
    session.save()
    assert client.get(posts.circulations["First guide"].get_absolute_url()).status_code == 404
    assert titles_in(client.get("/circulations/").content.decode()) == {"Both guide"}


def send(client: Client, circulation: Circulation, code: str, verb: str = "record", **more: Any) -> Any:
    data = {"key": uuid.uuid4(), "participant": code, "kind": "endorse", **more}
    return client.post(reverse(f"endorsements:position-{verb}", args=[circulation.ref]), data)


def test_one_reply_of_two_leaves_the_draft_waiting_for_the_other(posts: Posts) -> None:
    client, circulation = posts.client(), posts.circulations["Both guide"]
    send(client, circulation, "AA")
    home = " ".join(client.get("/").content.decode().split())
    assert home.count("Without a reply: Borland<") == 2, "this draft, and the one sent to it alone"
    page = client.get(circulation.get_absolute_url()).content.decode()
    assert "Reply of Borland" in page, "the one without a reply comes first"
    assert ">Act for Aland<" in page
    send(client, circulation, "BB", kind="no_position")
    said = dict(Position.objects.values_list("on_behalf_of__code", "kind"))
    assert said == {"AA": PositionKind.ENDORSE, "BB": PositionKind.NO_POSITION}
    assert client.get("/").content.decode().count("Without a reply: Borland<") == 1


@pytest.mark.parametrize(("code", "sender"), [("AA", "Focal point, Aland"), ("BB", "Alternate, Borland")])
def test_page_to_check_names_the_post_of_who_sends(posts: Posts, code: str, sender: str) -> None:
    page = send(posts.client(), posts.circulations["Both guide"], code, "check").content.decode()
    assert f"<dd>{sender}</dd>" in page


def test_a_form_opened_before_the_choice_speaks_for_whom_it_names(posts: Posts) -> None:
    """The form of Borland, left open in a tab, sent after the choice of Aland, is the word of Borland alone."""
    client, circulation = posts.client(SECOND), posts.circulations["Both guide"]
    assert "Reply of Borland" in client.get(circulation.get_absolute_url()).content.decode()
    posts.choose(client, FIRST)
    send(client, circulation, "BB")
    assert Position.objects.get().on_behalf_of.code == "BB"


def test_a_form_for_a_post_that_ended_meanwhile_is_refused(posts: Posts) -> None:
    client, circulation = posts.client(SECOND), posts.circulations["Both guide"]
    mine = Appointment.objects.get(user=posts.person, participant=posts.stage.states[1])
    end_appointment(mine.pk, actor=posts.stage.officer, reason="Moved")
    assert send(client, circulation, "BB").status_code == 403
    assert not Position.objects.exists()


def test_co_chair_who_acts_for_a_participant_reads_its_page_before_the_board() -> None:
    """A co-chair of the body itself, who is its focal point too."""
    stage = Stage()
    AppointmentFactory(user=stage.other, role=Role.CO_CHAIR.value, participant=stage.states[1], body=stage.body)
    circulation = stage.opened()
    client = Client()
    client.force_login(stage.other)
    path = circulation.get_absolute_url()
    assert "Reply of Borland" not in client.get(path).content.decode(), "the board"
    client.post("/acting/", {"choice": f"participant-{stage.states[1].pk}"})
    assert "Reply of Borland" in client.get(path).content.decode()
    client.post("/acting/", {"choice": f"chair-{stage.body.pk}"})
    assert "Reply of Borland" not in client.get(path).content.decode()


@pytest.mark.parametrize("choice", [ALL, FIRST])
@pytest.mark.parametrize("number", [1, 3])
def test_lists_take_the_same_queries_whatever_the_choice(
    posts: Posts, choice: str, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        open_in(posts.stage, Body.objects.get(slug="north"), f"More {index}")
    Appointment.objects.filter(user=posts.person).update(welcomed_at=clock())
    client = posts.client(choice)
    with django_assert_num_queries(10):
        client.get("/circulations/")
    with django_assert_num_queries(14 if choice == ALL else 12):  # as co-chair one more: what waits for a decision
        client.get("/")
