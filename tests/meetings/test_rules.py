"""Every cell of what may be done with a meeting that is to come, and what an invitation and a delegation must hold."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import rules
from meetings.enums import DelegateRole, MeetingState, Verb
from members.rules import NotAllowed

PLANNED, INVITED, IN_SESSION = MeetingState.PLANNED, MeetingState.INVITED, MeetingState.IN_SESSION
CLOSED, PUBLISHED = MeetingState.CLOSED, MeetingState.PUBLISHED
POSTPONED, CANCELLED = MeetingState.POSTPONED, MeetingState.CANCELLED
ALLOWED = {
    Verb.CHANGE: {PLANNED, INVITED, POSTPONED},
    Verb.PUBLISH_RECORD: {CLOSED},
    Verb.TICK: {PLANNED, INVITED, POSTPONED, IN_SESSION, CLOSED},
    Verb.PREPARE: {PLANNED, POSTPONED},
    Verb.ASK_APPROVAL: {PLANNED, POSTPONED},
    Verb.APPROVE: {PLANNED, POSTPONED},
    Verb.REGISTER: {INVITED, IN_SESSION},
    Verb.REMIND: {INVITED},
    Verb.ASK_PAPER: {PLANNED, INVITED, POSTPONED},
    Verb.RECEIVE_PAPER: {PLANNED, INVITED, POSTPONED, IN_SESSION, CLOSED},
    Verb.POSTPONE: {PLANNED, INVITED, POSTPONED},
    Verb.CANCEL: {PLANNED, INVITED, POSTPONED},
    Verb.OPEN: {INVITED},
    Verb.CLOSE: {IN_SESSION},
    Verb.STEP_BACK: {IN_SESSION, CLOSED},
    Verb.SET_SESSIONS: {PLANNED, INVITED, POSTPONED, IN_SESSION},
    Verb.MARK: {IN_SESSION},
    Verb.RUN: {IN_SESSION},
}
AFTER = {
    Verb.PUBLISH_RECORD: PUBLISHED,
    Verb.APPROVE: INVITED,
    Verb.POSTPONE: POSTPONED,
    Verb.CANCEL: CANCELLED,
    Verb.OPEN: IN_SESSION,
    Verb.CLOSE: CLOSED,
}
BACK = {IN_SESSION: INVITED, CLOSED: IN_SESSION}
NOW = dt.datetime(2030, 7, 1, 10, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
HEAD, ADVISER = DelegateRole.HEAD, DelegateRole.ADVISER


@pytest.mark.parametrize("state", MeetingState)
@pytest.mark.parametrize("verb", Verb)
def test_every_verb_in_every_state(verb: Verb, state: MeetingState) -> None:
    assert rules.permits(verb, state) is (state in ALLOWED[verb])
    if state in ALLOWED[verb]:
        after = BACK[state] if verb == Verb.STEP_BACK else AFTER.get(verb, state)
        assert rules.require(verb, state) == after
    else:
        with pytest.raises(NotAllowed):
            rules.require(verb, state)


@pytest.mark.parametrize(
    ("answer_by", "begins", "field"),
    [
        (NOW + HOUR, NOW + 2 * HOUR, None),
        (NOW + HOUR, NOW + HOUR, None),
        (NOW, NOW + HOUR, "day"),
        (NOW - HOUR, NOW + HOUR, "day"),
        (NOW + 3 * HOUR, NOW + 2 * HOUR, "day"),
        (NOW + HOUR, NOW, ""),
        (NOW - HOUR, NOW - HOUR, ""),
    ],
)
def test_check_invitation(answer_by: dt.datetime, begins: dt.datetime, field: str | None) -> None:
    if field is None:
        rules.check_invitation(answer_by, now=NOW, begins=begins)
        return
    with pytest.raises(NotAllowed) as refused:
        rules.check_invitation(answer_by, now=NOW, begins=begins)
    assert refused.value.field == field


@pytest.mark.parametrize("was_asked", [True, False])
@pytest.mark.parametrize("is_drafter", [True, False])
@pytest.mark.parametrize("evidence", ["A letter.", " "])
@pytest.mark.parametrize("state", MeetingState)
def test_approve(state: MeetingState, was_asked: bool, is_drafter: bool, evidence: str) -> None:
    may = state in ALLOWED[Verb.APPROVE] and was_asked and not is_drafter and bool(evidence.strip())
    if may:
        assert rules.approve(state, was_asked=was_asked, is_drafter=is_drafter, evidence=evidence) == INVITED
        return
    with pytest.raises(NotAllowed):
        rules.approve(state, was_asked=was_asked, is_drafter=is_drafter, evidence=evidence)


@pytest.mark.parametrize("is_recorded", [True, False])
@pytest.mark.parametrize("is_recorder", [True, False])
@pytest.mark.parametrize("state", MeetingState)
def test_publish_record(state: MeetingState, is_recorded: bool, is_recorder: bool) -> None:
    if state == CLOSED and is_recorded and not is_recorder:
        assert rules.publish_record(state, is_recorded=True, is_recorder=False) == PUBLISHED
        return
    with pytest.raises(NotAllowed):
        rules.publish_record(state, is_recorded=is_recorded, is_recorder=is_recorder)


@pytest.mark.parametrize("state", MeetingState)
@pytest.mark.parametrize(("left", "is_ahead"), [(HOUR, True), (dt.timedelta(0), False), (-HOUR, False)])
def test_register_until_the_meeting_ends(state: MeetingState, left: dt.timedelta, is_ahead: bool) -> None:
    if is_ahead and state in ALLOWED[Verb.REGISTER]:
        rules.register(state, ends=NOW + left, now=NOW)
        return
    with pytest.raises(NotAllowed):
        rules.register(state, ends=NOW + left, now=NOW)


def test_the_registration_date_itself_is_late() -> None:
    assert not rules.is_late(NOW, NOW - dt.timedelta(microseconds=1))
    assert rules.is_late(NOW, NOW)


@given(st.lists(st.sampled_from(DelegateRole), max_size=8), st.one_of(st.none(), st.integers(1, 6)), st.randoms())
def test_check_delegates_asks_one_head_and_no_more_than_seats(
    roles: list[DelegateRole], seats: int | None, chance: object
) -> None:
    """Their order never matters."""
    may = roles.count(HEAD) == 1 and (seats is None or len(roles) <= seats)
    for order in (roles, roles[::-1]):
        if may:
            rules.check_delegates(order, seats=seats)
            continue
        with pytest.raises(NotAllowed) as refused:
            rules.check_delegates(order, seats=seats)
        assert refused.value.field == "delegates"


def test_check_delegates_without_seats_has_an_end() -> None:
    most = [HEAD, *[ADVISER] * (rules.MOST_DELEGATES - 1)]
    rules.check_delegates(most, seats=None)
    with pytest.raises(NotAllowed, match="write to the secretariat"):
        rules.check_delegates([*most, ADVISER], seats=None)


TODAY = dt.date(2030, 7, 1)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, None, None),
        (TODAY + DAY, None, None),
        (TODAY + DAY, TODAY + DAY, None),
        (TODAY + DAY, TODAY + 2 * DAY, None),
        (TODAY, None, "first_day"),
        (None, TODAY + DAY, "first_day"),
        (TODAY + 2 * DAY, TODAY + DAY, "last_day"),
    ],
)
def test_check_new_days(first: dt.date | None, last: dt.date | None, field: str | None) -> None:
    if field is None:
        rules.check_new_days(first, last, today=TODAY)
        return
    with pytest.raises(NotAllowed) as refused:
        rules.check_new_days(first, last, today=TODAY)
    assert refused.value.field == field


def test_a_reason_and_a_day_ahead_are_asked_for() -> None:
    rules.check_reason("A storm.")
    rules.check_due(TODAY + DAY, today=TODAY)
    for field, refuse in [
        ("reason", lambda: rules.check_reason(" \n")),
        ("due_on", lambda: rules.check_due(TODAY, today=TODAY)),
    ]:
        with pytest.raises(NotAllowed) as refused:
            refuse()
        assert refused.value.field == field
