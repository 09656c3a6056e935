"""The board of the secretariat and the co-chairs: every participant at a glance, tally, register, mail."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from audit.services import Opening, openings
from endorsements import positions, words
from endorsements.contexts.common import head
from endorsements.contexts.late import to_mind
from endorsements.enums import ENDED, Act, Means, Mode, PositionKind, Share, State, Timing, Verb
from endorsements.live import Standing, standing
from endorsements.models import Circulation, ClockRequest
from endorsements.positions import Seat
from endorsements.services.numbers import set_aside_numbers
from members.access import Reader
from members.models import Forum
from notifications.enums import WAY_NAMES, Kind, Way
from notifications.reach import Mail, mail_about
from notifications.signs import Signs, doubts, is_reached

SORTS = {"name": "By name", "reply": "By reply", "time": "By time"}
SHOWS = {
    "all": "All",
    "silent": "Not replied",
    "objected": "Objected",
    "unreached": "Not reached",
    "doubt": "In doubt",
}
BARS = [
    (Share.ENDORSED, "f-yes"),
    (Share.WITH_PROPOSALS, "f-prop"),
    (Share.OBJECTED, "f-no"),
    (Share.MORE_TIME, "f-time"),
    (Share.NO_POSITION, "f-rule"),
    (Share.COMMENTED, "f-teal"),
    (Share.NO_COMMENTS, "f-rule"),
]
EXTRACT = 8
NOT_REPLIES = (Share.SILENT, Share.NO_REPLY, Share.NOT_REACHED, Share.NOT_ELIGIBLE)
REPLIED = [share for share in Share if share not in NOT_REPLIES]


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
    circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime, *, sort: str = "name", show: str = "all"
) -> dict[str, Any]:
    """Context of the board; `sort` is one of SORTS and `show` one of SHOWS, anything else counts as the first."""
    # What the page stands at is read before all else: what happens meanwhile is told at the next asking.
    register, opened = _extract(circulation), openings(positions.SUBJECT, circulation.ref)
    mail = mail_about(positions.SUBJECT, circulation.ref, before=circulation.expires_at)
    seats = positions.seats(circulation)
    signs = positions.signs(circulation, seats, now=now, opened=opened, mail=mail)
    counting = [seat for seat in seats if seat.counts]
    replied = sum(seat.position is not None for seat in counting)
    sort, show = sort if sort in SORTS else "name", show if show in SHOWS else "all"
    groups = {key: [seat for seat in seats if _fits(key, seat, signs[seat.participant.code])] for key in SHOWS}
    tally, minded, receipts = positions.tally(seats), to_mind(circulation), _receipts(circulation)
    return {
        **head(circulation, reader, forum, now),
        "participants": len(seats),
        "cells": [_cell(receipts, seat, signs[seat.participant.code]) for seat in _sorted(groups[show], sort)],
        "sorts": [(key, label, key == sort, _query(key, show)) for key, label in SORTS.items()],
        "shows": [
            (key, f"{label} ({len(groups[key])})", key == show, _query(sort, key))
            for key, label in SHOWS.items()
            if key != "objected" or circulation.mode != Mode.COMMENT
        ],
        "query": _query(sort, show),
        "is_live": State(circulation.state) not in ENDED,
        "tally": [(words.share_chip(share, circulation), number) for share, number in tally.items()],
        "tally_sentence": tally_sentence(circulation, tally, replied, len(counting)),
        "segments": segments(tally),
        "eligible": len(counting),
        "informed": len(seats) - len(counting),
        "replied": replied,
        "silent": len(counting) - replied,
        "asks_time": [
            (seat.participant, seat.position.until_on)
            for seat in seats
            if seat.position and seat.share == Share.MORE_TIME
        ],
        "clock_requests": clock_requests(circulation),
        "texts": [seat for seat in seats if seat.position and seat.position.text],
        "to_mind": minded,
        "set_aside_numbers": set_aside_numbers(circulation) if minded else [],
        "register": register,
        "mail": mail,
        "standing": _standing(circulation, register, opened, mail, now),
    }


def _standing(
    circulation: Circulation, register: list[dict[str, Any]], opened: list[Opening], mail: Mail, now: dt.datetime
) -> Standing:
    """By what the live board knows that something has changed."""
    return standing(
        seq=register[0]["seq"] if register else 0,
        state=circulation.state,
        expires_at=circulation.expires_at,
        is_over=now >= circulation.expires_at,
        openers=len({one.participant_code for one in opened}),
        mail=mail,
    )


def clock_requests(circulation: Circulation) -> list[ClockRequest]:
    """Who asked for a new clock after a corrigendum, newest first. No query while nothing is corrected."""
    if circulation.corrected_at is None:
        return []
    return list(circulation.clock_requests.select_related("on_behalf_of", "actor"))


def _query(sort: str, show: str) -> str:
    """What stands after the question mark: each link keeps what the other one chose."""
    return urlencode({"sort": sort, "show": show})


def _fits(show: str, seat: Seat, signs: Signs) -> bool:
    """Is this participant among those that a link of the filter shows? Of the silent only those that may reply."""
    if show == "all":
        return True
    if show == "objected":
        return seat.share == Share.OBJECTED
    is_silent = seat.counts and seat.position is None
    if show == "unreached":
        return is_silent and (seat.share == Share.NOT_REACHED or not is_reached(signs))
    return is_silent and (show == "silent" or bool(doubts(signs)))


def tally_sentence(circulation: Circulation, tally: Mapping[Share, int], replied: int, eligible: int) -> str:
    """ "12 of 45 replied: 9 endorsed, 2 endorsed with proposals, 1 objection." Said aloud when it changes."""
    said = [
        f"{tally[share]} {words.share_chip(share, circulation)[1].lower()}" for share in REPLIED if tally.get(share)
    ]
    return f"{replied} of {eligible} replied{': ' if said else ''}{', '.join(said)}."


def _sorted(seats: list[Seat], sort: str) -> list[Seat]:
    if sort == "reply":
        order = list(Share)
        return sorted(seats, key=lambda seat: order.index(seat.share))
    if sort == "time":
        return sorted(seats, key=lambda seat: (not seat.position, -seat.position.pk if seat.position else 0))
    return sorted(seats, key=lambda seat: (not seat.participant.is_state, seat.participant.sort_key))


def _receipts(circulation: Circulation) -> tuple[str, str]:
    """What stands before and after the number in the address of a receipt: asked once, not for each cell."""
    before, _, after = reverse("endorsements:position-receipt", args=[circulation.ref, 0]).rpartition("0")
    return before, after


def _cell(receipts: tuple[str, str], seat: Seat, signs: Signs) -> Cell:
    css, word = words.SHARES[seat.share]
    url = str(seat.position.pk).join(receipts) if seat.position else ""
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


def _position_in_words(facts: dict[str, Any]) -> str:
    """What was said, how it came when not in the portal, and whether it came late."""
    said = words.REPLIES[PositionKind(facts["kind"])][1]
    how = f", {words.MEANS[Means(facts['means'])].lower()}" if "means" in facts else ""
    timing = {Timing.LATE.value: ", late", Timing.RECORDED_AFTER.value: ", recorded after the deadline"}
    return f"{said}{how}{timing.get(facts.get('timing', ''), '')}"


def entry_in_words(act: str, participant_code: str, content: str) -> str:
    """What an entry of the register says, in a short sentence."""
    facts = json.loads(content)["facts"]
    if act == Act.OPENED:
        return f"Circulated to {len(facts['eligible']) + len(facts['informed'])} participants"
    if act == Act.NOTICES:
        words_of = "reminders" if facts["kind"] == Kind.CIRCULATION_REMINDER else "notices"
        return f"{facts['count']} {words_of} queued"
    if act == Act.POSITION:
        return f"{participant_code}: {_position_in_words(facts)}"
    if act == Act.CONTESTED:
        return f"{participant_code}: contests a reply recorded in its name"
    if act == Act.NOTED:
        return f"{participant_code}: co-chair took note of the late reply"
    if act == Act.EXTENDED:
        return f"Deadline extended to {facts['to'][:10]}"
    if act == Act.CORRECTED:
        return f"Paragraph {facts['paragraph']} corrected"
    if act == Act.CLOCK_ASKED:
        return f"{participant_code}: asks for a new deadline"
    if act == Act.DECIDED:
        return f"{facts['chair']}: {words.EXITS[Verb(facts['exit'])]}"
    if act == Act.TOLD:
        way = WAY_NAMES[Way(facts["way"])].lower()
        return f"{participant_code}: told {way}{', noted late' if facts['is_late'] else ''}"
    return str(words.STATES[State(facts["state"])][1])
