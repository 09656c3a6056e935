"""Days of a meeting, the next ones of a series, and ordinals as labels: pure functions, cell by cell."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import ordinals, planning_rules
from meetings.days import meeting_days, single_days_in_words
from meetings.planning_rules import Days, Settled
from members.rules import NotAllowed

TODAY = dt.date(2030, 3, 4)
JULY = [dt.date(2030, 7, day) for day in range(1, 32)]


def day(number: int) -> dt.date:
    """A day of July 2030."""
    return JULY[number - 1]


@pytest.mark.parametrize(
    ("typed", "first", "last", "sits_on", "span"),
    [
        (Days(day(2), day(4)), day(2), day(4), (), (day(2), day(4))),
        (Days(day(2)), day(2), day(2), (), (day(2), day(2))),
        (Days(words="mid-2030", earliest=day(1), latest=day(31)), None, None, (), (day(1), day(31))),
        (Days(words="in July", earliest=day(9), latest=day(9)), None, None, (), (day(9), day(9))),
        (Days(day(2), day(4), words="mid-2030", earliest=day(1), latest=day(31)), day(2), day(4), (), (day(2), day(4))),
        (Days(sits_on=(day(5), day(2))), day(2), day(5), (day(2), day(5)), (day(2), day(5))),
        (Days(day(2), day(5), (day(2), day(5))), day(2), day(5), (day(2), day(5)), (day(2), day(5))),
        (Days(sits_on=(day(2), day(3), day(4))), day(2), day(4), (), (day(2), day(4))),
    ],
)
def test_settle(
    typed: Days,
    first: dt.date | None,
    last: dt.date | None,
    sits_on: tuple[dt.date, ...],
    span: tuple[dt.date, dt.date],
) -> None:
    found = planning_rules.settle(typed)
    assert (found.first, found.last, found.sits_on) == (first, last, sits_on)
    assert (found.from_on, found.until_on) == span
    assert found.words == typed.words


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Days(), "words"),
        (Days(earliest=day(1), latest=day(2)), "words"),
        (Days(words="mid-2030"), "earliest"),
        (Days(words="mid-2030", latest=day(2)), "earliest"),
        (Days(words="mid-2030", earliest=day(2)), "latest"),
        (Days(words="mid-2030", earliest=day(2), latest=day(1)), "latest"),
        (Days(last=day(2)), "first_day"),
        (Days(day(2), day(1)), "last_day"),
        (Days(sits_on=(day(2),)), "single_days"),
        (Days(sits_on=(day(2), day(2))), "single_days"),
        (Days(sits_on=tuple(JULY[0:22:2])), "single_days"),
        (Days(day(1), sits_on=(day(2), day(5))), "first_day"),
        (Days(day(2), day(4), (day(2), day(5))), "last_day"),
    ],
)
def test_settle_refuses_at_the_field(typed: Days, field: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        planning_rules.settle(typed)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("typed", "ahead", "past"),
    [
        (Days(TODAY), "first_day", ""),
        (Days(TODAY + dt.timedelta(1)), "", "last_day"),
        (Days(TODAY - dt.timedelta(1), TODAY + dt.timedelta(1)), "first_day", "last_day"),
        (Days(TODAY - dt.timedelta(9)), "first_day", ""),
        (Days(words="soon", earliest=TODAY - dt.timedelta(9), latest=TODAY + dt.timedelta(1)), "", "latest"),
        (Days(words="then", earliest=TODAY - dt.timedelta(9), latest=TODAY), "latest", ""),
        (Days(dt.date(2041, 1, 1)), "last_day", "last_day"),
        (Days(words="far", earliest=TODAY, latest=dt.date(2041, 1, 1)), "latest", "latest"),
    ],
)
def test_ahead_or_past(typed: Days, ahead: str, past: str) -> None:
    days = planning_rules.settle(typed)
    for check, field in ((planning_rules.check_ahead, ahead), (planning_rules.check_past, past)):
        if not field:
            check(days, today=TODAY)
            continue
        with pytest.raises(NotAllowed) as refused:
            check(days, today=TODAY)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("starts", "distance"),
    [
        ([], 364),
        ([dt.date(2029, 7, 3)], 364),
        ([dt.date(2028, 7, 4), dt.date(2029, 7, 3)], 364),
        ([dt.date(2027, 8, 7), dt.date(2028, 7, 4), dt.date(2029, 7, 3)], 364),
        ([dt.date(2029, 1, 1), dt.date(2029, 7, 2)], 182),
        ([dt.date(2029, 1, 1), dt.date(2029, 1, 5)], 7),
        ([dt.date(2025, 1, 1), dt.date(2027, 1, 6)], 735),
    ],
)
def test_usual_distance(starts: list[dt.date], distance: int) -> None:
    assert planning_rules.usual_distance(starts) == distance


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)),
    st.integers(0, 5),
    st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)), max_size=6),
    st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)),
)
def test_next_days_keep_the_day_of_the_week_and_lie_ahead(
    first: dt.date, more: int, starts: list[dt.date], today: dt.date
) -> None:
    last = first + dt.timedelta(more)
    found = planning_rules.next_days(Settled(first, last, (first, last), "", first, last), starts, today=today)
    assert found.first is not None
    assert found.last is not None
    assert found.first > max(first, today)
    assert found.first.weekday() == first.weekday()
    assert found.last - found.first == last - first
    assert found.sits_on == (found.first, found.last)
    step = dt.timedelta(planning_rules.usual_distance(starts))
    assert found.first - step <= max(first, today), "not one distance further than it must"


def test_next_days_of_vague_ones_are_left_to_the_officer() -> None:
    assert planning_rules.next_days(Settled(None, None, (), "2029", TODAY, TODAY), [], today=TODAY) == Days()


@pytest.mark.parametrize(
    ("label", "after"),
    [
        ("19", "20"), ("19th", "20th"), ("20th", "21st"), ("21st", "22nd"), ("22nd", "23rd"), ("10th", "11th"),
        ("11th", "12th"), ("99", "100"), ("111th", "112th"), ("Special 2", "Special 3"),
        ("2 bis", "3 bis"), ("", ""), ("third", ""), ("2-1", ""),
    ],
)  # fmt: skip
def test_next_label(label: str, after: str) -> None:
    assert ordinals.next_label(label) == after


@pytest.mark.parametrize(
    ("title", "label", "after"),
    [
        ("Nineteenth Meeting of the Group", "19", "Twentieth Meeting of the Group"),
        ("Twentieth Meeting", "20", "Twenty-first Meeting"),
        ("Twenty-first Meeting, first session", "21", "Twenty-second Meeting, first session"),
        ("19th Meeting", "19", "20th Meeting"),
        ("Meeting of 2029", "19", "Meeting of 2030"),
        ("Annual meeting", "", "Annual meeting"),
        ("Annual meeting", "special", "Annual meeting"),
        ("The 119th", "119", "The 120th"),
    ],
)
def test_next_title(title: str, label: str, after: str) -> None:
    assert ordinals.next_title(title, label, year=2029, to_year=2030) == after


def test_ordinals_in_words_and_digits() -> None:
    words = [ordinals.in_words(number) for number in range(1, 100)]
    assert len(set(words)) == 99
    assert all(words)
    assert (words[8], words[11], words[39], words[92]) == ("ninth", "twelfth", "fortieth", "ninety-third")
    assert (ordinals.in_words(0), ordinals.in_words(100)) == ("", "")
    assert [ordinals.in_digits(number) for number in (1, 2, 3, 4, 11, 13, 21, 101)] == [
        "1st", "2nd", "3rd", "4th", "11th", "13th", "21st", "101st",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([day(2), day(5)], "2 and 5 July 2030"),
        ([day(1), day(3), day(9)], "1, 3 and 9 July 2030"),
        ([dt.date(2030, 6, 30), day(2), day(5)], "30 June, 2 and 5 July 2030"),
        ([dt.date(2029, 12, 30), dt.date(2030, 1, 2)], "30 December 2029 and 2 January 2030"),
    ],
)
def test_single_days_in_words(days: list[dt.date], said: str) -> None:
    assert single_days_in_words(days) == said
    row = {"starts_on": days[0], "ends_on": days[-1], "sits_on": days, "planned_text": ""}
    assert meeting_days(row) == said
    assert meeting_days({**row, "sits_on": []}) != said


def test_settled_days_compare_as_what_they_are() -> None:
    settled = planning_rules.settle(Days(day(2), day(4)))
    assert settled == Settled(day(2), day(4), (), "", day(2), day(4))
    assert replace(settled, words="x") != settled
