"""Attendance of one participant as a table of bodies and years: one query, counted by the database."""

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, Max, OuterRef, Q, Value, When
from django.utils.html import format_html
from django.utils.safestring import SafeString

from meetings.access import visible_to, whose_attendance_shows
from meetings.enums import MeetingState, Presence
from meetings.models import Attendance
from meetings.queries import STILL_TO_COME, with_year
from members.access import Reader
from members.profile import Profile

YEARS_SHOWN, FEW = 15, 6
CAME, MISSED, UNLISTED, COMING = "came", "missed", "unlisted", "coming"
HELD = [MeetingState.PUBLISHED.value, MeetingState.CLOSED.value]
AHEAD = [*STILL_TO_COME, MeetingState.IN_SESSION.value]
NO_MEETING, NOT_ENTERED, AWAITED = "·", "?", "→"

Counts = dict[tuple[str, bool], int]
"""Number of meetings by what became of them, and by whether the participant was of the body then."""
Cell = tuple[str, str]
"""(class, text): the text alone says everything, the class repeats it as colour."""


@dataclass
class Line:
    """What is known of one body: meetings by year, by what became of them, and by whether the participant was of it."""

    name: str
    place: int
    years: dict[int | None, Counts] = field(default_factory=dict)

    def add(self, year: int | None, what: str, belonged: bool, number: int) -> None:
        counted = self.years.setdefault(year, {})
        counted[what, belonged] = counted.get((what, belonged), 0) + number

    def keep_what_tells(self) -> None:
        """Leave out the years in which the participant neither came nor was of the body."""
        self.years = {year: of for year, of in self.years.items() if any(what == CAME or own for what, own in of)}


def strip(reader: Reader, profile: Profile, on: dt.date) -> dict[str, Any]:
    """Columns and rows of the table, as far as the reader may know who came. One query.

    A meeting counts when the participant came, or when it belonged to the body on its days: as a member of that body,
    or of the forum where the body takes all. Where it came as a guest, all meetings of that year count.
    """
    lines = _lines(reader, profile, on)
    known = [year for line in lines for year in line.years if year]
    if not known:
        return {"years": [], "rows": [], "undated": _undated(lines)}
    last = max(known)
    first = max(min(known), last - YEARS_SHOWN + 1)
    earlier = list(range(min(known), first))
    years = list(range(first, last + 1))
    groups = ([earlier] if earlier else []) + [[year] for year in years]
    rows = [
        {"name": line.name, "cells": SafeString("".join(_html(*cell(_sum(line, group))) for group in groups))}
        for line in lines
        if any(year for year in line.years)
    ]
    return {
        "earlier": _heading(earlier[-1]) if earlier else None,
        "years": [_heading(year) for year in years],
        "width": "few" if len(years) < FEW else "years",
        "rows": rows,
        "undated": _undated(lines),
    }


def _heading(year: int) -> tuple[str, str]:
    """A year in two parts, of which a phone shows the second: "20", "19"."""
    return f"{year // 100}", f"{year % 100:02}"


@lru_cache(maxsize=512)
def _html(css: str, text: str) -> SafeString:
    """A cell as it stands in the table: there are many, and of few kinds."""
    return format_html('<td class="{}">{}</td>', css, text) if css else format_html("<td>{}</td>", text)


def _sum(line: Line, years: list[int]) -> Counts:
    """What is known of the years together; the meetings of most columns are those of one year."""
    whole: Counts = {}
    for year in years:
        for key, number in line.years.get(year, {}).items():
            whole[key] = whole.get(key, 0) + number
    return whole


def _undated(lines: list[Line]) -> int:
    """Meetings attended whose year is not on record: no column holds them."""
    return sum(line.years.get(None, {}).get((CAME, own), 0) for line in lines for own in (True, False))


def cell(counted: Counts) -> Cell:
    """One cell: "2" of two, "1/2", "0/2", with "?" for lists not entered yet and an arrow for what is to come."""
    if not counted:
        return "", NO_MEETING
    as_own, missed = counted.get((CAME, True), 0), counted.get((MISSED, True), 0)
    came = as_own + counted.get((CAME, False), 0)
    guest = came and not as_own + missed
    due = came + (counted.get((MISSED, False), 0) if guest else missed)
    marks = (NOT_ENTERED if (UNLISTED, True) in counted else "") + (AWAITED if (COMING, True) in counted else "")
    if not due:
        return "", marks or NO_MEETING
    figure = f"{came}" if came == due else f"{came}/{due}"
    return "l2" if came == due else "l1" if came else "", f"{figure}{marks}"


def _lines(reader: Reader, profile: Profile, on: dt.date) -> list[Line]:
    """The bodies with something to tell, in their own order."""
    shown = whose_attendance_shows(reader)
    came = Attendance.objects.filter(participant=profile.participant, presence=Presence.PRESENT.value)
    listed = Exists(Attendance.objects.filter(session__meeting=OuterRef("pk")))
    who = Case(
        When(shown & Q(pk__in=came.values("session__meeting_id")), then=Value(CAME)),
        When(shown & Q(listed), then=Value(MISSED)),
        default=Value(UNLISTED),
    )
    always, at_times = _belonged(profile)
    belonged = Case(When(at_times, then=True), default=False, output_field=BooleanField()) if at_times else Value(False)
    met = with_year(visible_to(reader).filter(state__in=[*HELD, *AHEAD]).annotate(who=who, belonged=belonged))
    columns = ("series__body_id", "series__body__name", "series__body__position", "year", "state", "who", "belonged")
    rows = met.order_by().values_list(*columns).annotate(last=Max("latest_on"), number=Count("pk"))
    lines: dict[int, Line] = {}
    for body_id, name, place, year, state, kind, own, last, number in rows:
        what = kind if state in HELD else COMING if last >= on else UNLISTED
        line = lines.setdefault(body_id, Line(name, place))
        line.add(year, what, own or body_id in always, number)
    for line in lines.values():
        line.keep_what_tells()
    return sorted((line for line in lines.values() if line.years), key=lambda line: (line.place, line.name))


def _belonged(profile: Profile) -> tuple[set[int], Q]:
    """Bodies to which the participant always belonged, and a condition on the meetings of those where it had dates."""
    spells: dict[tuple[dt.date | None, dt.date | None], set[int]] = {}
    for seat in profile.seats:
        its = [*seat.memberships, *seat.chairs, *(profile.standings if seat.takes_all else [])]
        for one in its:
            spells.setdefault((one.from_on, one.to_on), set()).add(seat.body_id)
    always = spells.pop((None, None), set())
    wanted = Q()
    for (from_on, to_on), body_ids in spells.items():
        starts = Q(latest_on__gte=from_on) if from_on else Q()
        ends = Q(earliest_on__lte=to_on) if to_on else Q()
        wanted |= Q(series__body__in=body_ids) & starts & ends
    return always, wanted
