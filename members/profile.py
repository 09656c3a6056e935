"""What the directory holds about one participant, in few queries whatever its length. Reads only."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, QuerySet, Value, When
from django.db.models.functions import Now
from django.http import Http404

from members.enums import AdmissionState
from members.facts import ADDRESS, ADMISSION, ALIAS, BODY, CHAIR, INTO, MEMBER, NAME, STANDING, TOOK_IN, facts_of
from members.models import Admission, AdmissionStage, Appointment, Participant, Standing, dated
from members.rules import next_stage

APPOINTMENTS_READ = 40
"""Those in office first, then the latest; a page never grows with the years."""


@dataclass(frozen=True)
class Spell:
    """A dated fact: what, from, last day, how sure. A null date is not known and counts as always."""

    what: str
    from_on: dt.date | None
    to_on: dt.date | None
    mark: str

    def is_past(self, on: dt.date) -> bool:
        return self.to_on is not None and self.to_on < on

    def is_coming(self, on: dt.date) -> bool:
        return self.from_on is not None and self.from_on > on

    def is_current(self, on: dt.date) -> bool:
        return not self.is_past(on) and not self.is_coming(on)


@dataclass(frozen=True)
class Union:
    """A merger seen from one side: the other participant, and the first day as one."""

    name: str
    slug: str
    on: dt.date
    mark: str


@dataclass(frozen=True)
class Seat:
    """A body to which a participant belongs, belonged, or which it co-chairs; every body that takes all members."""

    body_id: int
    name: str
    slug: str
    takes_all: bool
    is_current: bool
    memberships: list[Spell]
    chairs: list[Spell]


@dataclass(frozen=True)
class Profile:
    """A participant with its own facts. `reader_belongs`: the reader acts for a member or observer of the forum."""

    participant: Participant
    now: dt.datetime
    standings: list[Spell]
    former_names: list[Spell]
    spellings: list[str]
    merged_into: Union | None
    took_in: list[Union]
    addresses: list[dict[str, Any]]
    seats: list[Seat]
    has_admissions: bool
    reader_belongs: bool


def profile_of(
    slug: str,
    on: dt.date,
    *,
    among: QuerySet[Participant],
    reader_for: Collection[int],
    mailboxes: Collection[int] | None,
) -> Profile:
    """The participant of an address; 404 when there is none `among` those the reader may see. Two queries.

    `reader_for` holds the participants for which the reader acts: `reader_belongs` says whether one of them is a
    member or observer on that day. Official addresses are read of the participants in `mailboxes`; None means all.
    """
    belongs = Exists(Standing.objects.filter(dated(on), participant_id__in=reader_for)) if reader_for else Value(False)
    rows = among.filter(slug=slug).defer("latitude", "longitude", "source")
    found = rows.annotate(now=Now(), reader_belongs=belongs).first()
    if found is None:
        raise Http404("No such participant.")
    facts = facts_of(found.pk, addresses=mailboxes is None or found.pk in mailboxes)
    unions = [Union(row["text"], row["slug"], row["from_on"], row["mark"]) for row in facts[INTO] + facts[TOOK_IN]]
    return Profile(
        participant=found,
        now=found.now,
        standings=[_spell(row) for row in sorted(facts[STANDING], key=_by_day)],
        former_names=[_spell(row) for row in sorted(facts[NAME], key=_by_day, reverse=True)],
        spellings=sorted({row["text"] for row in facts[ALIAS]} - {found.short_name, found.formal_name}),
        merged_into=next(iter(unions[: len(facts[INTO])]), None),
        took_in=sorted(unions[len(facts[INTO]) :], key=lambda one: one.on),
        addresses=[{"email": row["slug"], "label": row["text"], "is_sample": row["flag"]} for row in facts[ADDRESS]],
        seats=_seats(facts),
        has_admissions=bool(facts[ADMISSION]),
        reader_belongs=found.reader_belongs,
    )


def _by_day(row: dict[str, Any]) -> dt.date:
    """An unknown first day comes before all others; of a name the last day counts."""
    day: dt.date | None = row["to_on"] if row["kind"] == NAME else row["from_on"]
    return day or dt.date.min


def _spell(row: dict[str, Any]) -> Spell:
    return Spell(row["text"], row["from_on"], row["to_on"], row["mark"])


def _seats(facts: list[list[dict[str, Any]]]) -> list[Seat]:
    """Bodies in their own order, each with what is known of the participant in it."""
    rows = sorted([*facts[BODY], *facts[MEMBER], *facts[CHAIR]], key=lambda row: (row["place"], row["text"]))
    seats: dict[int, Seat] = {}
    for row in rows:
        blank = Seat(row["body"], row["text"], row["slug"], row["takes_all"], row["flag"], [], [])
        seat = seats.setdefault(row["body"], blank)
        if row["kind"] != BODY:
            (seat.memberships if row["kind"] == MEMBER else seat.chairs).append(_spell(row))
    for seat in seats.values():
        seat.memberships.sort(key=lambda one: one.from_on or dt.date.min)
        seat.chairs.sort(key=lambda one: one.from_on or dt.date.min)
    return list(seats.values())


def admissions_of(profile: Profile, *, under_way: bool) -> list[dict[str, Any]]:
    """Admissions with the steps taken, newest first: only the completed, or also those under way and dropped. One
    query where there is one at all, and one more where one is under way, for the sentence of its next stage."""
    if not profile.has_admissions:
        return []
    rows = Admission.objects.filter(participant=profile.participant)
    if not under_way:
        rows = rows.filter(state=AdmissionState.COMPLETED.value)
    rows = rows.order_by("-pk", "steps__stage__position")
    columns = ("pk", "standing", "state", "reason", "body__name")
    step = ("steps__stage__position", "steps__stage__word", "steps__on", "steps__source", "steps__mark")
    found: dict[int, dict[str, Any]] = {}
    for row in rows.values(*columns, *step):
        one = found.setdefault(row["pk"], {**{name: row[name] for name in columns}, "steps": [], "next": ""})
        if row["steps__stage__position"] is not None:
            one["steps"].append({name.split("__")[-1]: row[name] for name in step})
    running = [one for one in found.values() if one["state"] == AdmissionState.OPEN]
    sentences = dict(AdmissionStage.objects.values_list("position", "sentence")) if running else {}
    for one in running:
        position = next_stage(list(sentences), [step["position"] for step in one["steps"]])
        one["next"] = sentences.get(position, "") if position is not None else ""
    return list(found.values())


def appointments_of(participant_id: int, at: dt.datetime, *, named: bool) -> list[dict[str, Any]]:
    """Who acts or acted for the participant: in office first, then the latest. Persons only when `named`. One query."""
    ended = Case(When(ends_at__lte=at, then=Value(1)), default=Value(0))
    rows = Appointment.objects.filter(participant=participant_id).order_by(ended, "-starts_at", "pk")
    columns = ["role", "function", "starts_at", "ends_at", "body__name", "user__is_active", "user__is_sample"]
    if named:
        columns += ["letter", "user__name", "user__email"]
    return list(rows.values(*columns)[:APPOINTMENTS_READ])
