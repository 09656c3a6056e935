"""The list of meetings as plain rows: few queries, nothing left to work out in the template."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When
from django.db.models.functions import ExtractYear
from django.urls import reverse

from meetings.access import whose_attendance_shows
from meetings.days import listed_days
from meetings.enums import Format, MeetingState, Presence
from meetings.models import Attendance, Meeting, Series
from members.access import Reader
from members.enums import Kind

PAGE_ROWS = 50
STILL_TO_COME = [MeetingState.PLANNED.value, MeetingState.INVITED.value]
TO_COME = Q(state__in=STILL_TO_COME) | Q(state=MeetingState.POSTPONED.value, starts_on__isnull=False)
"""Ahead as far as its state tells; a postponed meeting once its new days are known."""
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
    "sits_on",
    "planned_text",
    "format",
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


def groups_of(meetings: QuerySet[Meeting], today: dt.date) -> list[dict[str, Any]]:
    """How many meetings each series has in each year, by the place of the series: for the choices of the filter and for
    the pages. Two queries: names in the first would be sorted once for each meeting."""
    to_come = Count("pk", filter=TO_COME & Q(latest_on__gte=today))
    keys = ("year", "series_id")
    sums = meetings.order_by().values(*keys).annotate(meetings=Count("pk"), to_come=to_come)
    columns = ("pk", "slug", "name", "body__slug", "body__name")
    ordered = Series.objects.order_by("position", "name").values(*columns)
    named = {row.pop("pk"): {f"series__{key}": value for key, value in row.items()} for row in ordered}
    place = {pk: at for at, pk in enumerate(named)}
    rows = sorted(sums, key=lambda row: place[row["series_id"]])
    return [{**row, **named[row["series_id"]]} for row in rows]


def choices_of(groups: list[dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Series, bodies and years that have a meeting to show."""
    years = sorted({row["year"] for row in groups if row["year"]}, reverse=True)
    return {
        "series": list(dict.fromkeys((row["series__slug"], row["series__name"]) for row in groups)),
        "body": list(dict.fromkeys((row["series__body__slug"], row["series__body__name"]) for row in groups)),
        "year": [(str(year), str(year)) for year in years],
    }


def chosen_groups(groups: list[dict[str, Any]], chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The groups that the filter leaves; `chosen` holds its clean values by the name of the field."""
    columns = {"series": "series__slug", "body": "series__body__slug", "year": "year"}
    wanted = [(columns[name], value) for name, value in chosen.items() if value]
    return [row for row in groups if all(str(row[column]) == value for column, value in wanted)]


def years_of(groups: list[dict[str, Any]]) -> list[Year]:
    """Years with the number of their meetings, newest first, the unknown last."""
    sums: dict[int | None, tuple[int, int]] = {}
    for row in groups:
        meetings, to_come = sums.get(row["year"], (0, 0))
        sums[row["year"]] = (meetings + row["meetings"], to_come + row["to_come"])
    return sorted((Year(year, *sums[year]) for year in sums), key=lambda one: -(one.year or 0))


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
    place = place or no_place(row["format"], row["state"])
    return f"{place}. {present}" if present else place


def no_place(form: str, state: str) -> str:
    """What stands where a place would: a virtual meeting has none."""
    if form == Format.VIRTUAL.value:
        return "Virtual"
    return "Place to be decided" if state in STILL_TO_COME else "Place not on record"


def state_note(row: dict[str, Any]) -> str:
    words = [STATE_WORDS.get(row["state"], "")]
    if row["state"] == MeetingState.POSTPONED.value:
        words = [postponed_words(row["starts_on"])]
    words += ["public in part"] if row["is_public_in_part"] else []
    words += ["Sample"] if row["is_sample"] else []
    return ", ".join(word for word in words if word)


def postponed_words(starts_on: dt.date | None) -> str:
    """A postponed meeting without a new day keeps the old one as what was planned."""
    return "postponed to these days" if starts_on else "postponed, new days not known"


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
    return meetings.filter(TO_COME, latest_on__gte=today).order_by("earliest_on", "pk")
