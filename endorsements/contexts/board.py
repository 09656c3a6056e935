"""The board of the secretariat and the co-chairs: every participant at a glance, tally, register, mail."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from endorsements import positions, words
from endorsements.contexts.common import head
from endorsements.enums import Act, PositionKind, Share, State, Verb
from endorsements.models import Circulation
from endorsements.positions import Seat
from members.access import Reader
from members.models import Forum
from notifications.enums import WAY_NAMES, Kind, NoticeState, Way
from notifications.reach import states_for
from notifications.signs import Signs, doubts, is_reached

SORTS = {"name": "By name", "reply": "By reply", "time": "By time"}
BARS = [
    (Share.ENDORSED, "f-yes"),
    (Share.WITH_PROPOSALS, "f-prop"),
    (Share.OBJECTED, "f-no"),
    (Share.MORE_TIME, "f-time"),
    (Share.NO_POSITION, "f-rule"),
]
EXTRACT = 8


@dataclass(frozen=True)
class Cell:
    css: str
    word: str
    code: str
    name: str
    at: dt.datetime | None
    url: str
    knows: str = ""
    """Of a silent member: does it know of the draft? Sign and word."""


@dataclass(frozen=True)
class Segment:
    css: str
    start: int
    width: int


def board(
    circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime, *, sort: str = "name"
) -> dict[str, Any]:
    """Context of the board; `sort` is one of SORTS, anything else counts as by name."""
    seats = positions.seats(circulation)
    signs = positions.signs(circulation, [seat.participant for seat in seats])
    counting = [seat for seat in seats if seat.counts]
    replied = sum(seat.position is not None for seat in counting)
    sort = sort if sort in SORTS else "name"
    return {
        **head(circulation, reader, forum, now),
        "cells": [_cell(circulation, seat, signs[seat.participant.code]) for seat in _sorted(seats, sort)],
        "sorts": [(key, label, key == sort) for key, label in SORTS.items()],
        "tally": [(words.share_chip(share, circulation), number) for share, number in positions.tally(seats).items()],
        "segments": segments(positions.tally(seats)),
        "eligible": len(counting),
        "informed": len(seats) - len(counting),
        "replied": replied,
        "silent": len(counting) - replied,
        "texts": [seat for seat in seats if seat.position and seat.position.text],
        "register": _extract(circulation),
        "mail": _mail(circulation),
    }


def _sorted(seats: list[Seat], sort: str) -> list[Seat]:
    if sort == "reply":
        order = list(Share)
        return sorted(seats, key=lambda seat: order.index(seat.share))
    if sort == "time":
        return sorted(seats, key=lambda seat: (not seat.position, -seat.position.pk if seat.position else 0))
    return sorted(seats, key=lambda seat: (not seat.participant.is_state, seat.participant.sort_key))


def _cell(circulation: Circulation, seat: Seat, signs: Signs) -> Cell:
    css, word = words.SHARES[seat.share]
    url = ""
    if seat.position:
        url = reverse("endorsements:position-receipt", args=[circulation.ref, seat.position.pk])
    at = seat.position.recorded_at if seat.position else None
    return Cell(css, word, seat.participant.code, seat.participant.short_name, at, url, _knows(seat, signs))


def _knows(seat: Seat, signs: Signs) -> str:
    """As on the page of the evidence: in doubt comes first, for it is what one can still cure."""
    if seat.position or not seat.counts:
        return ""
    if doubts(signs):
        return "! In doubt" if is_reached(signs) else "! Not reached"
    return "✓ Opened" if signs.opened_at else "● Told"


def segments(tally: Mapping[Share, int]) -> list[Segment]:
    """Parts of the bar in units of participants, left to right."""
    made, start = [], 0
    for share, css in BARS:
        if width := tally.get(share, 0):
            made.append(Segment(css, start, width))
            start += width
    return made


def _extract(circulation: Circulation) -> list[dict[str, Any]]:
    rows = circulation.register.order_by("-seq").values(
        "seq", "at", "act", "participant_code", "content", "head", "prev"
    )
    return [
        {**row, "words": entry_in_words(row["act"], row["participant_code"], row["content"])} for row in rows[:EXTRACT]
    ]


def entry_in_words(act: str, participant_code: str, content: str) -> str:
    """What an entry of the register says, in a short sentence."""
    facts = json.loads(content)["facts"]
    if act == Act.OPENED:
        return f"Circulated to {len(facts['eligible']) + len(facts['informed'])} participants"
    if act == Act.NOTICES:
        words_of = "reminders" if facts["kind"] == Kind.CIRCULATION_REMINDER else "notices"
        return f"{facts['count']} {words_of} queued"
    if act == Act.POSITION:
        return f"{participant_code}: {words.REPLIES[PositionKind(facts['kind'])][1]}"
    if act == Act.EXTENDED:
        return f"Deadline extended to {facts['to'][:10]}"
    if act == Act.DECIDED:
        return f"{facts['chair']}: {words.EXITS[Verb(facts['exit'])]}"
    if act == Act.TOLD:
        way = WAY_NAMES[Way(facts["way"])].lower()
        return f"{participant_code}: told {way}{', noted late' if facts['is_late'] else ''}"
    return str(words.STATES[State(facts["state"])][1])


def _mail(circulation: Circulation) -> dict[str, int]:
    counted = states_for(positions.SUBJECT, circulation.ref)
    returned = counted.get(NoticeState.FAILED, 0) + counted.get(NoticeState.BOUNCED, 0)
    return {
        "all": sum(counted.values()),
        "sent": counted.get(NoticeState.ACCEPTED, 0),
        "waiting": counted.get(NoticeState.QUEUED, 0) + counted.get(NoticeState.IN_FLIGHT, 0),
        "returned": returned,
    }
