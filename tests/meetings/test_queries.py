"""The list of meetings: years, pages, rows."""

import datetime as dt

import pytest

from meetings import queries
from meetings.queries import Part, Year, part_label, parts_of
from members.access import NOBODY
from tests.factories.meetings import MeetingFactory, attend

TODAY = dt.date(2024, 6, 1)


def test_parts_of_never_cuts_a_year_that_fits() -> None:
    years = [Year(2024, 30, 0), Year(2023, 15, 0), Year(2022, 10, 0), Year(2021, 45, 0), Year(None, 3, 0)]
    parts = parts_of(years)
    assert [(part.first, part.last) for part in parts] == [(0, 45), (45, 55), (55, 103)]
    assert [part_label(part) for part in parts] == ["2023 to 2024", "2022", "2021"]
    assert not any(part.cuts_a_year for part in parts)


def test_parts_of_cuts_a_year_longer_than_a_page() -> None:
    parts = parts_of([Year(2024, 2, 0), Year(2023, 120, 0), Year(2022, 1, 0)])
    assert [(part.first, part.last) for part in parts] == [(0, 2), (2, 52), (52, 102), (102, 122), (122, 123)]
    assert part_label(parts[1]) == "2023, 3–52"
    assert part_label(parts[4]) == "2022"


def test_parts_of_nothing_is_no_page() -> None:
    assert parts_of([]) == []
    assert part_label(Part(0, 1, [Year(None, 1, 0)])) == "no date"


@pytest.mark.django_db
def test_years_of_puts_vague_days_under_their_year_or_last() -> None:
    MeetingFactory.create(starts_on=dt.date(2023, 12, 31), ends_on=dt.date(2024, 1, 2))
    unknown = {"starts_on": None, "ends_on": None, "planned_text": "some day"}
    MeetingFactory.create(earliest_on=dt.date(2015, 5, 1), latest_on=dt.date(2015, 5, 31), **unknown)
    MeetingFactory.create(earliest_on=dt.date(2017, 11, 1), latest_on=dt.date(2019, 7, 22), **unknown)
    MeetingFactory.create(state="planned", starts_on=dt.date(2024, 9, 1))
    MeetingFactory.create(state="planned", starts_on=dt.date(2024, 2, 1))
    meetings = queries.with_year(queries.Meeting.objects.all())
    groups = queries.groups_of(meetings, TODAY)
    assert queries.years_of(queries.chosen_groups(groups, {"year": "2023", "series": ""})) == [Year(2023, 1, 0)]
    assert queries.choices_of(groups)["series"] == [("harbour-som", "Harbour Senior Officials")]
    assert queries.years_of(groups) == [
        Year(2024, 2, 1),
        Year(2023, 1, 0),
        Year(2015, 1, 0),
        Year(None, 1, 0),
    ]
    assert [one.year for one in meetings] == [2024, 2024, 2023, 2015, None]


@pytest.mark.django_db
def test_rows_of_say_place_and_who_came() -> None:
    attend(MeetingFactory.create(slug="full"), "LK", "AU", "ILO")
    attend(MeetingFactory.create(slug="planned", state="planned", place="", country=""), "LK")
    MeetingFactory.create(slug="unknown", place="", country="", is_sample=True, is_public_in_part=True)
    meetings = queries.with_year(queries.Meeting.objects.order_by("pk"))
    rows = {row["url"]: row for row in queries.rows_of(meetings, Part(0, 3, [Year(2024, 3, 0)]), NOBODY)}
    assert rows["/meetings/full/"]["where"] == "Colombo, Sri Lanka. 2 States, 1 organisation"
    assert rows["/meetings/planned/"]["where"] == "Place to be decided"
    assert rows["/meetings/planned/"]["note"] == "planned"
    assert rows["/meetings/unknown/"]["where"] == "Place not on record"
    assert rows["/meetings/unknown/"]["note"] == "public in part, Sample"
