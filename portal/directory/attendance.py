"""Attendance of one participant as a table of bodies and years: one query, counted by the database."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, Value, When

from meetings.access import visible_to, whose_attendance_shows
from meetings.enums import MeetingState, Presence
from meetings.models import Attendance
from meetings.queries import STILL_TO_COME, with_year
from members.access import Reader
from members.profile import Profile, Seat, Spell

YEARS_SHOWN = 15
CAME, MISSED, UNLISTED, COMING = "came", "missed", "unlisted", "coming"
HELD = [MeetingState.PUBLISHED.value, MeetingState.CLOSED.value]
AHEAD = [*STILL_TO_COME, MeetingState.IN_SESSION.value]
NO_MEETING, NOT_ENTERED, AWAITED = "·", "?", "→"

Cell = tuple[str, str]
"""(class, text): the text alone says everything, the class repeats it as colour."""


@dataclass
class Line:
    """What is known of one body: meetings by year, by what became of them, and by whether the participant was of it."""

    name: str
    years: dict[int | None, Counter[tuple[str, bool]]] = field(default_factory=dict)

    def add(self, year: int | None, what: str, belonged: bool, number: int) -> None:
        self.years.setdefault(year, Counter())[what, belonged] += number

    def keep_what_tells(self) -> None:
        """Leave out the years in which the participant neither came nor was of the body."""
        self.years = {year: of for year, of in self.years.items() if any(what == CAME or own for what, own in of)}


def strip(reader: Reader, profile: Profile, seats: list[Seat], on: dt.date) -> dict[str, Any]:
    """Columns and rows of the table, as far as the reader may know who came. One query.

    A meeting counts when the participant came, or when it belonged to the body on its days: as a member of that body,
    or of the forum where the body takes all. Where it came as a guest, all meetings of that year count.
    """
    lines = _lines(reader, profile, seats, on)
    known = [year for line in lines for year in line.years if year]
    if not known:
        return {"years": [], "rows": [], "undated": _undated(lines)}
    last = max(known)
    first = max(min(known), last - YEARS_SHOWN + 1)
    earlier = list(range(min(known), first))
    years = list(range(first, last + 1))
    groups = ([earlier] if earlier else []) + [[year] for year in years]
    rows = [
        {"name": line.name, "cells": [cell(_sum(line, group)) for group in groups]}
        for line in lines
        if any(year for year in line.years)
    ]
    return {
        "earlier": _heading(earlier[-1]) if earlier else None,
        "years": [_heading(year) for year in years],
        "rows": rows,
        "undated": _undated(lines),
    }


def _heading(year: int) -> tuple[str, str]:
    """A year in two parts, of which a phone shows the second: "20", "19"."""
    return f"{year // 100}", f"{year % 100:02}"


def _sum(line: Line, years: Iterable[int]) -> Counter[tuple[str, bool]]:
    whole: Counter[tuple[str, bool]] = Counter()
    for year in years:
        whole += line.years.get(year, Counter())
    return whole


def _undated(lines: list[Line]) -> int:
    """Meetings attended whose year is not on record: no column holds them."""
    return sum(line.years[None][CAME, own] for line in lines if None in line.years for own in (True, False))


def cell(counted: Counter[tuple[str, bool]]) -> Cell:
    """One cell: "2" of two, "1/2", "0/2", with "?" for lists not entered yet and an arrow for what is to come."""
    came = counted[CAME, True] + counted[CAME, False]
    guest = not (counted[CAME, True] + counted[MISSED, True])
    due = came + (counted[MISSED, False] if guest and came else counted[MISSED, True])
    marks = (NOT_ENTERED if counted[UNLISTED, True] else "") + (AWAITED if counted[COMING, True] else "")
    if not due:
        return "", marks or NO_MEETING
    figure = f"{came}" if came == due else f"{came}/{due}"
    return "l2" if came == due else "l1" if came else "", f"{figure}{marks}"


def _lines(reader: Reader, profile: Profile, seats: list[Seat], on: dt.date) -> list[Line]:
    """The bodies with something to tell, in their own order."""
    came = Attendance.objects.filter(participant=profile.participant, presence=Presence.PRESENT.value)
    listed = Exists(Attendance.objects.filter(session__meeting=OuterRef("pk")))
    shown, held = whose_attendance_shows(reader), Q(state__in=HELD)
    ahead = Q(state__in=AHEAD, latest_on__gte=on)
    what = Case(
        When(held & shown & Q(pk__in=came.values("session__meeting_id")), then=Value(CAME)),
        When(held & shown & Q(listed), then=Value(MISSED)),
        When(ahead, then=Value(COMING)),
        default=Value(UNLISTED),
    )
    belonged = Case(When(_belonged(profile, seats), then=True), default=False, output_field=BooleanField())
    met = visible_to(reader).filter(state__in=[*HELD, *AHEAD])
    columns = ("series__body_id", "series__body__name", "year", "what", "belonged")
    rows = with_year(met.annotate(what=what, belonged=belonged)).order_by(
        "series__body__position", "series__body__name"
    )
    lines: dict[int, Line] = {}
    for body_id, name, year, kind, own, number in rows.values_list(*columns).annotate(number=Count("pk")):
        lines.setdefault(body_id, Line(name)).add(year, kind, own, number)
    for line in lines.values():
        line.keep_what_tells()
    return [line for line in lines.values() if line.years]


def _belonged(profile: Profile, seats: list[Seat]) -> Q:
    """Condition on meetings: on its days the participant was of the body."""
    wanted = Q(pk__isnull=True)
    for spell in {(one.from_on, one.to_on): one for one in profile.standings}.values():
        wanted |= Q(series__body__takes_all_members=True) & _during(spell)
    for seat in seats:
        for spell in {(one.from_on, one.to_on): one for one in [*seat.memberships, *seat.chairs]}.values():
            wanted |= Q(series__body_id=seat.body_id) & _during(spell)
    return wanted


def _during(spell: Spell) -> Q:
    starts = Q(latest_on__gte=spell.from_on) if spell.from_on else Q()
    return starts & (Q(earliest_on__lte=spell.to_on) if spell.to_on else Q())
