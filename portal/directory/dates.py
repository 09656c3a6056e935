"""Days of the directory in words: since, until, from and to; an unknown day is said."""

import datetime as dt

from meetings.days import day_in_words
from members.profile import Spell
from portal.directory.words import UNKNOWN, period_in_words


def day(on: dt.date | None) -> str:
    return day_in_words(on) if on else UNKNOWN


def span(spell: Spell, on: dt.date) -> str:
    """ "since 12 October 2011", "until 3 March 2019", "12 October 2011 to 3 March 2019", "date not known"."""
    if spell.from_on and spell.to_on:
        return f"{day_in_words(spell.from_on)} to {day_in_words(spell.to_on)}"
    if spell.from_on:
        return f"{'from' if spell.is_coming(on) else 'since'} {day_in_words(spell.from_on)}"
    return f"until {day_in_words(spell.to_on)}" if spell.to_on else UNKNOWN


def span_by_year(spell: Spell, on: dt.date) -> str:
    """The same where the forum's data may know the year alone, kept as its first or last day: "since 2022"."""
    said = period_in_words(spell.from_on, spell.to_on)
    if said.isdecimal():
        return f"in {said}"
    return said.replace("since", "from", 1) if spell.is_coming(on) else said
