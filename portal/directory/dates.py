"""Days of the directory in words: since, until, from and to; an unknown day is said."""

import datetime as dt

from meetings.days import day_in_words
from members.profile import Spell

UNKNOWN = "date not known"


def day(on: dt.date | None) -> str:
    return day_in_words(on) if on else UNKNOWN


def span(spell: Spell, on: dt.date) -> str:
    """ "since 12 October 2011", "until 3 March 2019", "12 October 2011 to 3 March 2019", "date not known"."""
    return _said(day(spell.from_on) if spell.from_on else "", day(spell.to_on) if spell.to_on else "", spell, on)


def span_by_year(spell: Spell, on: dt.date) -> str:
    """The same where the forum's data may know the year alone, kept as its first or last day: "since 2022"."""
    first, last = spell.from_on, spell.to_on
    starts = f"{first.year}" if first and (first.month, first.day) == (1, 1) else day(first) if first else ""
    ends = f"{last.year}" if last and (last.month, last.day) == (12, 31) else day(last) if last else ""
    return f"in {starts}" if starts and starts == ends else _said(starts, ends, spell, on)


def _said(starts: str, ends: str, spell: Spell, on: dt.date) -> str:
    if starts and ends:
        return f"{starts} to {ends}"
    if ends:
        return f"until {ends}"
    if starts:
        return f"{'from' if spell.is_coming(on) else 'since'} {starts}"
    return UNKNOWN
