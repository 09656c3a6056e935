"""What the pages of planning say: the proposal for the next meeting of a series, and what is taken over with it."""

import datetime as dt
from typing import Any

from meetings import ordinals, planning_rules
from meetings.days import meeting_days
from meetings.enums import MeetingState
from meetings.forms import MeetingForm
from meetings.models import Meeting
from meetings.queries import counted
from meetings.services.planning import days_of

STARTS_TO_COUNT_FROM = 6


def proposal(meeting: Meeting, today: dt.date) -> dict[str, Any]:
    """Initial values of the form for the meeting after this one. One query beside those of its relations."""
    rows = Meeting.objects.filter(series=meeting.series_id, starts_on__isnull=False, starts_on__lte=meeting.latest_on)
    last = rows.order_by("-starts_on").values_list("starts_on", flat=True)[:STARTS_TO_COUNT_FROM]
    starts = [day for day in last if day]
    days = planning_rules.next_days(days_of(meeting), starts, today=today)
    year = {"year": meeting.earliest_on.year, "to_year": days.first.year} if days.first else {}
    label = ordinals.next_label(meeting.ordinal)
    return {
        **MeetingForm.initial_of(meeting),
        **dict.fromkeys(("symbol", "place", "country", "time_zone", "words"), ""),
        **dict.fromkeys(("host", "first_chair", "second_chair", "earliest", "latest"), None),
        "beside": [],
        "version": 0,
        "title": ordinals.next_title(meeting.title, meeting.ordinal, **year),
        "ordinal": label,
        "first_day": days.first,
        "last_day": days.last,
        "single_days": ", ".join(one.isoformat() for one in days.sits_on),
    }


def taken_over(meeting: Meeting, lines: int, items: int) -> list[tuple[str, str]]:
    """Label and value of what the new meeting has from this one beside what the form shows. `lines` of its checklist,
    `items` of its agenda."""
    hours = ", ".join(str(one) for one in meeting.reminder_hours)
    source = lines or meeting.series.tasks.count()
    whose = "" if lines else ", the usual list of the series"
    return [
        ("Body", str(meeting.series.body)),
        ("Seats", f"{meeting.seats} for each delegation" if meeting.seats else "no limit"),
        ("Reminders", f"{hours} hours before" if hours else "none"),
        ("Checklist", f"{counted(source, 'line')}{whose}, none of them done"),
        ("Agenda", f"{counted(items, 'line')}, as a draft" if items else "none: nothing is taken over"),
    ]


def days_are_open(meeting: Meeting) -> bool:
    """Nobody was told of the days yet, so they may be changed without a deed that tells."""
    return meeting.state == MeetingState.PLANNED


def ordinal_words(meeting: Meeting, others: list[Meeting]) -> str:
    """The sentence that points out a repeated ordinal; it is allowed."""
    if not others:
        return ""
    named = "; ".join(f"{one.title}, {meeting_days(_days_row(one))}" for one in others)
    return (
        f"The ordinal {meeting.ordinal} stands twice in this series now. Also: {named}. That is allowed; it is a label."
    )


def _days_row(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "sits_on", "planned_text")}
