"""Attendance over the years: each cell's figure, which years stand there, and whose lists are counted."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from meetings.enums import MeetingState, Presence
from members.access import NOBODY, Reader, reader_of
from members.models import Participant
from members.profile import profile_of
from portal.directory.attendance import CAME, COMING, MISSED, UNLISTED, cell, strip
from tests.factories.circulations import Stage
from tests.factories.directory import BodyFactory, ForumFactory, ParticipantFactory, StandingFactory
from tests.factories.meetings import MeetingFactory, SeriesFactory, attend

CELLS = [
    ({(CAME, True): 2}, ("l2", "2")),
    ({(CAME, True): 1, (MISSED, True): 1}, ("l1", "1/2")),
    ({(MISSED, True): 2}, ("", "0/2")),
    ({(UNLISTED, True): 1}, ("", "?")),
    ({(COMING, True): 1}, ("", "→")),
    ({}, ("", "·")),
    ({(CAME, True): 1, (UNLISTED, True): 1}, ("l2", "1?")),
    ({(CAME, True): 1, (MISSED, True): 1, (COMING, True): 1}, ("l1", "1/2→")),
    ({(CAME, False): 1, (MISSED, False): 2}, ("l1", "1/3")),
    ({(MISSED, False): 2, (UNLISTED, False): 1, (COMING, False): 1}, ("", "·")),
    ({(CAME, False): 1, (CAME, True): 1, (MISSED, False): 4}, ("l2", "2")),
]


@pytest.mark.parametrize(("counted", "said"), CELLS)
def test_cell_says_all_some_none_not_entered_no_meeting_coming(counted: dict[Any, int], said: tuple[str, str]) -> None:
    assert cell(counted) == said


TODAY = dt.date(2018, 6, 1)


def table(one: Participant, reader: Reader = NOBODY) -> dict[str, Any]:
    return strip(
        reader, profile_of(one.slug, TODAY, among=Participant.objects.all(), reader_for=(), mailboxes=()), TODAY
    )


def figures(made: dict[str, Any]) -> dict[str, list[str]]:
    return {row["name"]: re.findall("<td[^>]*>([^<]*)</td>", row["cells"]) for row in made["rows"]}


def in_year(year: int, body: str = "Group", **values: Any) -> Any:
    series = SeriesFactory(slug=body.lower(), body=BodyFactory(slug=body.lower(), name=body))
    return MeetingFactory(series=series, starts_on=dt.date(year, 5, 2), **values)


@pytest.mark.django_db
def test_strip_counts_meetings_of_its_bodies_by_year() -> None:
    one = ParticipantFactory(code="AA")
    BodyFactory(slug="group", name="Group").memberships.create(participant=one, from_on=dt.date(2012, 1, 1))
    attend(in_year(2011), "BB")
    attend(in_year(2012), "AA", "BB")
    attend(in_year(2013), "AA")
    attend(in_year(2013), "BB")
    attend(in_year(2015), "AA", presence=Presence.EXCUSED.value)
    in_year(2016)
    in_year(2017, state=MeetingState.CANCELLED.value)
    in_year(2018, state=MeetingState.PLANNED.value)
    in_year(2019, state=MeetingState.PLANNED.value)
    attend(in_year(2020, "Elsewhere"), "BB")
    made = table(one)
    assert ["".join(year) for year in made["years"]] == [str(year) for year in range(2012, 2020)]
    assert figures(made) == {"Group": ["1", "1/2", "·", "0/1", "?", "·", "?", "→"]}
    assert made["earlier"] is None


@pytest.mark.django_db
def test_strip_shows_fifteen_years_and_the_earlier_ones_in_one_column() -> None:
    one = ParticipantFactory(code="AA")
    BodyFactory(slug="group", name="Group").memberships.create(participant=one)
    for year in (2001, 2003, 2020):
        attend(in_year(year), "AA")
    attend(in_year(2004), "BB")
    made = table(one)
    assert made["earlier"] == ("20", "05")
    assert [made["years"][0], made["years"][-1], len(made["years"])] == [("20", "06"), ("20", "20"), 15]
    assert figures(made)["Group"] == ["2/3", *["·"] * 14, "1"]


@pytest.mark.django_db
def test_strip_of_a_body_of_all_members_goes_by_standing_and_of_a_guest_by_the_year() -> None:
    one = ParticipantFactory(code="AA")
    StandingFactory(participant=one, from_on=dt.date(2012, 1, 1))
    BodyFactory(slug="house", name="House", takes_all_members=True)
    attend(in_year(2011, "House"), "BB")
    attend(in_year(2012, "House"), "BB")
    attend(in_year(2012, "Experts"), "AA")
    attend(in_year(2012, "Experts"), "BB")
    attend(in_year(2013, "Experts"), "BB")
    made = table(one)
    assert figures(made) == {"House": ["0/1"], "Experts": ["1/2"]}


@pytest.mark.django_db
def test_strip_counts_what_is_not_published_for_staff_alone() -> None:
    stage = Stage()
    first = stage.states[0]
    closed = MeetingFactory(series__body=stage.body, state=MeetingState.CLOSED.value)
    attend(closed, "AA")
    assert table(first)["rows"] == []
    assert table(first, reader_of(stage.focal_point))["rows"] == []
    assert figures(table(first, reader_of(stage.officer))) == {"Harbour Group": ["1"]}


@pytest.mark.django_db
def test_strip_says_meetings_without_a_year_beside_the_table() -> None:
    ForumFactory()
    one = ParticipantFactory(code="AA")
    vague = {"starts_on": None, "ends_on": None, "earliest_on": dt.date(2017, 11, 1), "latest_on": dt.date(2019, 7, 1)}
    attend(MeetingFactory(planned_text="some day", **vague), "AA")
    assert table(one) == {"years": [], "rows": [], "undated": 1}
    assert "in a year that is not on record: 1." in Client().get(one.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_strip_stands_in_a_box_that_scrolls_by_the_keyboard() -> None:
    ForumFactory()
    one = ParticipantFactory(code="AA")
    attend(in_year(2020), "AA")
    assert '<table class="heat few">' in Client().get(one.get_absolute_url()).content.decode(), "one year needs no box"
    attend(in_year(2001), "AA")
    page = Client().get(one.get_absolute_url()).content.decode()
    assert '<div class="overflow-auto" role="region" aria-labelledby="years" tabindex="0">' in page
    assert '<table class="heat years">' in page
    assert '<th scope="col">to <span class="d-none d-sm-inline">20</span>05</th>' in page
    assert '<td class="l1">1/2</td>' not in page
    assert page.count('<td class="l2">1</td>') == 2


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 30])
def test_strip_takes_one_query_whatever_the_number_of_meetings(number: int, django_assert_num_queries: Any) -> None:
    one = ParticipantFactory(code="AA")
    for at in range(number):
        attend(in_year(2000 + at, f"Body{at % 5}"), "AA")
    profile = profile_of(one.slug, TODAY, among=Participant.objects.all(), reader_for=(), mailboxes=())
    with django_assert_num_queries(1):
        strip(NOBODY, profile, TODAY)
