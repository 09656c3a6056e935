"""The first pages: what the secretariat must look after, and what a delegate finds on a quiet day."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from endorsements.enums import PositionKind
from members.clock import clock
from members.enums import Role
from members.models import Invitation, User
from members.services import end_appointment, write_note
from tests.factories.circulations import Stage
from tests.factories.directory import AppointmentFactory, ParticipantFactory, StandingFactory, UserFactory
from tests.factories.meetings import MeetingFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def home_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def part(page: str, heading: str) -> str:
    """What follows a heading, to the next one."""
    return page.partition(f">{heading}</h2>")[2].partition("<h2")[0]


def end(stage: Stage, user: User) -> None:
    end_appointment(user.appointments.get().pk, actor=stage.officer, reason="Moved")


@pytest.mark.parametrize("who", ["officer", "manager"])
def test_desk_lists_members_without_focal_point_or_alternate(stage: Stage, who: str) -> None:
    """AA keeps its alternate alone, BB has a focal point alone, CC nobody; observers and non-members do not count."""
    end(stage, stage.focal_point)
    end(stage, stage.third)
    ParticipantFactory(code="ZZ", short_name="Zedland")
    page = home_of(getattr(stage, who))
    vacant = part(page, "Vacant posts")
    rows = re.findall(
        r'href="/people/\?participant=(\w+)">(\w+)</a><span>.*?e-vacant.*?class="note">([\w ]+)</span>', vacant
    )
    assert rows == [("AA", "Aland", "focal point"), ("CC", "Corland", "focal point and alternate")]
    assert "2 with a focal point, but without an alternate" in vacant
    assert ">Borland</a>" in vacant
    assert ">ORG</a>" in vacant
    assert "Osland" not in vacant
    assert "Zedland" not in vacant
    assert "2 members have no focal point." in page


def test_desk_keeps_a_long_list_of_vacant_posts_short(stage: Stage) -> None:
    for index in range(10):
        StandingFactory(participant=ParticipantFactory(code=f"V{index}", short_name=f"Vacant {index}"))
    vacant = part(home_of(stage.officer), "Vacant posts")
    assert vacant.count("e-vacant") == 8
    assert "2 more without a focal point" in vacant
    assert "Vacant 9" in vacant


def test_desk_without_vacancies_says_so(stage: Stage) -> None:
    for one in [*stage.states[1:], stage.organisation]:
        AppointmentFactory(user=UserFactory(), participant=one, role=Role.ALTERNATE.value)
    page = home_of(stage.officer)
    assert "Every member has a focal point." in part(page, "Vacant posts")
    assert "without an alternate" not in page
    assert "no focal point." not in page


@pytest.mark.parametrize(
    ("ends", "listed"), [(DAY, True), (29 * DAY, True), (31 * DAY, False), (-DAY, False), (None, False)]
)
def test_desk_lists_terms_that_end_within_thirty_days(stage: Stage, ends: dt.timedelta | None, listed: bool) -> None:
    stage.focal_point.appointments.update(ends_at=clock() + ends if ends is not None else None)
    terms = part(home_of(stage.officer), "Terms that end within 30 days")
    assert ("Focal point, Aland" in terms) is listed
    assert ("/people/?participant=AA" in terms) is listed


def invite(stage: Stage, email: str, expires: dt.timedelta, **values: Any) -> Invitation:
    made: Invitation = Invitation.objects.create(
        email=email,
        role=Role.REVIEWER.value,
        participant=stage.states[0],
        token_sha256=uuid.uuid4().hex * 2,
        invited_by=stage.officer,
        expires_at=timezone.now() + expires,
        **values,
    )
    return made


def test_desk_lists_open_invitations_that_expire_soon(stage: Stage) -> None:
    invite(stage, "soon@aa.example", 2 * DAY)
    invite(stage, "later@aa.example", 9 * DAY)
    invite(stage, "past@aa.example", -DAY)
    invite(stage, "revoked@aa.example", DAY, revoked_at=timezone.now())
    invite(stage, "accepted@aa.example", DAY, accepted_at=timezone.now(), accepted_by=stage.reviewer)
    expiring = part(home_of(stage.officer), "Invitations that expire soon")
    assert re.findall(r">([\w.]+@aa\.example)<", expiring) == ["soon@aa.example"]
    assert "Reviewer, Aland" in expiring


@pytest.mark.parametrize("number", [1, 3])
def test_desk_takes_the_same_queries_for_one_and_three(
    stage: Stage, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        invite(stage, f"soon{index}@aa.example", DAY)
        StandingFactory(participant=ParticipantFactory())
        AppointmentFactory(user=UserFactory(), participant=ParticipantFactory(), ends_at=clock() + DAY)
    client = Client()
    client.force_login(stage.officer)
    with django_assert_num_queries(14):
        client.get("/")


def test_quiet_day_shows_the_last_reply_and_what_to_check(stage: Stage) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.NO_POSITION, by=stage.other, of=stage.states[1])
    page = home_of(stage.other)
    assert "All answered" in page
    assert 'class="chip r-nopos"' in part(page, "Waiting for your reply")
    assert circulation.version.document.title in part(page, "Waiting for your reply")
    tidy = part(page, "A good time to check")
    assert "Borland has no alternate." in tidy
    assert "/people/?participant=BB" in tidy
    assert "The handover note of Borland is empty." in tidy
    assert "/members/bb/note/" in tidy


def test_nothing_to_check_is_not_mentioned(stage: Stage) -> None:
    write_note(stage.states[0], text="All is said.", version=0, actor=stage.alternate, key=uuid.uuid4())
    page = home_of(stage.focal_point)
    assert "All answered" in page
    assert "A good time to check" not in page
    assert "The last reply" not in page


@pytest.mark.parametrize("who", ["reviewer", "observer", "co_chair"])
def test_who_speaks_for_nobody_is_asked_nothing(stage: Stage, who: str) -> None:
    page = home_of(getattr(stage, who))
    assert "A good time to check" not in page
    assert "handover note" not in page


def test_a_day_with_a_draft_to_answer_asks_for_nothing_else(stage: Stage) -> None:
    stage.opened()
    page = home_of(stage.other)
    assert "A good time to check" not in page
    assert "All answered" not in page


def test_home_names_the_meetings_to_come(stage: Stage) -> None:
    soon = timezone.now().date() + 20 * DAY
    MeetingFactory(slug="to-come", title="Meeting to come", starts_on=soon, state="planned")
    MeetingFactory(slug="gone", title="Meeting that was")
    coming = part(home_of(stage.focal_point), "Coming meetings")
    assert "Meeting to come" in coming
    assert "/meetings/to-come/" in coming
    assert "Meeting that was" not in coming


@pytest.mark.parametrize("number", [1, 3])
def test_home_takes_the_same_queries_for_one_and_three(
    stage: Stage, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        AppointmentFactory(
            user=stage.focal_point, participant=ParticipantFactory(code=f"Q{index}"), welcomed_at=clock()
        )
        MeetingFactory(starts_on=timezone.now().date() + (index + 2) * DAY, state="planned")
    client = Client()
    client.force_login(stage.focal_point)
    with django_assert_num_queries(14):
        client.get("/")
