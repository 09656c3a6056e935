"""Rules of the days of a meeting: exact or vague, ahead or past, and those of the next one of a series.

Pure functions, the day passed in. Source: the forum's rules on meetings (vague dates keep their words and an earliest
and latest day; ordinals are labels).
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from members.rules import NotAllowed

A_YEAR = 364
"""Days; whole weeks, so that the days of the week stay."""
ABOUT_A_YEAR = range(300, 431)
MOST_YEARS_AHEAD = 10
MOST_SINGLE_DAYS = 10


@dataclass(frozen=True)
class Days:
    """When a meeting is to be, as typed: the first and the last day, or words with an earliest and a latest day; words
    may stand beside exact days, as what was planned first. `sits_on`: days that do not follow each other."""

    first: dt.date | None = None
    last: dt.date | None = None
    sits_on: tuple[dt.date, ...] = ()
    words: str = ""
    earliest: dt.date | None = None
    latest: dt.date | None = None


@dataclass(frozen=True)
class Settled:
    """The days as they are kept: `from_on` and `until_on` are the first and last day on which the meeting may be."""

    first: dt.date | None
    last: dt.date | None
    sits_on: tuple[dt.date, ...]
    words: str
    from_on: dt.date
    until_on: dt.date


def settle(given: Days) -> Settled:
    """The days as they are kept: earliest and latest always, first and last where they are exact.

    Raises NotAllowed at the field: nothing given, half of it, an end before its start, single days that are none.
    """
    days = _from_single(given) if given.sits_on else given
    if days.last is not None and days.first is None:
        raise NotAllowed("Choose the first day too, or leave both empty.", "first_day")
    if days.first is not None:
        last = days.last or days.first
        if last < days.first:
            raise NotAllowed("The last day is before the first.", "last_day")
        return Settled(days.first, last, days.sits_on, days.words, days.first, last)
    return _vague(days)


def _vague(days: Days) -> Settled:
    if not days.words:
        raise NotAllowed("Choose the days, or say here roughly when, as “mid-2027”.", "words")
    if days.earliest is None:
        raise NotAllowed(f"Choose the earliest day that “{days.words}” may mean. It is for sorting.", "earliest")
    if days.latest is None:
        raise NotAllowed(f"Choose the latest day that “{days.words}” may mean. It is for sorting.", "latest")
    if days.latest < days.earliest:
        raise NotAllowed("The latest day is before the earliest.", "latest")
    return Settled(None, None, (), days.words, days.earliest, days.latest)


def _from_single(given: Days) -> Days:
    """First and last day from the single days; what was typed there beside must be the same."""
    found = tuple(sorted(set(given.sits_on)))
    if len(found) < 2:
        raise NotAllowed("Name at least two days. For one day, use the first day.", "single_days")
    if len(found) > MOST_SINGLE_DAYS:
        raise NotAllowed(f"{MOST_SINGLE_DAYS} single days at most.", "single_days")
    if given.first not in (None, found[0]):
        raise NotAllowed(
            "This is not the first of the single days. Leave it empty, or correct one of them.", "first_day"
        )
    if given.last not in (None, found[-1]):
        raise NotAllowed("This is not the last of the single days. Leave it empty, or correct one of them.", "last_day")
    follow = (found[-1] - found[0]).days == len(found) - 1
    return Days(found[0], found[-1], () if follow else found, given.words, given.earliest, given.latest)


def check_ahead(days: Settled, *, today: dt.date) -> None:
    """A meeting that is planned begins after today, or may still do so."""
    if days.first is not None and days.first <= today:
        raise NotAllowed("This day is not ahead. Choose a later one, or record a past meeting.", "first_day")
    if days.first is None and days.until_on <= today:
        raise NotAllowed("This day is not ahead. Choose a later one, or record a past meeting.", "latest")
    if days.until_on.year > today.year + MOST_YEARS_AHEAD:
        field = "latest" if days.first is None else "last_day"
        raise NotAllowed(f"This is more than {MOST_YEARS_AHEAD} years ahead. Look at the year.", field)


def check_past(days: Settled, *, today: dt.date) -> None:
    """A meeting that is recorded from a source is over."""
    if days.until_on > today:
        field = "latest" if days.first is None else "last_day"
        raise NotAllowed("This day is still ahead. Plan the meeting instead.", field)


def usual_distance(starts: Iterable[dt.date]) -> int:
    """Days from one meeting of a series to the next, in whole weeks: the median of what is known, else a year."""
    known = sorted(set(starts))
    gaps = [(after - before).days for before, after in itertools.pairwise(known)]
    if not gaps:
        return A_YEAR
    usual = round(median(gaps))
    return A_YEAR if usual in ABOUT_A_YEAR else max(7, round(usual / 7) * 7)


def next_days(last: Settled, starts: Sequence[dt.date], *, today: dt.date) -> Days:
    """The same days of the week, one usual distance later, or as many distances as it takes to be ahead. Without an
    exact day to count from: nothing."""
    if last.first is None:
        return Days()
    step = usual_distance(starts)
    shift = dt.timedelta(days=step * max(1, (today - last.first).days // step + 1))
    ends = (last.last or last.first) + shift
    return Days(last.first + shift, ends, tuple(one + shift for one in last.sits_on))
