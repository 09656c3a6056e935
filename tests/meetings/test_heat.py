"""Attendance over the years: only what the reader may know, each participant once, pages by years."""

import datetime as dt
from typing import Any

import pytest

from meetings.models import Session
from tests.factories.called import CalledStage
from tests.factories.directory import ParticipantFactory
from tests.factories.meetings import AttendanceFactory, MeetingFactory, SeriesFactory
from tests.meetings.test_called_views import signed_in, words

pytestmark = pytest.mark.django_db
TABLE = "/meetings/attendance/"


def met(day: dt.date, *present: Any, **values: Any) -> None:
    meeting = MeetingFactory(starts_on=day, **values)
    for place in (0, 1):
        session = Session.objects.create(meeting=meeting, title=f"Session {place}", position=place)
        for one in present:
            AttendanceFactory(session=session, participant=one, presence="present" if place else "absent")


def test_members_see_published_meetings_and_the_secretariat_all(called: CalledStage) -> None:
    first, second = called.states[:2]
    met(dt.date(2024, 5, 2), first)
    met(dt.date(2025, 6, 3), second, state="closed")
    member, staff = (words(signed_in(who).get(TABLE)) for who in (called.focal_point, called.officer))
    assert "1 of 1 meetings" in member
    assert "3 Jun" not in member
    assert "2 of 2 meetings" in staff
    assert "3 Jun" in staff


def test_is_present_by_one_session_and_sorted_and_filtered_by_links(called: CalledStage) -> None:
    first, second = called.states[:2]
    other = SeriesFactory(slug="other", name="Other Series")
    met(dt.date(2024, 5, 2), first, second)
    met(dt.date(2025, 6, 3), second, series=other)
    officer = signed_in(called.officer)
    page = officer.get(f"{TABLE}?order=most").context
    assert [(row.name, row.present) for row in page["rows"]] == [(str(second), 2), (str(first), 1)]
    assert [row.name for row in officer.get(TABLE).context["rows"]] == [str(first), str(second)]
    assert len(officer.get(f"{TABLE}?series=other").context["columns"]) == 1
    assert len(officer.get(f"{TABLE}?series=none&page=99&order=x").context["columns"]) == 2


@pytest.mark.parametrize("number", [3, 300])
def test_pages_by_years_with_few_queries(called: CalledStage, number: int, django_assert_max_num_queries: Any) -> None:
    people = [ParticipantFactory(code=f"P{n}", short_name=f"Pland {n:02}") for n in range(5)]
    for at in range(number):
        meeting = MeetingFactory(starts_on=dt.date(2002 + at % 24, 1 + at % 12, 3))
        session = Session.objects.create(meeting=meeting)
        AttendanceFactory(session=session, participant=people[at % 5])
    officer = signed_in(called.officer)
    with django_assert_max_num_queries(15):
        page = officer.get(TABLE)
    assert len(page.context["columns"]) <= 24
    assert len(page.context["parts"]) == (1 if number == 3 else 18)


def test_says_where_there_is_nothing(called: CalledStage) -> None:
    assert "No attendance is on record that you may see." in words(signed_in(called.focal_point).get(TABLE))
