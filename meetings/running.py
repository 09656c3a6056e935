"""The page by which a meeting is run, as plain values: the item that runs, its time, what comes next, what fell."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from meetings import session_rules, words
from meetings.agenda_enums import PURPOSE_NAMES, ItemKind, Purpose
from meetings.agenda_rules import cited, in_order
from meetings.enums import MeetingState
from meetings.models import AgendaItem, ItemRun, Meeting
from meetings.services.agenda_steps import entries_of
from members.models import Forum

STATES = {"": "not yet", "runs": "now", "done": "done"}


def lines_of(items: list[AgendaItem], now: dt.datetime) -> list[dict[str, Any]]:
    """Every item in the order of the agenda, with its number, depth and state; breaks are left out."""
    entries = entries_of(items)
    numbers, found = cited(entries), {one.pk: one for one in items}
    return [
        _line(found[entry.pk], numbers[entry.pk], depth, now)
        for entry, depth in in_order(entries)
        if entry.kind == ItemKind.ITEM
    ]


def _line(item: AgendaItem, number: str, depth: int, now: dt.datetime) -> dict[str, Any]:
    run: ItemRun | None = getattr(item, "run", None)
    runs = run is not None and run.finished_at is None
    left = session_rules.time_left(item.minutes, run.started_at, now) if run and runs else None
    return {
        "item": item,
        "name": f"{number}. {item.title}",
        "depth": depth,
        "run": run,
        "runs": runs,
        "is_done": run is not None and not runs,
        "words": STATES["runs" if runs else "done" if run else ""],
        "purpose": PURPOSE_NAMES[Purpose(item.purpose)] if item.purpose else "",
        "left": left,
        "over": -left if left is not None and left < 0 else 0,
        "until": run.started_at + dt.timedelta(minutes=item.minutes) if run and item.minutes else None,
        "papers": item.number_of_papers,  # type: ignore[attr-defined]
    }


def day_of(meeting: Meeting, now: dt.datetime, forum: Forum) -> dt.date:
    """Today on the clock of the meeting, or the nearest of its days."""
    today = now.astimezone(ZoneInfo(meeting.time_zone or forum.time_zone)).date()
    return min(max(today, meeting.earliest_on), meeting.latest_on)


def next_of(lines: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first item not taken up after the last that was; a heading with sub-items is an item too."""
    last = max((at for at, one in enumerate(lines) if one["run"]), default=-1)
    return next((one for one in lines[last + 1 :] if not one["run"]), None)


def running_page(
    meeting: Meeting, items: list[AgendaItem], outcomes: list[Any], forum: Forum, now: dt.datetime
) -> dict[str, Any]:
    lines = lines_of(items, now)
    names = {one["item"].pk: one["name"] for one in lines}
    on_top = [one for one in outcomes if one.parent_id is None]
    return {
        "forum": forum,
        "meeting": meeting,
        "chip": words.MEETINGS[MeetingState(meeting.state)],
        "zone": meeting.time_zone or forum.time_zone,
        "now": now,
        "lines": lines,
        "current": next((one for one in lines if one["runs"]), None),
        "next": next_of(lines),
        "outcomes": [
            {
                "outcome": one,
                "item": names.get(one.meeting_link.item_id, ""),
                "children": [child for child in outcomes if child.parent_id == one.pk],
            }
            for one in on_top
        ],
        "item_choices": [(one["item"].pk, one["name"][:80]) for one in lines],
        "parent_choices": [(one.pk, f"{one.verb.word}: {one.text[:70]}") for one in on_top],
    }
