"""What the notices of a meeting know of it; the preview of one is made from the same facts. No name of a person."""

from typing import Any

from meetings.days import meeting_days
from meetings.enums import Format
from meetings.models import Meeting
from members.models import Forum

FORMATS = {Format.VIRTUAL.value: "online", Format.HYBRID.value: "in person and online"}


def facts(meeting: Meeting, forum: Forum) -> dict[str, Any]:
    """Placeholders that every notice of a meeting has."""
    row = {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "sits_on", "planned_text")}
    return {
        "meeting_title": meeting.title,
        "body_name": meeting.series.body.name,
        "days": meeting_days(row) or "to be decided",
        "where": where(meeting),
        "seats": meeting.seats,
        "forum": forum,
        "forum_name": forum.name,
        "forum_zone": forum.time_zone,
        "forum_city": forum.secretariat_place,
    }


def where(meeting: Meeting) -> str:
    """ "Harbour City, Borland, in person and online"; online alone for a virtual meeting."""
    place = ", ".join(part for part in (meeting.place, meeting.country) if part)
    return ", ".join(part for part in (place, FORMATS.get(meeting.format, "")) if part) or "to be decided"
