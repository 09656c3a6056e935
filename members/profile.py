"""What the directory holds about one participant, in few queries whatever its length. Reads only."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject, Now
from django.http import Http404

from members.enums import AdmissionState
from members.models import (
    Admission,
    AdmissionStage,
    AdmissionStep,
    Alias,
    Appointment,
    Body,
    BodyChair,
    BodyMembership,
    FormerName,
    Merger,
    OfficialAddress,
    Participant,
    Standing,
    dated,
)

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
class Profile:
    """A participant with its own small facts."""

    participant: Participant
    now: dt.datetime
    standings: list[Spell]
    former_names: list[Spell]
    spellings: list[str]
    merged_into: Union | None
    took_in: list[Union]
    addresses: list[dict[str, Any]]
    reader_belongs: bool


@dataclass(frozen=True)
class Seat:
    """A body to which a participant belongs, belonged, or which it co-chairs."""

    body_id: int
    name: str
    slug: str
    takes_all: bool
    is_current: bool
    memberships: list[Spell]
    chairs: list[Spell]


def profile_of(slug: str, on: dt.date, *, reader_for: Collection[int], mailboxes: Collection[int] | None) -> Profile:
    """The participant of an address; 404 when there is none. One query.

    `reader_for` holds the participants for which the reader acts: `reader_belongs` says whether one of them is a
    member or observer on that day. Official addresses are read of the participants in `mailboxes`; None means all.
    """
    rows = Participant.objects.filter(slug=slug).defer("latitude", "longitude", "source")
    addresses = _own(OfficialAddress.objects.all())
    if mailboxes is not None:
        addresses = addresses.filter(participant_id__in=mailboxes)
    spell = ("from_on", "to_on", "mark")
    found = rows.annotate(
        now=Now(),
        standing_rows=_json(_own(Standing.objects.order_by("from_on", "pk")), "standing", *spell),
        former_rows=_json(_own(FormerName.objects.order_by("-to_on")), "short_name", "to_on", "mark"),
        alias_rows=ArraySubquery(_own(Alias.objects.order_by("name")).values("name")),
        merged_rows=_json(_own(Merger.objects.all()), "on", "mark", name="into__short_name", slug="into__slug"),
        took_in_rows=_json(
            Merger.objects.filter(into=OuterRef("pk")).order_by("on"),
            "on", "mark", name="participant__short_name", slug="participant__slug",
        ),
        address_rows=_json(addresses.order_by("pk"), "email", "label", "is_sample"),
        reader_belongs=Exists(Standing.objects.filter(dated(on), participant_id__in=reader_for)),
    ).first()  # fmt: skip
    if found is None:
        raise Http404("No such participant.")
    return Profile(
        participant=found,
        now=found.now,
        standings=[_spell(row, "standing") for row in found.standing_rows],
        former_names=[_spell(row, "short_name") for row in found.former_rows],
        spellings=[name for name in found.alias_rows if name not in {found.short_name, found.formal_name}],
        merged_into=next((_union(row) for row in found.merged_rows), None),
        took_in=[_union(row) for row in found.took_in_rows],
        addresses=found.address_rows or [],
        reader_belongs=bool(found.reader_belongs),
    )


def seats_of(participant_id: int) -> list[Seat]:
    """Every body that takes all members, and those with a membership or co-chair of the participant. One query."""
    spell = ("from_on", "to_on", "mark")
    memberships = BodyMembership.objects.filter(body=OuterRef("pk"), participant=participant_id)
    chairs = BodyChair.objects.filter(body=OuterRef("pk"), participant=participant_id)
    rows = Body.objects.filter(
        Q(takes_all_members=True)
        | Q(pk__in=BodyMembership.objects.filter(participant=participant_id).values("body_id"))
        | Q(pk__in=BodyChair.objects.filter(participant=participant_id).values("body_id"))
    ).values(
        "pk",
        "name",
        "slug",
        "takes_all_members",
        "is_current",
        membership_rows=_json(memberships.order_by("from_on", "pk"), *spell),
        chair_rows=_json(chairs.order_by("from_on", "pk"), *spell),
    )
    return [
        Seat(
            body_id=row["pk"],
            name=row["name"],
            slug=row["slug"],
            takes_all=row["takes_all_members"],
            is_current=row["is_current"],
            memberships=[_spell(one) for one in row["membership_rows"]],
            chairs=[_spell(one) for one in row["chair_rows"]],
        )
        for row in rows
    ]


def admissions_of(participant_id: int, *, under_way: bool) -> list[dict[str, Any]]:
    """Admissions with the steps taken, newest first: only the completed, or also those under way and dropped, with the
    sentence of the first stage not taken yet. One query."""
    rows = Admission.objects.filter(participant=participant_id)
    if not under_way:
        rows = rows.filter(state=AdmissionState.COMPLETED.value)
    steps = AdmissionStep.objects.filter(admission=OuterRef("pk")).order_by("stage__position")
    taken = AdmissionStep.objects.filter(admission=OuterRef(OuterRef("pk")))
    missing = AdmissionStage.objects.exclude(pk__in=taken.values("stage_id")).order_by("position")
    found = rows.order_by("-pk").values(
        "standing",
        "state",
        "reason",
        "body__name",
        step_rows=_json(steps, "on", "source", "mark", word="stage__word"),
        next_sentence=Subquery(missing.values("sentence")[:1]),
    )
    return [{**row, "steps": [{**step, "on": _day(step["on"])} for step in row["step_rows"]]} for row in found]


def appointments_of(participant_id: int, at: dt.datetime, *, named: bool) -> list[dict[str, Any]]:
    """Who acts or acted for the participant: in office first, then the latest. Persons only when `named`. One query."""
    ended = Case(When(ends_at__lte=at, then=Value(1)), default=Value(0))
    rows = Appointment.objects.filter(participant=participant_id).order_by(ended, "-starts_at", "pk")
    columns = ["role", "function", "starts_at", "ends_at", "body__name", "user__is_active", "user__is_sample"]
    if named:
        columns += ["letter", "user__name", "user__email"]
    return list(rows.values(*columns)[:APPOINTMENTS_READ])


def _own(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the participant of the outer query."""
    return rows.filter(participant=OuterRef("pk"))


def _json(rows: QuerySet[Any], *columns: str, **renamed: str) -> ArraySubquery:
    """The rows of a subquery as a list of dictionaries; days come as text."""
    return ArraySubquery(rows.values(one_row=JSONObject(**{one: F(one) for one in columns}, **renamed)))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _spell(row: dict[str, Any], what: str = "") -> Spell:
    return Spell(row.get(what, ""), _day(row.get("from_on")), _day(row["to_on"]), row["mark"])


def _union(row: dict[str, Any]) -> Union:
    return Union(row["name"], row["slug"], dt.date.fromisoformat(row["on"]), row["mark"])
