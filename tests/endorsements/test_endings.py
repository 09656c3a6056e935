"""How a circulation ends: mode by standing replies by terms, cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endorsements import endings
from endorsements.enums import ENDED, SAYS, SUCCESSFUL, Mode, PositionKind, State
from endorsements.rules import Terms

YES, WITH, TIME, NO, NONE = (
    PositionKind.ENDORSE,
    PositionKind.ENDORSE_WITH_PROPOSALS,
    PositionKind.MORE_TIME,
    PositionKind.OBJECTION,
    PositionKind.NO_POSITION,
)
SAID, NOTHING = PositionKind.COMMENT, PositionKind.NO_COMMENTS
EXPLICIT, COMMENT = Terms(mode=Mode.EXPLICIT), Terms(mode=Mode.COMMENT)


@pytest.mark.parametrize(
    ("kinds", "quorum", "unreached", "state"),
    [
        # Three are eligible.
        ([YES, YES, YES], None, 0, State.ENDORSED),
        ([YES, WITH, YES], None, 0, State.ENDORSED_WITH_PROPOSALS),
        ([YES, YES, NONE], None, 0, State.ENDORSED_BY_ANSWERS),
        ([YES, YES, TIME], None, 0, State.LAPSED),
        ([YES, YES], None, 0, State.LAPSED),
        ([YES, YES], 2, 0, State.ENDORSED_BY_ANSWERS),
        ([YES, TIME], 2, 0, State.LAPSED),
        ([WITH, NONE], 2, 0, State.ENDORSED_BY_ANSWERS),
        ([YES], 1, 0, State.ENDORSED_BY_ANSWERS),
        ([YES], 2, 0, State.LAPSED),
        ([YES, YES, YES], 2, 0, State.ENDORSED),
        # Nobody endorsed: those who answered did not either.
        ([NONE, NONE, NONE], None, 0, State.LAPSED),
        ([], None, 0, State.LAPSED),
        ([], 1, 0, State.LAPSED),
        # A quorum above the number of members is never met.
        ([YES, YES, NONE], 4, 0, State.LAPSED),
        ([YES, YES, NO], None, 0, State.NOT_ENDORSED),
        ([NO], 1, 0, State.NOT_ENDORSED),
        # Silence means nothing, but who was not reached was not asked either.
        ([YES, YES], 2, 1, State.WAITING),
        ([YES, YES], None, 1, State.WAITING),
        ([YES, NO], 2, 1, State.NOT_ENDORSED),
    ],
)
def test_explicit(kinds: list[PositionKind], quorum: int | None, unreached: int, state: State) -> None:
    terms = Terms(mode=Mode.EXPLICIT, quorum=quorum)
    assert endings.ending(kinds, terms, eligible=3, unreached=unreached) == state


def test_explicit_without_the_hold_does_not_wait() -> None:
    terms = Terms(mode=Mode.EXPLICIT, quorum=2, unreached_hold=False)
    assert endings.ending([YES, YES], terms, eligible=3, unreached=1) == State.ENDORSED_BY_ANSWERS


def test_explicit_where_an_amendment_stops() -> None:
    terms = Terms(mode=Mode.EXPLICIT, proposals_stop=True)
    assert endings.ending([YES, WITH, YES], terms, eligible=3, unreached=0) == State.NOT_ENDORSED


def test_one_objection_is_enough_whatever_the_threshold() -> None:
    """Else it could fill the quorum: an answer like any other."""
    terms = Terms(mode=Mode.EXPLICIT, quorum=3, objections_that_stop=2)
    assert endings.ending([YES, YES, NO], terms, eligible=9, unreached=0) == State.NOT_ENDORSED


@pytest.mark.parametrize("kinds", [[], [SAID], [NOTHING, SAID, TIME]])
@pytest.mark.parametrize("unreached", [0, 2])
def test_comments_are_closed_whatever_was_said(kinds: list[PositionKind], unreached: int) -> None:
    assert endings.ending(kinds, COMMENT, eligible=3, unreached=unreached) == State.COMMENTS_CLOSED


@pytest.mark.parametrize(
    ("kinds", "terms", "state"),
    [
        ([YES, YES, YES], Terms(), State.OPEN),
        ([YES, YES, YES], Terms(closes_early=True), State.ENDORSED),
        ([YES, WITH, NONE], Terms(closes_early=True), State.ENDORSED_WITH_PROPOSALS),
        ([YES, YES], Terms(closes_early=True), State.OPEN),
        # Who asks for more time has not answered.
        ([YES, YES, TIME], Terms(closes_early=True), State.OPEN),
        ([YES, NO], Terms(closes_early=True), State.BROKEN),
        ([YES, NO], Terms(closes_early=True, stops_at_once=False), State.OPEN),
        ([YES, YES, NO], Terms(closes_early=True, stops_at_once=False), State.BROKEN),
        ([YES, NO], EXPLICIT, State.NOT_ENDORSED),
        ([YES, NO], Terms(mode=Mode.EXPLICIT, stops_at_once=False), State.OPEN),
        ([YES, YES, YES], Terms(mode=Mode.EXPLICIT, closes_early=True), State.ENDORSED),
        ([YES, YES, NONE], Terms(mode=Mode.EXPLICIT, closes_early=True), State.ENDORSED_BY_ANSWERS),
        ([YES, YES], Terms(mode=Mode.EXPLICIT, closes_early=True, quorum=2), State.OPEN),
        ([NONE, NONE, NONE], Terms(mode=Mode.EXPLICIT, closes_early=True), State.LAPSED),
        ([SAID, NOTHING], Terms(mode=Mode.COMMENT, closes_early=True), State.OPEN),
        ([SAID, NOTHING, NOTHING], Terms(mode=Mode.COMMENT, closes_early=True), State.COMMENTS_CLOSED),
        ([SAID, NOTHING, NOTHING], COMMENT, State.OPEN),
    ],
)
def test_after_a_reply(kinds: list[PositionKind], terms: Terms, state: State) -> None:
    assert endings.after_position(kinds, terms, eligible=3) == state


TERMS = st.builds(
    Terms,
    objections_that_stop=st.integers(1, 3),
    stops_at_once=st.booleans(),
    proposals_stop=st.booleans(),
    unreached_hold=st.booleans(),
    mode=st.sampled_from(Mode),
    quorum=st.none() | st.integers(1, 9),
    closes_early=st.booleans(),
)


def _said(drawn: tuple[Terms, list[int]]) -> tuple[Terms, list[PositionKind]]:
    terms, numbers = drawn
    kinds = SAYS[terms.mode]
    return terms, [kinds[number % len(kinds)] for number in numbers]


REPLIES = st.tuples(TERMS, st.lists(st.integers(0, 14), max_size=9)).map(_said)


@given(REPLIES, st.integers(0, 3), st.randoms())
def test_the_order_never_matters(said: tuple[Terms, list[PositionKind]], unreached: int, random: object) -> None:
    terms, kinds = said
    shuffled = list(kinds)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for ending in (
        lambda one: endings.ending(one, terms, eligible=9, unreached=unreached),
        lambda one: endings.after_position(one, terms, eligible=9),
    ):
        assert ending(kinds) == ending(shuffled)


@given(REPLIES)
def test_each_mode_has_its_own_endings(said: tuple[Terms, list[PositionKind]]) -> None:
    terms, kinds = said
    state = endings.ending(kinds, terms, eligible=9, unreached=0)
    assert state in endings.ENDINGS[terms.mode]
    assert endings.after_position(kinds, terms, eligible=9) in {State.OPEN, state}


@given(REPLIES)
def test_an_explicit_endorsement_needs_a_word(said: tuple[Terms, list[PositionKind]]) -> None:
    terms, kinds = said
    if terms.mode == Mode.EXPLICIT and not endings.AGREES & set(kinds):
        assert endings.ending(kinds, terms, eligible=9, unreached=0) not in SUCCESSFUL


@given(REPLIES)
def test_one_more_objection_never_endorses(said: tuple[Terms, list[PositionKind]]) -> None:
    terms, kinds = said
    if terms.mode != Mode.COMMENT:
        before = endings.ending(kinds, terms, eligible=9, unreached=0)
        after = endings.ending([*kinds, NO], terms, eligible=10, unreached=0)
        assert not (before not in SUCCESSFUL and after in SUCCESSFUL)


def test_every_ending_but_withdrawal_belongs_to_a_mode() -> None:
    assert frozenset().union(*endings.ENDINGS.values()) == ENDED - {State.WITHDRAWN}
