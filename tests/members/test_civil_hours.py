"""What the calendar tells of posts leaves between 08:00 and 18:00 of who reads it. The hour is not faked: the reader's
zone is chosen so that it is day or night there at this moment."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from endorsements.services.posts import confirm_or_lapse_posts
from members import services
from members.clock import clock
from members.models import Appointment, Forum
from notifications import drainer
from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from notifications.reminders import is_civil
from tests.endorsements.test_reminders import move_everyone, zone_where_it_is
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ASKED = ["focal.aa@members.example", "ministry@aa.example"]


@pytest.fixture
def stage(db: None) -> Stage:
    """Everybody took office today but the people of Aland."""
    made = Stage()
    Appointment.objects.exclude(participant=made.states[0]).update(starts_at=timezone.now())
    return made


def addresses_due(kind: Kind) -> list[str]:
    return sorted(row.address for row in drainer.due() if row.kind == kind)


@pytest.mark.parametrize(("hour", "goes"), [(12, ASKED), (22, []), (5, [])])
def test_confirmation_is_asked_for_in_the_hours_of_who_reads(stage: Stage, hour: int, goes: list[str]) -> None:
    zone = zone_where_it_is(hour)
    move_everyone(zone)
    confirm_or_lapse_posts()
    assert addresses_due(Kind.CONFIRM_ASKED) == goes
    for row in Notice.objects.filter(kind=Kind.CONFIRM_ASKED.value):
        assert row.needs_answer, "in the portal it stands at once"
        assert is_civil(row.due_at, ZoneInfo(zone))
        assert row.due_at - row.queued_at < DAY


def test_each_reader_of_an_ending_term_has_the_own_hours(stage: Stage) -> None:
    """Night for the officer and in the forum, noon at the participant."""
    move_everyone(zone_where_it_is(12))
    Forum.objects.update(time_zone=zone_where_it_is(23))
    Appointment.objects.filter(user=stage.reviewer).update(ends_at=clock() + 20 * DAY)
    assert services.warn_ending_terms() == 1
    assert addresses_due(Kind.TERM_ENDING) == [*ASKED, "reviewer.aa@members.example"]
    (late,) = Notice.objects.filter(kind=Kind.TERM_ENDING.value, due_at__gt=clock())
    assert late.address == "officer@members.example"
    assert is_civil(late.due_at, ZoneInfo(zone_where_it_is(23)))


def test_a_term_that_ends_before_the_next_morning_is_told_at_night(stage: Stage) -> None:
    move_everyone(zone_where_it_is(22))
    Appointment.objects.filter(user=stage.reviewer).update(ends_at=clock() + dt.timedelta(hours=3))
    services.warn_ending_terms()
    assert "reviewer.aa@members.example" in addresses_due(Kind.TERM_ENDING)


def confirm(stage: Stage, posts: list[int]) -> None:
    services.confirm_appointments(stage.states[0].pk, posts, actor=stage.focal_point, key=uuid.uuid4())


def test_who_confirmed_at_night_is_not_asked_in_the_morning(stage: Stage) -> None:
    move_everyone(zone_where_it_is(22))
    confirm_or_lapse_posts()
    own = [one.pk for one in Appointment.objects.filter(participant=stage.states[0])]
    confirm(stage, own[:1])
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.QUEUED}, "others still wait"
    confirm(stage, own)
    rows = Notice.objects.filter(kind=Kind.CONFIRM_ASKED.value)
    assert {(row.state, row.settled_at is None) for row in rows} == {(NoticeState.WITHHELD, False)}
