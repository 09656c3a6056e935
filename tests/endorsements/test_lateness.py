"""When a reply counts, is late, or makes a circulation wait: cell by cell. No database, no clock."""

import datetime as dt
from itertools import product

import pytest

from endorsements import lateness
from endorsements.enums import ENDED, State, Timing, WaitReason
from endorsements.rules import NotAllowed, Window

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
CLOSES = NOON + dt.timedelta(days=10)
WINDOW = Window(NOON, CLOSES)
TICK = dt.timedelta(microseconds=1)
TAKES_NONE = {State.DRAFT, State.WITHDRAWN}
RUNS = {State.OPEN, State.WAITING}


@pytest.mark.parametrize(("state", "offset"), list(product(State, [-TICK, dt.timedelta(0), TICK])))
def test_reply_in_each_state_around_the_deadline(state: State, offset: dt.timedelta) -> None:
    at = CLOSES + offset
    if state in TAKES_NONE:
        with pytest.raises(NotAllowed):
            lateness.timing_of_reply(state, WINDOW, at)
        return
    in_time = state in RUNS and offset < dt.timedelta(0)
    assert lateness.timing_of_reply(state, WINDOW, at) is (Timing.IN_TIME if in_time else Timing.LATE)


def record(state: State, received: dt.datetime, now: dt.datetime, **changes: object) -> Timing:
    facts: dict[str, object] = {"ended_at": None, "has_successor": False} | changes
    return lateness.timing_of_record(state, WINDOW, now, received_at=received, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(
    ("received", "now", "running", "over"),
    [
        (CLOSES - HOUR, CLOSES - TICK, Timing.IN_TIME, Timing.RECORDED_AFTER),
        (CLOSES - HOUR, CLOSES, Timing.RECORDED_AFTER, Timing.RECORDED_AFTER),
        (CLOSES - TICK, CLOSES + HOUR, Timing.RECORDED_AFTER, Timing.RECORDED_AFTER),
        (CLOSES, CLOSES, Timing.LATE, Timing.LATE),
        (CLOSES, CLOSES + HOUR, Timing.LATE, Timing.LATE),
        (CLOSES + TICK, CLOSES + HOUR, Timing.LATE, Timing.LATE),
    ],
)
def test_record_in_each_state_by_both_times(
    state: State, received: dt.datetime, now: dt.datetime, running: Timing, over: Timing
) -> None:
    if state in TAKES_NONE:
        with pytest.raises(NotAllowed):
            record(state, received, now)
        return
    assert record(state, received, now) is (running if state in RUNS else over)


@pytest.mark.parametrize(
    ("received", "timing"),
    [
        (NOON + HOUR, Timing.RECORDED_AFTER),
        (NOON + 2 * HOUR - TICK, Timing.RECORDED_AFTER),
        (NOON + 2 * HOUR, Timing.LATE),
        (CLOSES - TICK, Timing.LATE),
    ],
)
def test_after_an_early_end_only_what_came_before_it_is_in_doubt(received: dt.datetime, timing: Timing) -> None:
    assert record(State.BROKEN, received, CLOSES - TICK, ended_at=NOON + 2 * HOUR) is timing


def test_once_the_document_is_before_members_again_what_comes_is_late() -> None:
    for state in (State.BROKEN, State.ENDORSED, State.WAITING):
        assert record(state, CLOSES - HOUR, CLOSES + HOUR, has_successor=True) is Timing.LATE
    assert record(State.OPEN, CLOSES - HOUR, CLOSES - TICK, has_successor=True) is Timing.IN_TIME


@pytest.mark.parametrize(
    ("received", "is_fine"),
    [
        (NOON.replace(second=0), True),
        (NOON - TICK, False),
        (CLOSES, True),
        (CLOSES + HOUR, True),
        (CLOSES + HOUR + TICK, False),
    ],
)
def test_received_between_the_opening_and_now(received: dt.datetime, is_fine: bool) -> None:
    def check() -> None:
        lateness.check_received(received, opened_at=NOON, now=CLOSES + HOUR)

    if is_fine:
        check()
    else:
        with pytest.raises(NotAllowed) as refusal:
            check()
        assert refusal.value.field == "day"


def test_nothing_is_received_before_it_was_ever_open() -> None:
    with pytest.raises(NotAllowed, match="was not open"):
        lateness.check_received(NOON, opened_at=None, now=CLOSES)


@pytest.mark.parametrize("evidence", ["", "  ", "\n"])
def test_evidence_is_asked_for(evidence: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        lateness.check_evidence(evidence)
    assert refusal.value.field == "evidence"


@pytest.mark.parametrize(("otherwise", "contested", "decided", "reason"), list(product([True, False], repeat=4)))
def test_contest_cell_by_cell(otherwise: bool, contested: bool, decided: bool, reason: bool) -> None:
    def contest(state: State = State.OPEN) -> None:
        lateness.contest(
            state,
            is_recorded_otherwise=otherwise,
            is_contested=contested,
            is_decided=decided,
            reason="Not ours." if reason else " ",
        )

    if otherwise and not contested and not decided and reason:
        for state in set(State) - TAKES_NONE:
            contest(state)
        for state in TAKES_NONE:
            with pytest.raises(NotAllowed):
                contest(state)
    else:
        with pytest.raises(NotAllowed):
            contest()


@pytest.mark.parametrize(("timing", "noted"), list(product(Timing, [True, False])))
def test_note_is_taken_once_and_of_what_is_late(timing: Timing, noted: bool) -> None:
    if timing is Timing.LATE and not noted:
        lateness.take_note(timing, is_noted=noted)
    else:
        with pytest.raises(NotAllowed):
            lateness.take_note(timing, is_noted=noted)


@pytest.mark.parametrize(("offset", "is_fine"), [(-TICK, False), (dt.timedelta(0), True), (TICK, True)])
def test_confirmed_only_when_the_time_has_run_out(offset: dt.timedelta, is_fine: bool) -> None:
    if is_fine:
        lateness.confirm(WINDOW, CLOSES + offset)
    else:
        with pytest.raises(NotAllowed, match="still reply"):
            lateness.confirm(WINDOW, CLOSES + offset)


def test_set_aside_needs_something_in_doubt() -> None:
    lateness.set_aside(1)
    with pytest.raises(NotAllowed, match="No reply is in doubt"):
        lateness.set_aside(0)


@pytest.mark.parametrize(("unreached", "after", "contested"), list(product([0, 2], [True, False], [True, False])))
def test_every_reason_is_named(unreached: int, after: bool, contested: bool) -> None:
    found = lateness.reasons(unreached=unreached, recorded_after=after, contested=contested)
    assert found == [
        *([WaitReason.UNREACHED] if unreached else []),
        *([WaitReason.RECORDED_AFTER] if after else []),
        *([WaitReason.CONTESTED] if contested else []),
    ]
    said = lateness.sentence(found, before_deadline=False, has_number=False)
    assert ("reached" in said) is (unreached > 0 or not found)
    assert ("recorded after the deadline" in said) is after
    assert ("not its own" in said) is contested
    assert said.endswith("a co-chair decides how this ends.")


def test_sentence_says_that_replies_are_taken_and_that_the_number_stays() -> None:
    said = lateness.sentence([WaitReason.CONTESTED], before_deadline=True, has_number=True)
    assert said == (
        "A member says that a reply recorded in its name is not its own; a co-chair decides how this ends, and replies "
        "are taken until the deadline. Its number stays reserved."
    )


def test_no_state_is_forgotten() -> None:
    assert set(State) == TAKES_NONE | RUNS | (ENDED - TAKES_NONE)
