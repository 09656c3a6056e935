"""Rows of circulations for lists and home pages: a fixed number of queries, whatever the number of rows."""

import datetime as dt
from dataclasses import dataclass

from endorsements import positions, rules, words
from endorsements.access import sees_board
from endorsements.contexts.board import Segment, segments
from endorsements.enums import PositionKind, Share, State
from endorsements.models import Circulation, Eligible, Position
from members.access import Reader


@dataclass(frozen=True)
class Row:
    """A circulation in a list. `replied` and `segments` only for who sees the board. For participants: `own`, which is
    no reply as long as one of those the reader speaks for has none; `waiting_for` names these; `said`, what each of
    several said."""

    circulation: Circulation
    chip: tuple[str, str]
    sentence: str
    left: dt.timedelta
    is_running: bool
    eligible: int
    replied: int
    segments: list[Segment]
    own: tuple[str, str] | None
    may_reply: bool
    waiting_for: list[str]
    said: list[tuple[str, tuple[str, str]]]


def rows(circulations: list[Circulation], reader: Reader, now: dt.datetime) -> list[Row]:
    """Rows in the order given. Two queries."""
    ids = [one.pk for one in circulations]
    latest: dict[int, dict[int, str]] = {}
    found = positions.latest(Position.objects.filter(circulation_id__in=ids))
    for circulation_id, participant_id, kind in found.values_list("circulation_id", "on_behalf_of_id", "kind"):
        latest.setdefault(circulation_id, {})[participant_id] = kind
    counting: dict[int, set[int]] = {}
    snapshot = Eligible.objects.filter(circulation_id__in=ids, counts=True)
    for circulation_id, participant_id in snapshot.values_list("circulation_id", "participant_id"):
        counting.setdefault(circulation_id, set()).add(participant_id)
    return [_row(one, latest.get(one.pk, {}), counting.get(one.pk, set()), reader, now) for one in circulations]


def _row(circulation: Circulation, latest: dict[int, str], counting: set[int], reader: Reader, now: dt.datetime) -> Row:
    running = circulation.state == State.OPEN and now < circulation.expires_at
    board = sees_board(reader, circulation)
    speaks = [one for one in reader.speaks_for if one.pk in counting]
    own = speaks or [one for one in reader.participants if one.pk in counting]
    said = [(one.short_name, words.reply_chip(latest.get(one.pk))) for one in own]
    waiting = [one.short_name for one in speaks if one.pk not in latest] if running else []
    mine = next((chip for _, chip in said if chip == words.NO_REPLY), said[0][1] if said else None)
    tally: dict[Share, int] = {}
    for kind in latest.values():
        share = rules.share(PositionKind(kind), eligible=True, reached=None, state=State(circulation.state))
        tally[share] = tally.get(share, 0) + 1
    return Row(
        circulation=circulation,
        chip=words.state_chip(circulation, now),
        sentence=words.next_sentence(circulation, now),
        left=circulation.expires_at - now,
        is_running=running,
        eligible=len(counting),
        replied=len(latest) if board else 0,
        segments=segments(tally) if board else [],
        own=mine if circulation.opened_at else None,
        may_reply=running and bool(speaks),
        waiting_for=waiting,
        said=said if len(said) > 1 and circulation.opened_at else [],
    )
