"""Days of meetings in words."""

import datetime as dt

import pytest

from meetings.days import listed_days, meeting_days, span_in_words

D = dt.date


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (D(2019, 7, 23), D(2019, 7, 24), "23–24 July 2019"),
        (D(2019, 7, 23), D(2019, 7, 23), "23 July 2019"),
        (D(2019, 7, 23), None, "23 July 2019"),
        (D(2019, 4, 30), D(2019, 5, 2), "30 April to 2 May 2019"),
        (D(2019, 12, 30), D(2020, 1, 2), "30 December 2019 to 2 January 2020"),
    ],
)
def test_span_in_words_says_only_what_differs_twice(first: dt.date, last: dt.date | None, words: str) -> None:
    assert span_in_words(first, last) == words


def test_meeting_days_unknown_keep_their_words() -> None:
    row = {"starts_on": None, "ends_on": None, "planned_text": "2009", "year": 2009}
    assert meeting_days(row) == "2009"
    assert meeting_days(row, is_held=True) == "2009, day not on record"
    assert listed_days(row) == "day not on record"
    assert listed_days({**row, "planned_text": "May 2009"}) == "May 2009"
    assert listed_days({**row, "starts_on": D(2009, 12, 14), "ends_on": D(2009, 12, 15)}) == "14–15 December"
