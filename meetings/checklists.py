"""The checklist of a meeting as plain rows, and what of all checklists stands on the secretariat's desk."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from meetings import checklist_rules
from meetings.days import meeting_days
from meetings.enums import MeetingState
from meetings.models import Meeting, PreparationTask
from members.access import Reader

WITHOUT_DAYS = "Postponed without new days: nothing is due before they are known."
MEETINGS_SHOWN, LINES_SHOWN = 4, 6
PREPARED = Q(meeting__state__in=[MeetingState.PLANNED.value, MeetingState.INVITED.value, MeetingState.IN_SESSION.value])
PREPARED |= Q(meeting__state=MeetingState.POSTPONED.value, meeting__starts_on__isnull=False)
"""Meetings whose days stand: of one postponed without new days nothing is due."""


def checklist_page(meeting: Meeting, today: dt.date) -> dict[str, Any]:
    """Context of the page: open lines first, the soonest on top, then what is done. One query."""
    rows = rows_of(meeting, meeting.tasks.select_related("done_by"), today)
    has_days = meeting.state != MeetingState.POSTPONED or meeting.starts_on is not None
    open_rows = [row for row in rows if not row["is_done"]]
    return {
        "meeting": meeting,
        "days": meeting_days(_days_row(meeting)) or "to be decided",
        "open": open_rows,
        "done": [row for row in rows if row["is_done"]],
        "total": len(rows),
        "has_days": has_days,
        "is_vague": meeting.starts_on is None,
        "lede": _lede(open_rows, len(rows)) if has_days else WITHOUT_DAYS,
    }


def rows_of(meeting: Meeting, tasks: Iterable[PreparationTask], today: dt.date) -> list[dict[str, Any]]:
    """Lines with their days, as they follow from the days of the meeting now."""
    found = []
    for task in tasks:
        due, is_done = checklist_rules.due_on(meeting.earliest_on, task.days_before), task.done_at is not None
        found.append(
            {
                "task": task,
                "due": due,
                "is_done": is_done,
                "is_overdue": checklist_rules.is_overdue(due, is_done=is_done, today=today),
                "is_in_sight": checklist_rules.is_in_sight(due, is_done=is_done, today=today),
                "key": uuid.uuid4(),
            }
        )
    return found


def _lede(open_rows: list[dict[str, Any]], total: int) -> str:
    if not total:
        return "Nothing is on the list yet."
    if not open_rows:
        return "Everything on the list is done."
    overdue = sum(row["is_overdue"] for row in open_rows)
    soon = sum(row["is_in_sight"] for row in open_rows) - overdue
    said = f"{total - len(open_rows)} of {total} done."
    if overdue:
        said += f" {overdue} {'is' if overdue == 1 else 'are'} overdue."
    if soon:
        said += f" {soon} {'is' if soon == 1 else 'are'} due within a week."
    return said


def due_on_desk(reader: Reader, today: dt.date) -> list[dict[str, Any]]:
    """Meetings with a line that is overdue or due within a week, the soonest meeting first, each with how much is
    ready. One query; none for who is not of the secretariat."""
    if not reader.is_staff:
        return []
    tasks = PreparationTask.objects.filter(PREPARED, meeting__latest_on__gte=today).select_related("meeting")
    by_meeting: dict[Meeting, list[PreparationTask]] = {}
    for task in tasks.order_by("meeting__earliest_on", "meeting_id", "-days_before", "pk"):
        by_meeting.setdefault(task.meeting, []).append(task)
    found = []
    for meeting, lines in by_meeting.items():
        rows = rows_of(meeting, lines, today)
        in_sight = [row for row in rows if row["is_in_sight"]]
        if in_sight:
            found.append(
                {
                    "meeting": meeting,
                    "url": reverse("meetings:meeting-checklist", args=[meeting.slug]),
                    "days": meeting_days(_days_row(meeting)),
                    "ready": sum(row["is_done"] for row in rows),
                    "total": len(rows),
                    "rows": in_sight[:LINES_SHOWN],
                    "more": max(0, len(in_sight) - LINES_SHOWN),
                    "overdue": sum(row["is_overdue"] for row in in_sight),
                }
            )
    return found[:MEETINGS_SHOWN]


def _days_row(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "sits_on", "planned_text")}
