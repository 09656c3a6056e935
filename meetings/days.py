"""Days of meetings in words. No weekday, no clock: a meeting is known by its days."""

import datetime as dt


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


def meeting_days(row: dict[str, object], *, year: bool = True) -> str:
    """The days of a meeting, or the words that stand for days that are not known or not fixed."""
    first, last = row["starts_on"], row["ends_on"]
    if isinstance(first, dt.date):
        return span_in_words(first, last if isinstance(last, dt.date) else None, year=year)
    return str(row["planned_text"])
