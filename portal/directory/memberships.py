"""The bodies of a participant: those of today with their dates, and those it left."""

import datetime as dt
from typing import Any

from django.urls import reverse

from members.enums import Mark, StandingKind
from members.profile import Profile, Seat, Spell
from portal.directory.dates import UNKNOWN, span, span_by_year

CHAIR = "co-chair"


def bodies(seats: list[Seat], profile: Profile, on: dt.date) -> dict[str, list[dict[str, Any]]]:
    """Rows of the bodies: `now` in the order of the bodies, `past` quietly after them."""
    rows = [(seat, _said(seat, profile, on)) for seat in seats]
    return {
        "now": [_row(seat, now) for seat, (now, _) in rows if now],
        "past": [_row(seat, past) for seat, (_, past) in rows if past],
    }


def _row(seat: Seat, said: list[tuple[str, bool]]) -> dict[str, Any]:
    return {
        "name": seat.name,
        "url": reverse("directory:body-detail", args=[seat.slug]),
        "note": "; ".join(words for words, _ in said),
        "is_unsure": any(unsure for _, unsure in said),
    }


def _said(seat: Seat, profile: Profile, on: dt.date) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """What holds now and what has ended, each as (words, still to be confirmed)."""
    spells = [(CHAIR, one) for one in seat.chairs] + [("", one) for one in seat.memberships]
    if seat.takes_all:
        spells += [("as a member", one) for one in profile.standings if one.what == StandingKind.MEMBER]
    now: list[tuple[str, bool]] = []
    past: list[tuple[str, bool]] = []
    for role, spell in spells:
        ended = spell.is_past(on) or not seat.is_current
        (past if ended else now).append((_words(role, spell, on), spell.mark == Mark.C))
    return now, past


def _words(role: str, spell: Spell, on: dt.date) -> str:
    said = span_by_year(spell, on) if role == CHAIR else span(spell, on)
    if not role:
        return f"member, {said}" if said == UNKNOWN else said
    return f"{role}, {said}" if said == UNKNOWN else f"{role} {said}"
