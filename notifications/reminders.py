"""When reminders go: a few times before a deadline, each at an hour at which people work where it is read.

Pure functions over plain values, the time passed in. Meetings may use them for their own deadlines.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

FIRST, LAST = dt.time(8), dt.time(18)
"""Civil hours, both ends included, on the clock of who reads."""
LATE = dt.timedelta(minutes=90)
"""What is at most this late still goes at once. What the machine forgot for longer waits for the next civil hour."""


@dataclass(frozen=True, order=True)
class Reminder:
    """One reminder to one reader: when it goes, and how many hours before the deadline it was meant for."""

    at: dt.datetime
    hours: int


def is_civil(moment: dt.datetime, zone: dt.tzinfo) -> bool:
    """Is it between 08:00 and 18:00 in the zone? Both ends count."""
    return FIRST <= moment.astimezone(zone).time() <= LAST


def last_civil(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The moment itself when it is civil, else the last civil one before it, in UTC."""
    if is_civil(moment, zone):
        return moment.astimezone(dt.UTC)
    local = moment.astimezone(zone)
    day = local.date() if local.time() > LAST else local.date() - dt.timedelta(days=1)
    return max(one for one in _readings(day, LAST, zone) if one <= moment and is_civil(one, zone))


def next_civil(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The moment itself when it is civil, else the first civil one after it, in UTC."""
    if is_civil(moment, zone):
        return moment.astimezone(dt.UTC)
    local = moment.astimezone(zone)
    day = local.date() if local.time() < FIRST else local.date() + dt.timedelta(days=1)
    return min(one for one in _readings(day, FIRST, zone) if one >= moment and is_civil(one, zone))


def _readings(day: dt.date, time: dt.time, zone: dt.tzinfo) -> list[dt.datetime]:
    """Instants that this may mean on a clock of the zone: where it is put back, it shows the time twice; a time that it
    leaps over is read by the offset before and by the one after."""
    return [dt.datetime.combine(day, time, tzinfo=zone).replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1)]


def instants(opened: dt.datetime, expires: dt.datetime, hours: Collection[int], zone: dt.tzinfo) -> list[Reminder]:
    """When a reader in this zone is reminded of a deadline, oldest first.

    A reminder that falls outside the civil hours goes at the last civil hour before it, never later; two that meet
    become one, known by the hours nearer the deadline; none goes at or before the opening.
    """
    found: dict[dt.datetime, int] = {}
    for before in sorted(set(hours), reverse=True):
        found[last_civil(expires - dt.timedelta(hours=before), zone)] = before
    return sorted(Reminder(at, before) for at, before in found.items() if opened < at < expires)


def newest_due(reminders: Iterable[Reminder], now: dt.datetime) -> Reminder | None:
    """The last one whose time has come: who missed two is not reminded twice."""
    return max((one for one in reminders if one.at <= now), default=None)


def goes_at(reminder: Reminder, now: dt.datetime, expires: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """When a reminder that is due at `now` goes: at once, or, when it is very late and people sleep, at the next civil
    hour. It does not wait where the deadline would come first."""
    return now if now - reminder.at <= LATE else civil_before(now, expires, zone)


def civil_before(now: dt.datetime, expires: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The next civil hour, or `now` where what it is about comes first."""
    waits = next_civil(now, zone)
    return waits if waits < expires else now


def next_after(
    opened: dt.datetime, expires: dt.datetime, hours: Collection[int], zones: Iterable[dt.tzinfo], now: dt.datetime
) -> dt.datetime | None:
    """The next instant at which anybody in one of the zones is to be reminded; None when nobody is."""
    coming = (one.at for zone in zones for one in instants(opened, expires, hours, zone) if one.at > now)
    return min(coming, default=None)
