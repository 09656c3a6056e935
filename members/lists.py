"""Questions of the lists of the directory: standing on a day, names as they are compared, who is in which body.

Reads only, a fixed number of queries whatever the size of the forum.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, Func, IntegerField, Q, QuerySet, TextField, Value, When

from members.directory import name_on
from members.enums import Kind, Mark, StandingKind
from members.models import Alias, Body, BodyChair, BodyMembership, FormerName, Participant, Standing, dated
from members.names import fold

Counts = dict[tuple[str, str], tuple[int, int]]


class Folded(Func):
    """A column as `members.names.fold` has it, without its accents and capitals; PostgreSQL's own functions do it."""

    template = (
        r"translate(lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036F]', '', 'g')), '’', '''')"
    )
    output_field = TextField()


def standing_counts(on: dt.date) -> Counts:
    """By (standing, kind): how many participants have it on a day, and how many of these the secretariat confirms."""
    unsure = Count("participant", distinct=True, filter=Q(mark=Mark.C.value))
    rows = Standing.objects.filter(dated(on)).order_by().values_list("standing", "participant__kind")
    counted = rows.annotate(number=Count("participant", distinct=True), unsure=unsure)
    return {(standing, kind): (number, doubtful) for standing, kind, number, doubtful in counted}


def on_day(on: dt.date, among: QuerySet[Participant]) -> QuerySet[Participant]:
    """Each participant `among` those the reader may see, with its standing on a day (`standing_now`, None without) and
    its name then, in the order of the lists: members, observers, others; States before organisations; by sort key."""
    by_standing = Case(
        When(now__standing=StandingKind.MEMBER.value, then=Value(0)),
        When(now__standing=StandingKind.OBSERVER.value, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    by_kind = Case(When(kind=Kind.STATE.value, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        among.annotate(now=FilteredRelation("standings", condition=dated(on, "standings__")))
        .annotate(
            name=name_on(on),
            standing_now=F("now__standing"),
            since_on=F("now__from_on"),
            standing_mark=F("now__mark"),
        )
        .order_by(by_standing, by_kind, "sort_key", "pk")
    )


def with_standing(participants: QuerySet[Participant], standing: str | None) -> QuerySet[Participant]:
    """Those of `on_day` with a standing then; None: those without."""
    return participants.filter(Q(standing_now=standing) if standing else Q(standing_now__isnull=True))


def with_any_standing(participants: QuerySet[Participant]) -> QuerySet[Participant]:
    """Those of `on_day` that were members or observers."""
    return participants.filter(Q(standing_now__isnull=False))


def named(participants: QuerySet[Participant], text: str) -> QuerySet[Participant]:
    """Those whose name, formal name, other spelling or former name holds the text, or whose code it is."""
    wanted = fold(text)
    former = FormerName.objects.alias(short=Folded("short_name"), formal=Folded("formal_name"))
    former = former.filter(Q(short__contains=wanted) | Q(formal__contains=wanted))
    spellings = Alias.objects.filter(folded__contains=wanted)
    return participants.alias(short=Folded("short_name"), formal=Folded("formal_name")).filter(
        Q(short__contains=wanted)
        | Q(formal__contains=wanted)
        | Q(code__iexact=text.strip())
        | Q(pk__in=spellings.values("participant_id"))
        | Q(pk__in=former.values("participant_id"))
    )


def in_body(participants: QuerySet[Participant], body: Body, on: dt.date) -> QuerySet[Participant]:
    """Those of `on_day` that belong to a body on that day."""
    if body.takes_all_members:
        return with_standing(participants, StandingKind.MEMBER.value)
    return participants.filter(pk__in=body.memberships.filter(dated(on)).values("participant_id"))


def bodies_of(participant_ids: Collection[int], on: dt.date) -> dict[int, list[str]]:
    """Abbreviations of the current bodies with a list of their own in which each participant is on a day."""
    rows = BodyMembership.objects.filter(dated(on), participant_id__in=participant_ids, body__is_current=True)
    found: dict[int, list[str]] = {}
    columns = ("participant_id", "body__abbreviation", "body__name")
    for participant, abbreviation, name in rows.order_by("body__position", "body__name").values_list(*columns):
        words = found.setdefault(participant, [])
        if (word := abbreviation or name) not in words:
            words.append(word)
    return found


def numbers_in_bodies(on: dt.date) -> dict[int, dict[str, int]]:
    """Participants by kind on a day of each body that keeps a list of its own."""
    rows = BodyMembership.objects.filter(dated(on)).order_by().values_list("body_id", "participant__kind")
    found: dict[int, dict[str, int]] = {}
    for body, kind, number in rows.annotate(number=Count("participant", distinct=True)):
        found.setdefault(body, {})[kind] = number
    return found


def co_chairs_by_body(on: dt.date) -> dict[int, list[str]]:
    """Names of those that co-chair each body on a day."""
    rows = BodyChair.objects.filter(dated(on)).order_by("participant__sort_key")
    found: dict[int, list[str]] = {}
    for body, name in rows.values_list("body_id", "participant__short_name"):
        names = found.setdefault(body, [])
        if name not in names:
            names.append(name)
    return found


def chairs_over_time(body: Body) -> list[dict[str, Any]]:
    """Who co-chaired a body, newest first, under the names of the time; unknown days last."""
    rows = body.chairs.annotate(name=name_on(F("to_on"), "participant__"))
    order = (F("from_on").desc(nulls_last=True), F("to_on").desc(nulls_first=True), "participant__sort_key")
    return [dict(row) for row in rows.order_by(*order).values("name", "participant__slug", "from_on", "to_on", "mark")]


def listed_in_body(body: Body, on: dt.date) -> list[dict[str, Any]]:
    """The participants of a body that keeps a list of its own on a day: States first, by sort key."""
    rows = body.memberships.filter(dated(on)).order_by("-participant__kind", "participant__sort_key", "pk")
    columns = ("participant__slug", "participant__short_name", "participant__kind", "mark", "participant__mark")
    return list({row["participant__slug"]: row for row in rows.values(*columns)}.values())
