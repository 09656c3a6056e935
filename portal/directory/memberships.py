"""The bodies of a participant: those of today with their dates, and those it left."""

import datetime as dt
from typing import Any

from django.urls import reverse

from members.enums import Mark, StandingKind
from members.profile import Profile, Seat, Spell
from portal.directory.dates import span, span_by_year
from portal.directory.words import UNKNOWN

CHAIR, MEMBER, AS_MEMBER = "co-chair", "member", "as a member"


def bodies(profile: Profile, on: dt.date) -> dict[str, list[dict[str, Any]]]:
    """Rows of the bodies: `now` in the order of the bodies, `past` quietly after them."""
    rows = [(seat, _said(seat, profile, on)) for seat in profile.seats]
    return {
        "now": [_row(seat, now) for seat, (now, _) in rows if now],
        "past": [_row(seat, past) for seat, (_, past) in rows if past],
    }


def _row(seat: Seat, said: list[tuple[str, str, bool]]) -> dict[str, Any]:
    """Roles held over the same time are said together: "co-chair and member, date not known"."""
    roles: dict[str, list[str]] = {}
    for role, when, _ in said:
        roles.setdefault(when, []).append(role)
    return {
        "name": seat.name,
        "url": reverse("directory:body-detail", args=[seat.slug]),
        "note": "; ".join(_words(held, when) for when, held in roles.items()),
        "is_unsure": any(unsure for _, _, unsure in said),
    }


def _said(seat: Seat, profile: Profile, on: dt.date) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str, bool]]]:
    """What holds now and what has ended, each as (role, when, still to be confirmed)."""
    spells = [(CHAIR, one) for one in seat.chairs] + [(MEMBER, one) for one in seat.memberships]
    if seat.takes_all:
        spells += [(AS_MEMBER, one) for one in profile.standings if one.what == StandingKind.MEMBER]
    now: list[tuple[str, str, bool]] = []
    past: list[tuple[str, str, bool]] = []
    for role, spell in spells:
        ended = spell.is_past(on) or not seat.is_current
        (past if ended else now).append((role, _when(role, spell, on), spell.mark == Mark.C))
    return now, past


def _when(role: str, spell: Spell, on: dt.date) -> str:
    return span_by_year(spell, on) if role == CHAIR else span(spell, on)


def _words(roles: list[str], when: str) -> str:
    """A plain member's days stand alone."""
    said = " and ".join(dict.fromkeys(roles))
    if when == UNKNOWN:
        return f"{said}, {when}"
    return when if said == MEMBER else f"{said} {when}"
