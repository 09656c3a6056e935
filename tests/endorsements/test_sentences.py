"""The one sentence of a circulation: mode by state by side of the deadline, cell by cell."""

import datetime as dt
from itertools import product

import pytest

from endorsements import endings, words
from endorsements.enums import CIRCULATED, SAYS, Mode, PositionKind, State
from endorsements.models import Circulation
from endorsements.rules import Terms
from endorsements.sentences import NOT_COUNTED, note_of

DEADLINE = dt.datetime(2026, 12, 8, 10, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
OWN = "What the procedure itself says."
COUNTED = "The deadline has passed and what comes now is late; the result is being counted."
WAITS = "Some members may not have been reached, so a co-chair decides how this ends."
WAITS_BEFORE = f"{WAITS[:-1]}, and replies are taken until the deadline.".replace(", so a co-chair", "; a co-chair")
WITHDRAWN = "This circulation was withdrawn, so nothing is decided."
STOPPED = "so the draft is not endorsed; the secretariat consults and may send a new version."


def circulation(mode: Mode, state: State, *, early: bool = False, **terms: object) -> Circulation:
    ended = DEADLINE + (-HOUR if early else HOUR)
    kept = {"closes_early": early, **terms}
    return Circulation(mode=mode.value, state=state.value, expires_at=DEADLINE, ended_at=ended, sentence=OWN, **kept)


def say(mode: Mode, state: State, *, now: dt.datetime = DEADLINE - HOUR, early: bool = False, **terms: object) -> str:
    return words.next_sentence(circulation(mode, state, early=early, **terms), now)


@pytest.mark.parametrize(
    ("mode", "state", "sentence"),
    [
        (Mode.SILENCE, State.WAITING, WAITS),
        (Mode.SILENCE, State.ENDORSED, "No member objected by the deadline, so the draft is endorsed."),
        (
            Mode.SILENCE,
            State.ENDORSED_WITH_PROPOSALS,
            "No member objected by the deadline, so the draft is endorsed, with proposals.",
        ),
        (Mode.SILENCE, State.BROKEN, f"A member objected, {STOPPED}"),
        (Mode.SILENCE, State.WITHDRAWN, WITHDRAWN),
        (Mode.EXPLICIT, State.WAITING, WAITS),
        (Mode.EXPLICIT, State.ENDORSED, "All members have endorsed the draft, so it is endorsed."),
        (
            Mode.EXPLICIT,
            State.ENDORSED_WITH_PROPOSALS,
            "All members have endorsed the draft, so it is endorsed, with proposals.",
        ),
        (
            Mode.EXPLICIT,
            State.ENDORSED_BY_ANSWERS,
            "All members have answered and none objected, so the draft is endorsed by those who answered.",
        ),
        (Mode.EXPLICIT, State.NOT_ENDORSED, f"A member objected, {STOPPED}"),
        (
            Mode.EXPLICIT,
            State.LAPSED,
            f"Too few members endorsed or answered by the deadline, so the draft lapses. {NOT_COUNTED}",
        ),
        (Mode.EXPLICIT, State.WITHDRAWN, WITHDRAWN),
        (
            Mode.COMMENT,
            State.COMMENTS_CLOSED,
            "The deadline has passed, so comments are closed. Nothing is endorsed; the secretariat works through the "
            "comments.",
        ),
        (Mode.COMMENT, State.WITHDRAWN, WITHDRAWN),
    ],
)
def test_ending(mode: Mode, state: State, sentence: str) -> None:
    assert say(mode, state, now=DEADLINE + HOUR) == sentence
    assert say(mode, state) == (WAITS_BEFORE if state == State.WAITING else sentence)


@pytest.mark.parametrize("mode", list(Mode))
def test_while_it_runs_the_procedure_speaks(mode: Mode) -> None:
    assert say(mode, State.OPEN) == OWN
    assert say(mode, State.OPEN, now=DEADLINE - dt.timedelta(microseconds=1)) == OWN


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        (Mode.SILENCE, COUNTED),
        (Mode.EXPLICIT, COUNTED),
        (Mode.COMMENT, "The deadline has passed and what comes now is late; the comments are being counted."),
    ],
)
def test_from_the_deadline_on_it_is_counted(mode: Mode, sentence: str) -> None:
    assert say(mode, State.OPEN, now=DEADLINE) == sentence


@pytest.mark.parametrize(
    ("mode", "state", "terms", "sentence"),
    [
        (
            Mode.SILENCE,
            State.ENDORSED,
            {},
            "All members have answered and no member objected, so the draft is endorsed early.",
        ),
        (
            Mode.SILENCE,
            State.ENDORSED_WITH_PROPOSALS,
            {},
            "All members have answered and no member objected, so the draft is endorsed early, with proposals.",
        ),
        (Mode.SILENCE, State.BROKEN, {}, f"A member objected, {STOPPED}"),
        (Mode.EXPLICIT, State.ENDORSED, {}, "All members have endorsed the draft, so it is endorsed early."),
        (
            Mode.EXPLICIT,
            State.ENDORSED_BY_ANSWERS,
            {"quorum": 2},
            "All members have answered and none objected, so the draft is endorsed by those who answered.",
        ),
        (
            Mode.EXPLICIT,
            State.LAPSED,
            {},
            "All members have answered and none endorsed the draft, so it lapses: it is neither endorsed nor refused.",
        ),
        (
            Mode.COMMENT,
            State.COMMENTS_CLOSED,
            {},
            "All who were asked have answered, so comments are closed. Nothing is endorsed; the secretariat works "
            "through the comments.",
        ),
        (Mode.COMMENT, State.WITHDRAWN, {}, WITHDRAWN),
    ],
)
def test_why_it_ended_early(mode: Mode, state: State, terms: dict[str, object], sentence: str) -> None:
    assert say(mode, state, early=True, **terms) == sentence


@pytest.mark.parametrize(
    ("state", "terms", "sentence"),
    [
        (
            State.ENDORSED,
            {"objections_that_stop": 4},
            "Fewer than 4 members objected by the deadline, so the draft is endorsed.",
        ),
        (State.BROKEN, {"objections_that_stop": 4}, f"At least 4 members objected, {STOPPED}"),
        (
            State.ENDORSED,
            {"proposals_stop": True},
            "No member objected and none proposed a change by the deadline, so the draft is endorsed.",
        ),
        (State.BROKEN, {"proposals_stop": True}, f"A member objected or a member proposed a change, {STOPPED}"),
    ],
)
def test_the_threshold_is_in_the_sentence(state: State, terms: dict[str, object], sentence: str) -> None:
    assert say(Mode.SILENCE, state, **terms) == sentence


@pytest.mark.parametrize(
    ("quorum", "start"), [(1, "At least one member answered"), (30, "At least 30 members answered")]
)
def test_the_quorum_is_in_the_sentence(quorum: int, start: str) -> None:
    sentence = say(Mode.EXPLICIT, State.ENDORSED_BY_ANSWERS, quorum=quorum)
    assert sentence.startswith(start)
    assert sentence.endswith(NOT_COUNTED)


CELLS = [
    (mode, state)
    for mode, state in product(Mode, sorted(CIRCULATED))
    if state in {State.OPEN, State.WITHDRAWN, *endings.ENDINGS[mode]}
    or (state == State.WAITING and mode != Mode.COMMENT)
]


@pytest.mark.parametrize(("mode", "state"), CELLS)
@pytest.mark.parametrize("now", [DEADLINE - HOUR, DEADLINE, DEADLINE + HOUR])
@pytest.mark.parametrize("early", [True, False])
def test_nothing_says_silence_where_the_mode_is_another(
    mode: Mode, state: State, now: dt.datetime, early: bool
) -> None:
    said = say(mode, state, now=now, early=early)
    chip = words.state_chip(circulation(mode, state, early=early), now)[1]
    assert said.endswith(".")
    assert "adopted" not in said
    if mode != Mode.SILENCE:
        assert "silen" not in f"{said} {chip}".lower()


@pytest.mark.parametrize(
    ("terms", "note"),
    [
        (Terms(), "This breaks the silence at once. The draft is not endorsed."),
        (Terms(stops_at_once=False), "This breaks the silence. The draft is not endorsed at the deadline."),
        (Terms(objections_that_stop=4), "We do not agree. 4 objections stop the draft."),
        (
            Terms(mode=Mode.EXPLICIT),
            "We do not agree. This ends the circulation at once. The draft is not endorsed.",
        ),
        (
            Terms(mode=Mode.EXPLICIT, stops_at_once=False),
            "We do not agree. If our objection stands at the deadline, the draft is not endorsed.",
        ),
    ],
)
def test_note_beside_an_objection(terms: Terms, note: str) -> None:
    assert note_of(PositionKind.OBJECTION, terms) == note


@pytest.mark.parametrize("mode", list(Mode))
def test_every_way_to_reply_has_a_note(mode: Mode) -> None:
    for kind in SAYS[mode]:
        note = note_of(kind, Terms(mode=mode))
        assert note.endswith(".")
        assert mode == Mode.SILENCE or "silen" not in note


def test_a_proposal_that_stops_says_so() -> None:
    note = note_of(PositionKind.ENDORSE_WITH_PROPOSALS, Terms(proposals_stop=True))
    assert note == "We agree only with changes. Under this procedure a proposal stops the draft."
