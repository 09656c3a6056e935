"""The rules, cell by cell. No database, no clock: the time is passed in."""

import datetime as dt
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endorsements import endings, rules
from endorsements.enums import Mode, PositionKind, Share, State, Verb
from endorsements.rules import NotAllowed, Terms, Window

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
WINDOW = Window(NOON, NOON + dt.timedelta(days=10))
KINDS = st.lists(st.sampled_from(list(PositionKind)), max_size=45)
TERMS = st.builds(
    Terms,
    objections_that_stop=st.integers(1, 3),
    stops_at_once=st.booleans(),
    proposals_stop=st.booleans(),
    unreached_hold=st.booleans(),
)
ALLOWED = {
    (Verb.CHANGE, State.DRAFT),
    (Verb.ASK_APPROVAL, State.DRAFT),
    (Verb.APPROVE, State.DRAFT),
    (Verb.RECORD_POSITION, State.OPEN),
    (Verb.TELL_OTHERWISE, State.OPEN),
    (Verb.TELL_OTHERWISE, State.WAITING),
    (Verb.CLOSE, State.OPEN),
    (Verb.EXTEND, State.OPEN),
    (Verb.CORRECT, State.OPEN),
    (Verb.ASK_NEW_CLOCK, State.OPEN),
    (Verb.WITHDRAW, State.OPEN),
    (Verb.CONFIRM, State.WAITING),
    (Verb.SET_ASIDE, State.WAITING),
    (Verb.OPEN_AGAIN, State.WAITING),
}


@pytest.mark.parametrize(("verb", "state"), list(product(Verb, State)))
def test_each_verb_in_each_state(verb: Verb, state: State) -> None:
    if (verb, state) in ALLOWED:
        rules.require(verb, state)
    else:
        with pytest.raises(NotAllowed):
            rules.require(verb, state)


@pytest.mark.parametrize(
    ("offset", "counts"),
    [
        (dt.timedelta(microseconds=-1), False),
        (dt.timedelta(0), True),
        (dt.timedelta(days=10, microseconds=-1), True),
        (dt.timedelta(days=10), False),
        (dt.timedelta(days=10, microseconds=1), False),
    ],
)
def test_window_takes_in_its_start_and_not_its_end(offset: dt.timedelta, counts: bool) -> None:
    assert WINDOW.holds(NOON + offset) is counts


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1)),
    st.sampled_from(
        ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "Europe/Paris", "America/New_York", "Asia/Bangkok"]
    ),
)
def test_window_is_the_same_in_every_zone(naive: dt.datetime, zone: str) -> None:
    close = naive.replace(tzinfo=dt.UTC)
    window = Window(close - dt.timedelta(days=1), close)
    local = close.astimezone(ZoneInfo(zone))
    assert not window.holds(local)
    assert window.holds((close - dt.timedelta(microseconds=1)).astimezone(ZoneInfo(zone)))


@given(KINDS, TERMS, st.randoms())
def test_ending_does_not_depend_on_the_order(kinds: list[PositionKind], terms: Terms, random: object) -> None:
    shuffled = list(kinds)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert endings.ending(kinds, terms, eligible=45, unreached=0) == endings.ending(
        shuffled, terms, eligible=45, unreached=0
    )


@given(KINDS, st.booleans(), st.integers(0, 5))
def test_one_objection_always_breaks_silence_at_the_default(kinds: list[PositionKind], hold: bool, lost: int) -> None:
    terms = Terms(unreached_hold=hold)
    assert endings.ending([*kinds, PositionKind.OBJECTION], terms, eligible=45, unreached=lost) == State.BROKEN
    assert endings.after_position([*kinds, PositionKind.OBJECTION], terms, eligible=45) == State.BROKEN


@given(KINDS, TERMS)
def test_more_endorsements_never_break_silence(kinds: list[PositionKind], terms: Terms) -> None:
    before = endings.is_stopped(kinds, terms)
    assert endings.is_stopped([*kinds, PositionKind.ENDORSE, PositionKind.NO_POSITION], terms) is before


@pytest.mark.parametrize(
    ("kinds", "terms", "unreached", "state"),
    [
        ([], Terms(), 0, State.ENDORSED),
        ([PositionKind.ENDORSE], Terms(), 0, State.ENDORSED),
        ([PositionKind.NO_POSITION], Terms(), 0, State.ENDORSED),
        ([PositionKind.MORE_TIME], Terms(), 0, State.ENDORSED),
        ([PositionKind.ENDORSE_WITH_PROPOSALS], Terms(), 0, State.ENDORSED_WITH_PROPOSALS),
        ([PositionKind.ENDORSE_WITH_PROPOSALS], Terms(proposals_stop=True), 0, State.BROKEN),
        ([PositionKind.OBJECTION], Terms(), 0, State.BROKEN),
        ([PositionKind.OBJECTION], Terms(objections_that_stop=2), 0, State.ENDORSED),
        ([PositionKind.OBJECTION] * 2, Terms(objections_that_stop=2), 0, State.BROKEN),
        ([], Terms(), 1, State.WAITING),
        ([PositionKind.ENDORSE_WITH_PROPOSALS], Terms(), 1, State.WAITING),
        ([PositionKind.OBJECTION], Terms(), 1, State.BROKEN),
        ([], Terms(unreached_hold=False), 1, State.ENDORSED),
    ],
)
def test_ending_by_the_rule(kinds: list[PositionKind], terms: Terms, unreached: int, state: State) -> None:
    assert endings.ending(kinds, terms, eligible=45, unreached=unreached) == state


@pytest.mark.parametrize(
    ("terms", "state"),
    [(Terms(), State.BROKEN), (Terms(stops_at_once=False), State.OPEN), (Terms(objections_that_stop=2), State.OPEN)],
)
def test_state_after_an_objection(terms: Terms, state: State) -> None:
    assert endings.after_position([PositionKind.OBJECTION], terms, eligible=3) == state


@pytest.mark.parametrize("state", list(State))
def test_close_by_state(state: State) -> None:
    assert rules.close(state, WINDOW, WINDOW.closes_at) is (state == State.OPEN)


def test_close_refuses_a_moment_too_early() -> None:
    with pytest.raises(NotAllowed):
        rules.close(State.OPEN, WINDOW, WINDOW.closes_at - dt.timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("position", "eligible", "reached", "state", "share"),
    [
        (None, False, None, State.ENDORSED, Share.NOT_ELIGIBLE),
        (None, True, None, State.OPEN, Share.NO_REPLY),
        (None, True, True, State.ENDORSED, Share.SILENT),
        (None, True, True, State.ENDORSED_WITH_PROPOSALS, Share.SILENT),
        (None, True, True, State.WAITING, Share.NO_REPLY),
        (None, True, False, State.WAITING, Share.NOT_REACHED),
        (None, True, None, State.BROKEN, Share.NO_REPLY),
        (PositionKind.ENDORSE, True, None, State.OPEN, Share.ENDORSED),
        (PositionKind.ENDORSE_WITH_PROPOSALS, True, None, State.OPEN, Share.WITH_PROPOSALS),
        (PositionKind.OBJECTION, True, None, State.BROKEN, Share.OBJECTED),
        (PositionKind.MORE_TIME, True, None, State.ENDORSED, Share.MORE_TIME),
        (PositionKind.NO_POSITION, True, None, State.ENDORSED, Share.NO_POSITION),
    ],
)
def test_share_never_shows_silence_as_a_vote(
    position: PositionKind | None, eligible: bool, reached: bool | None, state: State, share: Share
) -> None:
    assert rules.share(position, eligible=eligible, reached=reached, state=state) == share


FIVE = dt.time(17)
HOLIDAY = dt.date(2026, 12, 7)


@pytest.mark.parametrize(
    ("opened", "days", "expiry"),
    [
        # Tuesday before the usual hour: Wednesday is day 1.
        (dt.datetime(2026, 11, 24, 9), 1, dt.datetime(2026, 11, 25, 17)),
        (dt.datetime(2026, 11, 24, 17), 1, dt.datetime(2026, 11, 25, 17)),
        # A minute after the usual hour counts as Wednesday.
        (dt.datetime(2026, 11, 24, 17, 1), 1, dt.datetime(2026, 11, 26, 17)),
        # Ten working days over two week-ends and a holiday on Monday 7 December.
        (dt.datetime(2026, 11, 24, 9), 10, dt.datetime(2026, 12, 9, 17)),
        # Opened on Saturday counts as Monday; opened on the holiday counts as Tuesday.
        (dt.datetime(2026, 11, 28, 9), 1, dt.datetime(2026, 12, 1, 17)),
        (dt.datetime(2026, 12, 7, 9), 1, dt.datetime(2026, 12, 9, 17)),
        # Friday evening: counts as Monday.
        (dt.datetime(2026, 11, 27, 18), 1, dt.datetime(2026, 12, 1, 17)),
    ],
)
def test_earliest_expiry(opened: dt.datetime, days: int, expiry: dt.datetime) -> None:
    assert rules.earliest_expiry(opened, days, FIVE, {HOLIDAY}) == expiry


@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 1)),
    st.integers(1, 30),
    st.sets(st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), max_size=20),
)
def test_earliest_expiry_gives_exactly_the_period(opened: dt.datetime, days: int, off: set[dt.date]) -> None:
    expiry = rules.earliest_expiry(opened, days, FIVE, off)
    assert rules.working_days_between(opened, expiry, FIVE, off) == days
    assert rules.working_days_between(opened, expiry - dt.timedelta(minutes=1), FIVE, off) == days - 1
    assert rules.is_working_day(expiry.date(), off)


@pytest.mark.parametrize(
    ("expires", "earliest", "words"),
    [
        (NOON, NOON, "passed already"),
        (NOON - dt.timedelta(days=1), NOON, "passed already"),
        (NOON + dt.timedelta(days=1), NOON + dt.timedelta(days=2), "10 working days"),
    ],
)
def test_check_deadline(expires: dt.datetime, earliest: dt.datetime, words: str) -> None:
    with pytest.raises(NotAllowed, match=words) as refused:
        rules.check_deadline(expires, now=NOON, earliest=earliest, period="10 working days")
    assert refused.value.field == "day"


def test_check_deadline_takes_the_earliest_itself() -> None:
    rules.check_deadline(NOON, now=NOON - dt.timedelta(1), earliest=NOON, period="x")


@pytest.mark.parametrize("kind", list(PositionKind))
@pytest.mark.parametrize("text", ["", "  ", "words"])
@pytest.mark.parametrize("tick", [True, False])
@pytest.mark.parametrize("mode", list(Mode))
def test_check_reply(kind: PositionKind, text: str, tick: bool, mode: Mode) -> None:
    lacking = not text.strip()
    is_comment = kind in {PositionKind.COMMENT, PositionKind.NO_COMMENTS}
    refused = (
        (lacking and kind in {PositionKind.ENDORSE_WITH_PROPOSALS, PositionKind.COMMENT})
        or (kind == PositionKind.OBJECTION and lacking and not tick)
        or (kind != PositionKind.MORE_TIME and is_comment is not (mode == Mode.COMMENT))
    )
    if refused:
        with pytest.raises(NotAllowed):
            rules.check_reply(kind, text, no_reason_given=tick, mode=mode)
    else:
        rules.check_reply(kind, text, no_reason_given=tick, mode=mode)


DAY = dt.timedelta(days=1)
END = WINDOW.closes_at


@pytest.mark.parametrize(
    ("state", "now", "until", "may_extend", "latest", "field"),
    [
        (State.OPEN, NOON, END + DAY, True, None, "allowed"),
        (State.OPEN, NOON, END + DAY, True, END + DAY, "allowed"),
        (State.OPEN, END - dt.timedelta(microseconds=1), END + DAY, True, None, "allowed"),
        (State.OPEN, NOON, END + DAY, True, END + DAY - dt.timedelta(microseconds=1), "day"),
        (State.OPEN, NOON, END, True, None, "day"),
        (State.OPEN, NOON, END - DAY, True, None, "day"),
        (State.OPEN, END, END + DAY, True, None, None),
        (State.OPEN, NOON, END + DAY, False, None, None),
        (State.WAITING, NOON, END + DAY, True, None, None),
        (State.DRAFT, NOON, END + DAY, True, None, None),
    ],
)
def test_extension_is_later_in_time_and_permitted(
    state: State, now: dt.datetime, until: dt.datetime, may_extend: bool, latest: dt.datetime | None, field: str | None
) -> None:
    if field == "allowed":
        rules.extend(state, WINDOW, now, until, may_extend=may_extend, latest=latest)
        return
    with pytest.raises(NotAllowed) as refused:
        rules.extend(state, WINDOW, now, until, may_extend=may_extend, latest=latest)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("state", "now", "window", "is_allowed"),
    [
        (State.OPEN, NOON, WINDOW, True),
        (State.OPEN, END - dt.timedelta(microseconds=1), WINDOW, True),
        (State.OPEN, END, WINDOW, False),
        (State.OPEN, NOON, None, False),
        (State.BROKEN, NOON, WINDOW, False),
        (State.WITHDRAWN, NOON, WINDOW, False),
    ],
)
def test_withdrawal_ends_with_the_window(
    state: State, now: dt.datetime, window: Window | None, is_allowed: bool
) -> None:
    if is_allowed:
        rules.while_running(Verb.WITHDRAW, state, window, now)
        return
    with pytest.raises(NotAllowed):
        rules.while_running(Verb.WITHDRAW, state, window, now)


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_a_reason_is_needed(reason: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        rules.check_reason(reason)
    assert refused.value.field == "reason"
