"""Weekends and public holidays of participants inside a window: pointed out before the opening, they decide nothing.

The library supplies dates by ISO code and nothing else: every name is that of the forum's data.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from members.models import Participant

LONGEST = dt.timedelta(days=92)
"""Of a longer window only so much before the deadline is looked at."""
KNOWN = frozenset(holidays.list_supported_countries(include_aliases=False))


@dataclass(frozen=True)
class Run:
    """Days in a row that the same participants have off."""

    first: dt.date
    last: dt.date
    who: tuple[Participant, ...]

    @property
    def words(self) -> str:
        return days_in_words(self.first, self.last)


@dataclass(frozen=True)
class Weekend:
    """Weekdays (0 is Monday) on which these participants do not work."""

    days: tuple[int, ...]
    who: tuple[Participant, ...]

    @property
    def words(self) -> str:
        """ "Fri and Sat"."""
        return " and ".join(f"{dt.date(2024, 1, 1 + day):%a}" for day in self.days)


@dataclass(frozen=True)
class Last:
    """Who is off on the day of the deadline, or on the day before it; each on its own calendar."""

    day: dt.date
    is_deadline: bool
    weekend: tuple[Participant, ...]
    holiday: tuple[Participant, ...]

    @property
    def number(self) -> int:
        return len(self.weekend) + len(self.holiday)

    @property
    def words(self) -> str:
        return days_in_words(self.day, self.day)


@dataclass(frozen=True)
class DaysOff:
    weekends: tuple[Weekend, ...] = ()
    holidays: tuple[Run, ...] = ()
    last_days: tuple[Last, ...] = ()
    """Only those on which anyone is off, the day of the deadline first."""
    unknown: tuple[Participant, ...] = ()
    """States whose days off the library does not know."""


def days_off(
    participants: Iterable[Participant], opens_at: dt.datetime, closes_at: dt.datetime, *, zone: str
) -> DaysOff:
    """Days off of the States among `participants` from the opening to the deadline (aware). `zone`: the forum's, for
    who has none. Days are those of each participant's own calendar. Organisations keep no country's days."""
    states = [one for one in participants if one.is_state]
    known = [one for one in states if one.code in KNOWN]
    weekends: dict[tuple[int, ...], list[Participant]] = {}
    by_day: dict[dt.date, list[Participant]] = {}
    off: dict[tuple[int, str], list[Participant]] = {}
    for one in known:
        own = ZoneInfo(one.time_zone or zone)
        last = closes_at.astimezone(own).date()
        first = max(opens_at.astimezone(own).date(), last - LONGEST)
        found = _calendar(one.code, first, last)
        if weekend := tuple(sorted({day.weekday() for day in found.weekend})):
            weekends.setdefault(weekend, []).append(one)
        for day in found.holidays:
            by_day.setdefault(day, []).append(one)
        for back in (0, 1):
            day = last - dt.timedelta(days=back)
            if kind := "weekend" if day in found.weekend else "holiday" if day in found.holidays else "":
                off.setdefault((back, kind), []).append(one)
    return DaysOff(
        weekends=tuple(Weekend(days, tuple(who)) for days, who in sorted(weekends.items(), key=_fewest_first)),
        holidays=tuple(_runs(by_day)),
        last_days=tuple(_last_days(off, closes_at.astimezone(ZoneInfo(zone)).date())),
        unknown=tuple(one for one in states if one.code not in KNOWN),
    )


@dataclass(frozen=True)
class _Calendar:
    weekend: frozenset[dt.date]
    holidays: frozenset[dt.date]


@lru_cache(maxsize=1024)
def _calendar(code: str, first: dt.date, last: dt.date) -> _Calendar:
    """Days off of a country, both ends inclusive. A holiday on a weekend is no day more."""
    country = holidays.country_holidays(code, years=range(first.year, last.year + 1))
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    weekend = frozenset(day for day in days if country.is_weekend(day))
    return _Calendar(weekend, frozenset(day for day in days if day in country) - weekend)


def _fewest_first(item: tuple[tuple[int, ...], list[Participant]]) -> tuple[int, tuple[int, ...]]:
    days, who = item
    return len(who), days


def _runs(by_day: dict[dt.date, list[Participant]]) -> list[Run]:
    found: list[Run] = []
    for day, who in sorted(by_day.items()):
        before = found[-1] if found else None
        if before and before.who == tuple(who) and before.last + dt.timedelta(days=1) == day:
            found[-1] = Run(before.first, day, before.who)
        else:
            found.append(Run(day, day, tuple(who)))
    return found


def _last_days(off: dict[tuple[int, str], list[Participant]], deadline: dt.date) -> list[Last]:
    return [
        Last(
            deadline - dt.timedelta(days=back),
            not back,
            tuple(off.get((back, "weekend"), ())),
            tuple(off.get((back, "holiday"), ())),
        )
        for back in (0, 1)
        if (back, "weekend") in off or (back, "holiday") in off
    ]


def days_in_words(first: dt.date, last: dt.date) -> str:
    """ "Thu 10 December", "Thu 31 December to Fri 1 January"."""
    words = f"{first:%a} {first.day} {first:%B}"
    return words if first == last else f"{words} to {last:%a} {last.day} {last:%B}"
