"""Days of meetings in words. No weekday, no clock: a meeting is known by its days."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

NOT_ON_RECORD = "day not on record"


def day_in_words(day: dt.date, *, year: bool = True) -> str:
    return f"{day.day} {day:%B}{f' {day.year}' if year else ''}"


def span_in_parts(first: dt.date, last: dt.date | None, *, year: bool = True) -> tuple[str, str, str]:
    """First day, what joins it to the last, last day: only what differs is said twice.

    "23", "–", "24 July 2019"; "30 April", " to ", "2 May 2019"; a single day is the first part alone.
    """
    if last is None or last == first:
        return day_in_words(first, year=year), "", ""
    end = day_in_words(last, year=year)
    if (first.year, first.month) == (last.year, last.month):
        return str(first.day), "–", end
    return day_in_words(first, year=year and first.year != last.year), " to ", end


def span_in_words(first: dt.date, last: dt.date | None, *, year: bool = True) -> str:
    return "".join(span_in_parts(first, last, year=year))


def single_days_in_words(days: Sequence[dt.date], *, year: bool = True) -> str:
    """Days that do not follow each other: "2 and 5 July 2027", "30 June, 2 and 5 July 2027"."""
    months = []
    for (in_year, _), found in groupby(sorted(days), key=lambda one: (one.year, one.month)):
        of_month = list(found)
        says_year = year and (in_year != max(days).year)
        months.append((of_month, f"{of_month[0]:%B}{f' {in_year}' if says_year else ''}"))
    parts = [[str(one.day) for one in of_month] for of_month, _ in months]
    for numbers, (_, name) in zip(parts, months, strict=True):
        numbers[-1] += f" {name}"
    words = [word for numbers in parts for word in numbers]
    said = f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
    return f"{said} {max(days).year}" if year else said


def exact_days(row: dict[str, Any], *, year: bool = True) -> str:
    """Of a meeting whose first day is known."""
    if row.get("sits_on"):
        return single_days_in_words(row["sits_on"], year=year)
    return span_in_words(row["starts_on"], row["ends_on"], year=year)


def meeting_days(row: dict[str, Any], *, is_held: bool = False) -> str:
    """The days of a meeting, or the words for days that are not fixed or, of a meeting held, not on record."""
    if row["starts_on"]:
        return exact_days(row)
    return f"{row['planned_text']}, {NOT_ON_RECORD}" if is_held else str(row["planned_text"])


def listed_days(row: dict[str, Any]) -> str:
    """The same under the heading of the year (`row["year"]`), which the days need not repeat."""
    if row["starts_on"]:
        return exact_days(row, year=False)
    return NOT_ON_RECORD if row["planned_text"] == str(row["year"]) else str(row["planned_text"])
