"""Rows of the database as the rules of agendas know them."""

from collections.abc import Iterable

from meetings.agenda_enums import MOST_DAYS, ItemKind
from meetings.agenda_rules import Entry, minutes_of
from meetings.models import AgendaItem, Meeting


def entries_of(items: Iterable[AgendaItem]) -> list[Entry]:
    return [
        Entry(
            one.pk,
            one.parent_id,
            one.day,
            one.position,
            ItemKind(one.kind),
            one.label,
            one.minutes,
            minutes_of(one.starts_at) if one.starts_at else None,
            one.is_late,
        )
        for one in items
    ]


def last_day(meeting: Meeting) -> int:
    """The number of the last day; while no days are fixed, the most that is offered."""
    if meeting.starts_on is None:
        return MOST_DAYS
    return ((meeting.ends_on or meeting.starts_on) - meeting.starts_on).days + 1
