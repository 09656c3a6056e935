"""All bodies as a tree by parent, those that no longer meet apart. Four queries, whatever their number."""

import datetime as dt
from typing import Any

from meetings.days import day_in_words
from meetings.queries import counted
from members import lists
from members.directory import all_bodies
from members.enums import StandingKind
from members.models import Body
from portal.directory.words import BODY_KINDS, CONFIRM, listed, number_in_words

Branch = dict[str, Any]


def body_tree(on: dt.date) -> dict[str, Any]:
    """What the list of bodies prints."""
    bodies = list(all_bodies())
    rows = _rows(bodies, on)
    current = [one for one in bodies if one.is_current]
    return {
        "lede": _lede(len(current), len(bodies) - len(current)),
        "today": day_in_words(on),
        "branches": _branches(current, rows),
        "past": [rows[one.pk] for one in bodies if not one.is_current],
        "has_unsure": any(row["note"] for row in rows.values()),
    }


def _lede(current: int, past: int) -> str:
    if not current and not past:
        return "No body is on record yet."
    said = f"{counted(current, 'group')} {'meets' if current == 1 else 'meet'} today, each under the one it reports to."
    if not past:
        return said
    return f"{said} {counted(past, 'group')} of earlier years {'stands' if past == 1 else 'stand'} at the end."


def _rows(bodies: list[Body], on: dt.date) -> dict[int, Branch]:
    """The words of each body by its key, without its branches."""
    chairs, numbers = lists.co_chairs_by_body(on), lists.numbers_in_bodies(on)
    members = members_by_kind(lists.standing_counts(on))
    return {
        one.pk: {
            "name": one.name,
            "url": one.get_absolute_url(),
            "abbreviation": one.abbreviation,
            "kind": BODY_KINDS[one.kind],
            "summary": one.summary,
            "co_chairs": listed(chairs.get(one.pk, [])),
            "participants": number_in_words(members if one.takes_all_members else numbers.get(one.pk, {})),
            "note": CONFIRM if one.mark == "C" else "",
            "branches": [],
        }
        for one in bodies
    }


def members_by_kind(counts: lists.Counts) -> dict[str, int]:
    """Numbers of members by kind, of counts by (standing, kind)."""
    return {kind: number for (standing, kind), (number, _) in counts.items() if standing == StandingKind.MEMBER}


def _branches(bodies: list[Body], rows: dict[int, Branch]) -> list[Branch]:
    """The rows of bodies hung under those of their parents. A body whose parent is not among them, or that stands under
    itself by mistake, is a root: none is lost."""
    among = {one.pk: one for one in bodies}
    roots = []
    for one in bodies:
        if one.parent_id in among and one.pk not in _above(one, among):
            rows[one.parent_id]["branches"].append(rows[one.pk])
        else:
            roots.append(rows[one.pk])
    return roots


def _above(body: Body, among: dict[int, Body]) -> set[int]:
    """Keys of the bodies above one; its own is among them when parents run in a circle."""
    found: set[int] = set()
    key = body.parent_id
    while key in among and key not in found:
        found.add(key)
        key = among[key].parent_id
    return found
