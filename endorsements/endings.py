"""How a circulation ends, in all three modes, as pure functions of the standing positions.

Source of the rules: the forum's procedure as kept with each circulation, docs/decisions/2026-11-24-endings.md.
The order of replies never matters, except where an objection stops a draft at once.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from endorsements.enums import Mode, PositionKind, State
from endorsements.rules import Terms

AGREES = frozenset({PositionKind.ENDORSE, PositionKind.ENDORSE_WITH_PROPOSALS})
ENDINGS: Mapping[Mode, frozenset[State]] = {
    Mode.SILENCE: frozenset({State.ENDORSED, State.ENDORSED_WITH_PROPOSALS, State.BROKEN}),
    Mode.EXPLICIT: frozenset(
        {
            State.ENDORSED,
            State.ENDORSED_WITH_PROPOSALS,
            State.ENDORSED_BY_ANSWERS,
            State.NOT_ENDORSED,
            State.LAPSED,
        }
    ),
    Mode.COMMENT: frozenset({State.COMMENTS_CLOSED}),
}
"""Endings that replies can bring. Every mode can be withdrawn too."""


def is_stopped(positions: Collection[PositionKind], terms: Terms) -> bool:
    """Do the standing positions stop the draft? Comments stop nothing; of an explicit endorsement one objection is
    enough, whatever the threshold, or an objection could fill the quorum."""
    if terms.mode == Mode.COMMENT:
        return False
    counted = Counter(positions)
    threshold = 1 if terms.mode == Mode.EXPLICIT else terms.objections_that_stop
    if counted[PositionKind.OBJECTION] >= threshold:
        return True
    return terms.proposals_stop and counted[PositionKind.ENDORSE_WITH_PROPOSALS] > 0


def answers(positions: Collection[PositionKind]) -> int:
    """How many have answered. Who asks for more time has not answered yet; who takes no position has."""
    return sum(kind != PositionKind.MORE_TIME for kind in positions)


def after_position(positions: Collection[PositionKind], terms: Terms, *, eligible: int) -> State:
    """Where a running circulation goes after a reply: it runs on, is stopped at once, or closes early because all
    `eligible` participants have answered. `positions` are the standing ones with the new one among them."""
    if terms.stops_at_once and is_stopped(positions, terms):
        return ending(positions, terms, eligible=eligible, unreached=0)
    if terms.closes_early and answers(positions) >= eligible:
        return ending(positions, terms, eligible=eligible, unreached=0)
    return State.OPEN


def ending(positions: Collection[PositionKind], terms: Terms, *, eligible: int, unreached: int) -> State:
    """Ending that the standing positions of the `eligible` participants give at expiry.

    `unreached` counts eligible participants that were not reached and have no counting position. They make a silence
    procedure or an explicit endorsement wait for the co-chair, unless a stop has decided it already.
    """
    if terms.mode == Mode.COMMENT:
        return State.COMMENTS_CLOSED
    if is_stopped(positions, terms):
        return State.BROKEN if terms.mode == Mode.SILENCE else State.NOT_ENDORSED
    if terms.unreached_hold and unreached:
        return State.WAITING
    return _endorsed(positions) if terms.mode == Mode.SILENCE else _explicit(positions, terms, eligible)


def _explicit(positions: Collection[PositionKind], terms: Terms, eligible: int) -> State:
    agreed = sum(kind in AGREES for kind in positions)
    if agreed and agreed >= eligible:
        return _endorsed(positions)
    needed = eligible if terms.quorum is None else terms.quorum
    return State.ENDORSED_BY_ANSWERS if agreed and answers(positions) >= needed else State.LAPSED


def _endorsed(positions: Collection[PositionKind]) -> State:
    has_proposals = PositionKind.ENDORSE_WITH_PROPOSALS in positions
    return State.ENDORSED_WITH_PROPOSALS if has_proposals else State.ENDORSED
