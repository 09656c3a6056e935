"""The small facts of one participant, of every kind, by one statement that is put together once a process.

A page needs a dozen short lists. Each as a query of its own would be a round trip, and as one query with nested rows it
took Django longer to write the statement than PostgreSQL to answer it.
"""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, DateField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.expressions import Combinable

from members.models import (
    Admission,
    Alias,
    Body,
    BodyChair,
    BodyMembership,
    FormerName,
    Merger,
    OfficialAddress,
    Standing,
)

STANDING, NAME, ALIAS, INTO, TOOK_IN, ADDRESS, BODY, MEMBER, CHAIR, ADMISSION = range(10)
"""Kinds of facts: standing, former name, spelling, merged into, took in, official address, a body that takes all
members, membership of a body, co-chair of a body, that there is an admission."""
BLANK: dict[str, Combinable] = {
    "kind": Value(STANDING, IntegerField()),
    "text": Value("", TextField()),
    "slug": Value("", TextField()),
    "from_on": Value(None, DateField()),
    "to_on": Value(None, DateField()),
    "mark": Value("", TextField()),
    "body": Value(0, IntegerField()),
    "place": Value(0, IntegerField()),
    "takes_all": Value(False, BooleanField()),
    "flag": Value(False, BooleanField()),
}
"""Columns of a fact, each empty; a kind fills those it has."""
SOMEONE = -1
"""Stands in the statement for the participant's key."""


def facts_of(participant_id: int, *, addresses: bool) -> list[list[dict[str, Any]]]:
    """Facts by their kind, in no order; official addresses only when asked for. One query."""
    statement, params = _statement(addresses)
    found: list[list[dict[str, Any]]] = [[] for _ in range(ADMISSION + 1)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [participant_id if one == SOMEONE else one for one in params])
        for row in cursor.fetchall():
            fact = dict(zip(BLANK, row, strict=True))
            found[fact["kind"]].append(fact)
    return found


@lru_cache(maxsize=2)
def _statement(addresses: bool) -> tuple[str, tuple[Any, ...]]:
    """The statement and its parameters, for `SOMEONE`."""
    spell = {"from_on": F("from_on"), "to_on": F("to_on"), "mark": F("mark")}
    body = {"text": "name", "slug": "slug", "body": "pk", "place": "position", "takes_all": "takes_all_members"}
    body["flag"] = "is_current"
    whole = {name: F(column) for name, column in body.items()}
    of_body = {name: F(f"body__{column}") for name, column in body.items()}
    its = {"participant": SOMEONE}
    parts = [
        _part(STANDING, Standing.objects.filter(**its), text=F("standing"), **spell),
        _part(NAME, FormerName.objects.filter(**its), text=F("short_name"), to_on=F("to_on"), mark=F("mark")),
        _part(ALIAS, Alias.objects.filter(**its), text=F("name")),
        _part(INTO, Merger.objects.filter(**its), **_other("into")),
        _part(TOOK_IN, Merger.objects.filter(into=SOMEONE), **_other("participant")),
        _part(BODY, Body.objects.filter(takes_all_members=True), **whole),
        _part(MEMBER, BodyMembership.objects.filter(**its), **of_body, **spell),
        _part(CHAIR, BodyChair.objects.filter(**its), **of_body, **spell),
        _part(ADMISSION, Admission.objects.filter(**its)),
    ]
    if addresses:
        mailbox = {"slug": F("email"), "text": F("label"), "flag": F("is_sample")}
        parts.append(_part(ADDRESS, OfficialAddress.objects.filter(**its), **mailbox))
    statement, params = parts[0].union(*parts[1:], all=True).query.sql_with_params()
    return statement, tuple(params)


def _part(kind: int, rows: QuerySet[Any], **columns: F) -> QuerySet[Any, tuple[Any, ...]]:
    values: dict[str, Combinable] = {**BLANK, **columns, "kind": Value(kind, IntegerField())}
    return rows.order_by().values_list(*values.values())


def _other(side: str) -> dict[str, F]:
    """The other participant of a merger."""
    return {"text": F(f"{side}__short_name"), "slug": F(f"{side}__slug"), "from_on": F("on"), "mark": F("mark")}
