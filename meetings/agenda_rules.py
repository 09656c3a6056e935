"""Rules of an agenda: what may be done with it, how its items are numbered, when they begin, where they may stand.

Pure functions over plain values. Times are minutes after midnight on the clock of the meeting. Source: the forum's
rules on meetings (agenda: draft, published, frozen; later items are marked late; every step back has a reason).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from meetings.agenda_enums import (
    MOST_DEPTH,
    MOST_MINUTES,
    TAKES_CHANGES,
    AgendaState,
    AgendaVerb,
    ItemKind,
    Move,
)
from meetings.enums import MeetingState
from members.rules import NotAllowed

TRANSITIONS: Mapping[tuple[AgendaVerb, AgendaState], AgendaState] = {
    **{(AgendaVerb.CHANGE, state): state for state in AgendaState},
    (AgendaVerb.PUBLISH, AgendaState.DRAFT): AgendaState.PUBLISHED,
    (AgendaVerb.FREEZE, AgendaState.PUBLISHED): AgendaState.FROZEN,
    (AgendaVerb.THAW, AgendaState.FROZEN): AgendaState.PUBLISHED,
    (AgendaVerb.TAKE_BACK, AgendaState.PUBLISHED): AgendaState.DRAFT,
}
"""(verb, state) → the state after it; what is not here is refused."""
REFUSALS = {
    AgendaVerb.CHANGE: "This agenda can not be changed.",
    AgendaVerb.PUBLISH: "This agenda is published already.",
    AgendaVerb.FREEZE: "Only a published agenda can be frozen.",
    AgendaVerb.THAW: "This agenda is not frozen.",
    AgendaVerb.TAKE_BACK: "Only a published agenda can go back to draft. A frozen one first goes back to published.",
}
OVER = "This meeting is over or does not take place. Its agenda stays as it is."
FROZEN = "The agenda is frozen: this item stays. To change it, first take the agenda back to published, with a reason."


@dataclass(frozen=True)
class Entry:
    """One row of an agenda, as the rules know it. `start` and `minutes` in minutes."""

    pk: int
    parent: int | None = None
    day: int = 1
    position: int = 0
    kind: ItemKind = ItemKind.ITEM
    label: str = ""
    minutes: int | None = None
    start: int | None = None
    is_late: bool = False


def require(verb: AgendaVerb, state: AgendaState, meeting: MeetingState) -> AgendaState:
    """The state after a verb. Raises NotAllowed where the agenda's or the meeting's state does not permit it."""
    if meeting not in TAKES_CHANGES:
        raise NotAllowed(OVER)
    if (verb, state) not in TRANSITIONS:
        raise NotAllowed(REFUSALS[verb])
    return TRANSITIONS[verb, state]


def permits(verb: AgendaVerb, state: AgendaState, meeting: MeetingState) -> bool:
    return meeting in TAKES_CHANGES and (verb, state) in TRANSITIONS


def require_open(state: AgendaState, *, is_late: bool) -> None:
    """May this row be changed, moved or removed? Of a frozen agenda only what came after the freezing."""
    if state == AgendaState.FROZEN and not is_late:
        raise NotAllowed(FROZEN)


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed("Write the reason. It stays on record.", "reason")


def check_minutes(minutes: int | None) -> None:
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise NotAllowed(f"Write minutes from 1 to {MOST_MINUTES}, or nothing.", "minutes")


# ---- the tree ------------------------------------------------------------------------------------------------------


def below(entries: Iterable[Entry], pk: int | None) -> list[Entry]:
    """The rows straight under one (None: those on top), in their order."""
    return sorted((one for one in entries if one.parent == pk), key=lambda one: (one.day, one.position, one.pk))


def in_order(entries: Iterable[Entry]) -> list[tuple[Entry, int]]:
    """Every row after the one above it, with its depth from 0."""
    under: dict[int | None, list[Entry]] = defaultdict(list)
    for one in sorted(entries, key=lambda one: (one.day, one.position, one.pk)):
        under[one.parent].append(one)
    found: list[tuple[Entry, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for one in under[parent]:
            found.append((one, depth))
            walk(one.pk, depth + 1)

    walk(None, 0)
    return found


def descendants(entries: Sequence[Entry], pk: int) -> set[int]:
    """Everything under a row, whatever its depth."""
    found, wave = set[int](), {pk}
    while wave:
        wave = {one.pk for one in entries if one.parent in wave} - found
        found |= wave
    return found


def numbers(entries: Sequence[Entry]) -> dict[int, str]:
    """The number of each item among its neighbours: 1, 2 …; under it a, b …; under that i, ii …. A typed label stands
    in its place and takes no number away. Late items are numbered after the others, so that numbers that papers
    name stay. A break has none."""
    found: dict[int, str] = {}
    under: dict[int | None, list[Entry]] = defaultdict(list)
    depths = {}
    for one, depth in in_order(entries):
        under[one.parent].append(one)
        depths[one.pk] = depth
    for rows in under.values():
        count = 0
        for one in sorted(rows, key=lambda one: one.is_late):
            if one.kind == ItemKind.BREAK:
                found[one.pk] = ""
            elif one.label:
                found[one.pk] = one.label
            else:
                count += 1
                found[one.pk] = _number(count, depths[one.pk])
    return found


def cited(entries: Sequence[Entry]) -> dict[int, str]:
    """The number as a text names it: 3, 3 (b), 3 (b) (ii)."""
    own, found = numbers(entries), dict[int, str]()
    for one, depth in in_order(entries):
        found[one.pk] = f"{found[one.parent]} ({own[one.pk]})" if one.parent and depth else own[one.pk]
    return found


def _number(count: int, depth: int) -> str:
    if depth == 0:
        return str(count)
    return _letters(count) if depth == 1 else _roman(count)


def _letters(count: int) -> str:
    """1 → a, 26 → z, 27 → aa."""
    word = ""
    while count:
        count, rest = divmod(count - 1, 26)
        word = chr(ord("a") + rest) + word
    return word


def _roman(count: int) -> str:
    signs = [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
    word = ""
    for value, sign in signs:
        times, count = divmod(count, value)
        word += sign * times
    return word


# ---- times ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """When a row of the top begins and ends; `overlap`: minutes by which its fixed start comes before the end of what
    stands before it; `inner_over`: minutes by which its sub-items are longer than itself."""

    start: int
    end: int
    overlap: int = 0
    inner_over: int = 0


@dataclass(frozen=True)
class Day:
    """Slots of one day by row, its first start and last end, and the minutes after the usual end of a day."""

    slots: Mapping[int, Slot]
    start: int | None
    end: int | None
    over: int


def minutes_of(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def clock_time(minutes: int) -> str:
    """ "09:05"; past midnight the clock goes on from 00:00."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def length(entries: Sequence[Entry], one: Entry) -> int:
    """Its own minutes, else those of its sub-items together."""
    if one.minutes is not None:
        return one.minutes
    return sum(length(entries, child) for child in entries if child.parent == one.pk)


def timed(entries: Sequence[Entry], day: int, *, starts: int, ends: int) -> Day:
    """When each row of a day begins. Nothing without a fixed start begins before the day does; a fixed start that is
    too early is shown as an overlap, not refused: the officer is still at work."""
    slots: dict[int, Slot] = {}
    cursor: int | None = None
    for one in below((one for one in entries if one.day == day), None):
        start = one.start if one.start is not None else max(starts, cursor or 0)
        own = length(entries, one)
        inner = sum(length(entries, child) for child in entries if child.parent == one.pk)
        overlap = max(0, cursor - start) if cursor is not None and one.start is not None else 0
        slots[one.pk] = Slot(start, start + own, overlap, max(0, inner - own))
        cursor = max(cursor or 0, start + own)
    first = min((slot.start for slot in slots.values()), default=None)
    return Day(slots, first, cursor, max(0, (cursor or 0) - ends))


# ---- places --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """Where a row shall stand: under whom, on which day, before whom (None: at the end)."""

    parent: int | None
    day: int
    before: int | None = None


def check_parent(entries: Sequence[Entry], pk: int | None, parent: int | None) -> None:
    """May a row (None: a new one) stand under another (None: on top)? Raises NotAllowed with the sentence."""
    if parent is None:
        return
    found = {one.pk: one for one in entries}
    if parent not in found:
        raise NotAllowed("The item above is not in this agenda any more.", "place")
    if parent == pk:
        raise NotAllowed("An item can not stand under itself.", "place")
    if pk is not None and parent in descendants(entries, pk):
        raise NotAllowed("An item can not stand under one of its own sub-items.", "place")
    if found[parent].kind == ItemKind.BREAK:
        raise NotAllowed("A break has no sub-items.", "place")
    if pk is not None and found[pk].kind == ItemKind.BREAK:
        raise NotAllowed("A break stands between items, not under one.", "place")
    if pk is not None and found[pk].start is not None:
        raise NotAllowed("This item has a fixed start. A sub-item has none: first empty its start.", "place")
    depths = {one.pk: depth for one, depth in in_order(entries)}
    own = 0 if pk is None else max((depths[one] for one in descendants(entries, pk)), default=depths[pk]) - depths[pk]
    if depths[parent] + 1 + own >= MOST_DEPTH:
        raise NotAllowed(f"An agenda has {MOST_DEPTH} levels at most.", "place")


def spot_of(entries: Sequence[Entry], pk: int, move: Move, *, days: int) -> Spot | None:
    """Where a move leads; None: nowhere. Up from the first place of a day leads to the end of the day before."""
    one = next(one for one in entries if one.pk == pk)
    rows = [row for row in below(entries, one.parent) if row.day == one.day]
    at = [row.pk for row in rows].index(pk)
    if move == Move.UP:
        if at:
            return Spot(one.parent, one.day, rows[at - 1].pk)
        return Spot(None, one.day - 1) if one.parent is None and one.day > 1 else None
    if move == Move.DOWN:
        if at < len(rows) - 1:
            return Spot(one.parent, one.day, rows[at + 2].pk if at + 2 < len(rows) else None)
        if one.parent is not None or one.day >= days:
            return None
        after = [row for row in below(entries, None) if row.day == one.day + 1]
        return Spot(None, one.day + 1, after[0].pk if after else None)
    if move == Move.IN:
        return Spot(rows[at - 1].pk, one.day) if at else None
    above = next((row for row in entries if row.pk == one.parent), None)
    if above is None:
        return None
    after = [row for row in below(entries, above.parent) if row.day == above.day and row.position > above.position]
    return Spot(above.parent, above.day, after[0].pk if after else None)


def may_move(entries: Sequence[Entry], pk: int, move: Move, *, days: int) -> bool:
    spot = spot_of(entries, pk, move, days=days)
    if spot is None:
        return False
    if any(one.pk == pk and one.parent == spot.parent for one in entries):  # among its neighbours
        return True
    try:
        check_parent(entries, pk, spot.parent)
    except NotAllowed:
        return False
    return True


def placed(entries: Sequence[Entry], pk: int, spot: Spot) -> list[Entry]:
    """All rows with the one at its new place, its sub-items on its day, and positions counted anew from 0. Raises
    NotAllowed where it can not stand there."""
    check_parent(entries, pk, spot.parent)
    above = next((one for one in entries if one.pk == spot.parent), None)
    day = above.day if above else spot.day
    inside = descendants(entries, pk)
    moved = {
        one.pk: replace(one, day=day, parent=spot.parent if one.pk == pk else one.parent)
        if one.pk == pk or one.pk in inside
        else one
        for one in entries
    }
    rows = [one for one in below(moved.values(), spot.parent) if one.day == day and one.pk != pk]
    at = next((number for number, one in enumerate(rows) if one.pk == spot.before), len(rows))
    rows.insert(at, moved[pk])
    for number, one in enumerate(rows):
        moved[one.pk] = replace(one, position=number)
    return list(moved.values())
