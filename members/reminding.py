"""Who of the directory is reminded now, and when anybody is next: for whatever has a deadline. Reads only.

Found by what is due, so a scheduler that is late, or two of them, changes nothing: a notice goes once for an event, and
the event of a reminder names the deadline and the hours before it.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from members.access import forum
from members.directory import zones_in_use
from notifications.models import Notice
from notifications.reminders import Reminder, goes_at, instants, newest_due, next_after
from notifications.services import Addressee


@dataclass(frozen=True)
class Deadline:
    """What people are reminded of: (subject kind and reference of its notices), since when it is asked, until when, and
    how many hours before. `event` is the event of the reminder that goes so many hours before."""

    subject: tuple[str, str]
    opened_at: dt.datetime
    expires_at: dt.datetime
    hours: Collection[int]
    event: Callable[[int], str]


@dataclass(frozen=True)
class Round:
    """Who is reminded now, with which reminder; and the first instant at which one that is very late may go."""

    goes: list[tuple[Addressee, Reminder]]
    waits_until: dt.datetime | None

    def by_hours(self) -> list[tuple[int, list[Addressee]]]:
        """Hours before the deadline → whom, the earliest reminder first."""
        found: dict[int, list[Addressee]] = {}
        for one, reminder in self.goes:
            found.setdefault(reminder.hours, []).append(one)
        return sorted(found.items(), reverse=True)


def round_of(to: Iterable[Addressee], deadline: Deadline, now: dt.datetime) -> Round:
    """The newest reminder that is due to each, unless it was told before. Two queries."""
    home = forum().time_zone
    told = _told(deadline)
    goes, waits = [], []
    for one in to:
        zone = ZoneInfo(one.zone or home)
        times = instants(deadline.opened_at, deadline.expires_at, deadline.hours, zone)
        reminder = newest_due(times, now)
        if not reminder or (deadline.event(reminder.hours), one.address, one.participant_code) in told:
            continue
        at = goes_at(reminder, now, deadline.expires_at, zone)
        if at <= now:
            goes.append((one, reminder))
        else:
            waits.append(at)
    return Round(goes, min(waits, default=None))


def next_look(
    opened_at: dt.datetime, expires_at: dt.datetime, hours: Collection[int], now: dt.datetime
) -> dt.datetime | None:
    """The next instant at which anyone in any zone of the portal is due; None when nobody is.

    Every zone in use, not those of today's people: a post may change hands meanwhile.
    """
    zones = [ZoneInfo(name) for name in {forum().time_zone, *zones_in_use()}]
    return next_after(opened_at, expires_at, hours, zones, now)


def _told(deadline: Deadline) -> set[tuple[str, str, str]]:
    kind, ref = deadline.subject
    events = [deadline.event(hours) for hours in deadline.hours]
    rows = Notice.objects.filter(subject_kind=kind, subject_ref=ref, event__in=events)
    return set(rows.values_list("event", "address", "participant_code"))
