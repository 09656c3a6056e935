"""A meeting as a calendar file (iCalendar, RFC 5545): its days for everyone, its sittings for readers of the agenda.

Each event keeps its UID for good. SEQUENCE grows with every change of the meeting, of an event of a sitting with every
change of the agenda too, so that calendars take the newer one. What was cancelled, or postponed to days that are not
known yet, comes as STATUS:CANCELLED.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from audit.models import AuditEntry
from meetings.agendas import DayPart, zone_of
from meetings.enums import SUBJECT, MeetingState
from meetings.letters import where
from meetings.models import Agenda, Meeting
from meetings.services.calling_off import POSTPONED
from members.models import Forum

if TYPE_CHECKING:
    from icalendar import Event

TENTATIVE = frozenset({MeetingState.PLANNED, MeetingState.POSTPONED})


def calendar_file(
    meeting: Meeting, forum: Forum, *, base_url: str, now: dt.datetime, agenda: Agenda | None, days: list[DayPart]
) -> bytes:
    """The file. `agenda` None: the reader sees none. Only for a meeting with a `first_known` day."""
    from icalendar import Calendar

    made, first = Calendar(), first_known(meeting) or meeting.earliest_on
    made.add("prodid", f"-//{forum.short_name}//Meetings//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    host = urlsplit(base_url).hostname or "portal"
    status = status_of(meeting)
    common = {"now": now, "status": status, "url": base_url.rstrip("/") + meeting.get_absolute_url()}
    sittings = [one for one in days if one.rows] if agenda else []
    made.add_component(_whole(meeting, first, f"meeting-{meeting.pk}@{host}", is_busy=not sittings, **common))
    if agenda:
        zone = ZoneInfo(zone_of(meeting, forum))
        for day in sittings:
            made.add_component(
                _sitting(meeting, agenda, day, first, zone, f"meeting-{meeting.pk}-{day.number}@{host}", **common)
            )
    made.add_missing_timezones()
    return bytes(made.to_ical())


def status_of(meeting: Meeting) -> str:
    """STATUS of its events: a meeting that was postponed to days not known yet does not take place on the old ones."""
    state = MeetingState(meeting.state)
    if state == MeetingState.CANCELLED or meeting.starts_on is None:
        return "CANCELLED"
    return "TENTATIVE" if state in TENTATIVE else "CONFIRMED"


def first_known(meeting: Meeting) -> dt.date | None:
    """Its first day; of one postponed to days not known yet the day it had, so that calendars can take it out. None: no
    calendar ever held it."""
    if meeting.starts_on or meeting.state != MeetingState.POSTPONED:
        return meeting.starts_on
    rows = AuditEntry.objects.filter(subject_kind=SUBJECT, subject_ref=meeting.slug, action=POSTPONED).order_by("-pk")
    for detail in rows.values_list("detail", flat=True):
        try:
            return dt.date.fromisoformat(detail["from"])
        except ValueError:
            continue
    return None


def _event(meeting: Meeting, uid: str, *, now: dt.datetime, status: str, url: str, sequence: int) -> "Event":
    from icalendar import Event

    made = Event()
    made.add("uid", uid)
    made.add("dtstamp", now)
    made.add("sequence", sequence)
    made.add("status", status)
    made.add("location", where(meeting))
    made.add("url", url)
    return made


def _whole(meeting: Meeting, first: dt.date, uid: str, *, is_busy: bool, **common: Any) -> "Event":
    made = _event(meeting, uid, sequence=meeting.calendar_sequence, **common)
    made.add("summary", _titled(meeting, meeting.title))
    made.add("dtstart", first)
    made.add("dtend", (meeting.ends_on or first) + dt.timedelta(days=1))
    made.add("transp", "OPAQUE" if is_busy else "TRANSPARENT")
    if meeting.summary:
        made.add("description", meeting.summary)
    return made


def _sitting(
    meeting: Meeting, agenda: Agenda, day: DayPart, first: dt.date, zone: ZoneInfo, uid: str, **common: Any
) -> "Event":
    """One day of the agenda, from its first item to its last, with the items as its description."""
    made = _event(meeting, uid, sequence=meeting.calendar_sequence + agenda.version, **common)
    midnight = dt.datetime.combine(first + dt.timedelta(days=day.number - 1), dt.time())
    made.add("summary", _titled(meeting, f"{meeting.title}, day {day.number}"))
    made.add("dtstart", (midnight + dt.timedelta(minutes=day.starts)).replace(tzinfo=zone))
    made.add("dtend", (midnight + dt.timedelta(minutes=max(day.ends, day.starts + 1))).replace(tzinfo=zone))
    lines = [f"{row.time} {f'{row.number} ' if row.number else ''}{row.item.title}" for row in day.rows]
    made.add("description", "\n".join(lines))
    return made


def _titled(meeting: Meeting, title: str) -> str:
    return f"Sample: {title}" if meeting.is_sample else title
