"""The list of meetings as plain rows: few queries, nothing left to work out in the template."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When
from django.db.models.functions import ExtractYear
from django.urls import reverse

from meetings.access import whose_attendance_shows
from meetings.days import listed_days
from meetings.enums import MeetingState, Presence
from meetings.models import Attendance, Meeting, Series
from members.access import Reader
from members.enums import Kind

PAGE_ROWS = 50
STILL_TO_COME = [MeetingState.PLANNED.value, MeetingState.INVITED.value]
STATE_WORDS = {
    MeetingState.PLANNED.value: "planned",
    MeetingState.INVITED.value: "planned",
    MeetingState.IN_SESSION.value: "in session",
    MeetingState.CLOSED.value: "record not published yet",
    MeetingState.POSTPONED.value: "postponed",
    MeetingState.CANCELLED.value: "cancelled",
}
COLUMNS = (
    "pk",
    "slug",
    "title",
    "place",
    "country",
    "starts_on",
    "ends_on",
    "planned_text",
    "state",
    "is_public_in_part",
    "is_sample",
)


@dataclass(frozen=True)
class Year:
    """A year with its meetings; None stands for days that are not known within one year."""

    year: int | None
    meetings: int
    to_come: int


@dataclass(frozen=True)
class Part:
    """One page of the list: rows [first, last) of the whole, and the years it takes in."""

    first: int
    last: int
    years: list[Year]
    cuts_a_year: bool = False


def with_year(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Each meeting with the year under which it is listed, in the order of the list."""
    year = Case(
        When(starts_on__isnull=False, then=ExtractYear("starts_on")),
        When(first_year=F("last_year"), then=F("first_year")),
        default=None,
        output_field=IntegerField(),
    )
    bounds = meetings.annotate(first_year=ExtractYear("earliest_on"), last_year=ExtractYear("latest_on"))
    return bounds.annotate(year=year).order_by(F("year").desc(nulls_last=True), "-earliest_on", "-pk")


def years_of(meetings: QuerySet[Meeting], today: dt.date) -> list[Year]:
    """Years with the number of their meetings, newest first, the unknown last."""
    to_come = Count("pk", filter=Q(state__in=STILL_TO_COME, latest_on__gte=today))
    rows = meetings.order_by().values_list("year").annotate(n=Count("pk"), to_come=to_come)  # type: ignore[misc]
    return sorted((Year(*row) for row in rows), key=lambda one: -(one.year or 0))


def parts_of(years: list[Year], size: int = PAGE_ROWS) -> list[Part]:
    """Pages of about `size` rows. A year is cut only when it alone is longer than a page."""
    parts: list[Part] = []
    first = 0
    for one in years:
        page = parts[-1] if parts else None
        if page and not page.cuts_a_year and page.last - page.first + one.meetings <= size:
            parts[-1] = Part(page.first, page.last + one.meetings, [*page.years, one])
        else:
            for start in range(0, one.meetings, size):
                end = min(start + size, one.meetings)
                parts.append(Part(first + start, first + end, [one], one.meetings > size))
        first += one.meetings
    return parts


def part_label(part: Part) -> str:
    known = [one.year for one in part.years if one.year]
    if not known:
        label = "no date"
    elif known[0] == known[-1]:
        label = str(known[0])
    else:
        label = f"{known[-1]} to {known[0]}"
    return f"{label}, {part.first + 1}–{part.last}" if part.cuts_a_year else label


def series_and_bodies(meetings: QuerySet[Meeting]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Choices of the filter: series that have a meeting to show, and the bodies behind them."""
    found = Series.objects.filter(pk__in=meetings.order_by().values("series_id"))
    rows = list(found.values_list("slug", "name", "body__slug", "body__name"))
    return [(row[0], row[1]) for row in rows], list(dict.fromkeys((row[2], row[3]) for row in rows))


def rows_of(meetings: QuerySet[Meeting], part: Part, reader: Reader) -> list[dict[str, Any]]:
    """The rows of one page with all their words."""
    rows = list(meetings.values(*COLUMNS, "year")[part.first : part.last])
    present = present_counts([row["pk"] for row in rows], reader)
    base = reverse("meetings:meeting-list")
    return [
        {
            "url": f"{base}{row['slug']}/",
            "title": row["title"],
            "days": listed_days(row),
            "where": _where(row, present.get(row["pk"], "")),
            "note": state_note(row),
            "year": row["year"],
        }
        for row in rows
    ]


def _where(row: dict[str, Any], present: str) -> str:
    place = ", ".join(part for part in (row["place"], row["country"]) if part)
    if not place:
        place = "Place to be decided" if row["state"] in STILL_TO_COME else "Place not on record"
    return f"{place}. {present}" if present else place


def state_note(row: dict[str, Any]) -> str:
    words = [STATE_WORDS.get(row["state"], "")]
    words += ["public in part"] if row["is_public_in_part"] else []
    words += ["Sample"] if row["is_sample"] else []
    return ", ".join(word for word in words if word)


def present_counts(meeting_ids: list[int], reader: Reader) -> dict[int, str]:
    """ "18 States, 6 organisations" of each meeting whose attendance the reader may know."""
    shown = Meeting.objects.filter(whose_attendance_shows(reader), pk__in=meeting_ids)
    rows = (
        Attendance.objects.filter(session__meeting__in=shown, presence=Presence.PRESENT.value)
        .order_by()
        .values_list("session__meeting_id", "participant__kind")
        .annotate(n=Count("participant_id", distinct=True))
    )
    counts: dict[int, dict[str, int]] = {}
    for meeting, kind, number in rows:
        counts.setdefault(meeting, {})[kind] = number
    return {meeting: in_room(of.get(Kind.STATE, 0), of.get(Kind.ORGANISATION, 0)) for meeting, of in counts.items()}


def in_room(states: int, organisations: int) -> str:
    parts = [counted(states, "State"), counted(organisations, "organisation")]
    return ", ".join(part for part in parts if part[0] != "0")


def counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def coming(meetings: QuerySet[Meeting], today: dt.date) -> QuerySet[Meeting]:
    """Meetings still to come, the next first."""
    return meetings.filter(state__in=STILL_TO_COME, latest_on__gte=today).order_by("earliest_on", "pk")
