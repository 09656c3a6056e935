"""Rules of an agenda, cell by cell: states, numbers, times, places."""

import datetime as dt
from itertools import product

import pytest

from meetings import agenda_rules as rules
from meetings.agenda_enums import MOST_MINUTES, AgendaState, AgendaVerb, ItemKind, Move
from meetings.agenda_rules import Entry, Spot
from meetings.enums import MeetingState
from members.rules import NotAllowed

NINE, FIVE = 9 * 60, 17 * 60
AHEAD = {MeetingState.PLANNED, MeetingState.INVITED, MeetingState.POSTPONED, MeetingState.IN_SESSION}
AFTER = {
    ("change", "draft"): "draft",
    ("change", "published"): "published",
    ("change", "frozen"): "frozen",
    ("publish", "draft"): "published",
    ("freeze", "published"): "frozen",
    ("thaw", "frozen"): "published",
    ("take_back", "published"): "draft",
}
TREE = (
    Entry(1, position=0, minutes=30),
    Entry(2, position=1, kind=ItemKind.BREAK, minutes=15),
    Entry(3, position=2),
    Entry(31, parent=3, position=0, minutes=20),
    Entry(32, parent=3, position=1, minutes=40),
    Entry(321, parent=32, position=0),
    Entry(4, position=0, day=2, minutes=60),
)


@pytest.mark.parametrize(("verb", "state", "meeting"), list(product(AgendaVerb, AgendaState, MeetingState)))
def test_every_verb_in_every_state(verb: AgendaVerb, state: AgendaState, meeting: MeetingState) -> None:
    after = AFTER.get((verb.value, state.value)) if meeting in AHEAD else None
    assert rules.permits(verb, state, meeting) == (after is not None)
    if after:
        assert rules.require(verb, state, meeting) == after
    else:
        with pytest.raises(NotAllowed):
            rules.require(verb, state, meeting)


@pytest.mark.parametrize(("state", "is_late"), list(product(AgendaState, (True, False))))
def test_of_a_frozen_agenda_only_what_came_late_is_open(state: AgendaState, is_late: bool) -> None:
    if state == AgendaState.FROZEN and not is_late:
        with pytest.raises(NotAllowed, match="frozen"):
            rules.require_open(state, is_late=is_late)
    else:
        rules.require_open(state, is_late=is_late)


@pytest.mark.parametrize("minutes", [0, -5, MOST_MINUTES + 1, 99999])
def test_minutes_that_can_not_be(minutes: int) -> None:
    with pytest.raises(NotAllowed, match="from 1 to 600") as refused:
        rules.check_minutes(minutes)
    assert refused.value.field == "minutes"


@pytest.mark.parametrize("minutes", [None, 1, MOST_MINUTES])
def test_minutes_that_can_be(minutes: int | None) -> None:
    rules.check_minutes(minutes)


def test_numbers_run_over_days_and_breaks_have_none() -> None:
    assert rules.numbers(TREE) == {1: "1", 2: "", 3: "2", 31: "a", 32: "b", 321: "i", 4: "3"}
    assert rules.cited(TREE)[321] == "2 (b) (i)"


def test_a_typed_number_takes_none_away() -> None:
    assert rules.numbers([Entry(1), Entry(2, position=1, label="1 bis"), Entry(3, position=2)]) == {
        1: "1",
        2: "1 bis",
        3: "2",
    }


def test_a_late_item_is_numbered_after_the_others_wherever_it_stands() -> None:
    assert rules.numbers([Entry(1), Entry(2, position=1, is_late=True), Entry(3, position=2)]) == {
        1: "1",
        3: "2",
        2: "3",
    }


@pytest.mark.parametrize(
    ("count", "letters", "roman"), [(1, "a", "i"), (4, "d", "iv"), (26, "z", "xxvi"), (27, "aa", "xxvii")]
)
def test_letters_and_roman_numbers(count: int, letters: str, roman: str) -> None:
    under = [Entry(1), *(Entry(10 + n, parent=1, position=n) for n in range(count))]
    assert rules.numbers(under)[9 + count] == letters
    deeper = [*under, *(Entry(100 + n, parent=10, position=n) for n in range(count))]
    assert rules.numbers(deeper)[99 + count] == roman


def test_times_follow_from_minutes_and_breaks() -> None:
    day = rules.timed(TREE, 1, starts=NINE, ends=FIVE)
    assert {pk: (slot.start, slot.end) for pk, slot in day.slots.items()} == {
        1: (NINE, NINE + 30),
        2: (NINE + 30, NINE + 45),
        3: (NINE + 45, NINE + 105),
    }
    assert (day.start, day.end, day.over) == (NINE, NINE + 105, 0)


def test_registration_before_the_day_moves_nothing() -> None:
    day = rules.timed([Entry(1, start=510), Entry(2, position=1, minutes=10)], 1, starts=NINE, ends=FIVE)
    assert (day.slots[1].start, day.slots[2].start, day.slots[2].overlap) == (510, NINE, 0)


def test_a_fixed_start_before_the_end_of_the_one_before_is_an_overlap() -> None:
    rows = [Entry(1, minutes=60), Entry(2, position=1, start=NINE + 45, minutes=30), Entry(3, position=2, minutes=5)]
    day = rules.timed(rows, 1, starts=NINE, ends=FIVE)
    assert day.slots[2].overlap == 15
    assert day.slots[3].start == NINE + 75


def test_a_long_item_with_a_short_one_inside_its_time_is_not_forgotten() -> None:
    rows = [Entry(1, minutes=120), Entry(2, position=1, start=NINE + 30, minutes=10), Entry(3, position=2, minutes=5)]
    assert rules.timed(rows, 1, starts=NINE, ends=FIVE).slots[3].start == NINE + 120


def test_what_is_over_the_end_of_the_day_and_over_the_item() -> None:
    rows = [Entry(1, minutes=500), Entry(11, parent=1, minutes=300), Entry(12, parent=1, position=1, minutes=250)]
    day = rules.timed(rows, 1, starts=NINE, ends=FIVE)
    assert (day.over, day.slots[1].inner_over) == (20, 50)


def test_an_empty_day_has_no_time() -> None:
    assert rules.timed(TREE, 3, starts=NINE, ends=FIVE) == rules.Day({}, None, None, 0)


def test_clock_goes_on_after_midnight() -> None:
    assert rules.clock_time(24 * 60 + 5) == "00:05"
    assert rules.minutes_of(dt.time(8, 30)) == 510


@pytest.mark.parametrize(
    ("pk", "parent", "sentence"),
    [
        (3, 3, "under itself"),
        (3, 32, "one of its own"),
        (3, 321, "one of its own"),
        (1, 2, "break has no sub-items"),
        (2, 1, "break stands between"),
        (1, 99, "not in this agenda"),
        (3, 1, "3 levels"),
        (None, 321, "3 levels"),
    ],
)
def test_places_that_can_not_be(pk: int | None, parent: int, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        rules.check_parent(TREE, pk, parent)


def test_an_item_with_a_fixed_start_goes_under_nothing() -> None:
    with pytest.raises(NotAllowed, match="fixed start"):
        rules.check_parent([Entry(1), Entry(2, position=1, start=NINE)], 2, 1)


def order(entries: list[Entry]) -> list[tuple[int, int | None, int]]:
    return [(one.pk, one.parent, one.day) for one, _ in rules.in_order(entries)]


@pytest.mark.parametrize(
    ("pk", "move", "spot"),
    [
        (1, Move.UP, None),
        (1, Move.DOWN, Spot(None, 1, 3)),
        (2, Move.UP, Spot(None, 1, 1)),
        (3, Move.DOWN, Spot(None, 2, 4)),
        (4, Move.UP, Spot(None, 1)),
        (4, Move.DOWN, None),
        (31, Move.UP, None),
        (31, Move.DOWN, Spot(3, 1)),
        (32, Move.DOWN, None),
        (32, Move.IN, Spot(31, 1)),
        (31, Move.IN, None),
        (31, Move.OUT, Spot(None, 1)),
        (321, Move.OUT, Spot(3, 1)),
        (1, Move.OUT, None),
    ],
)
def test_where_a_step_leads(pk: int, move: Move, spot: Spot | None) -> None:
    assert rules.spot_of(TREE, pk, move, days=2) == spot


@pytest.mark.parametrize(
    ("pk", "move", "may"), [(3, Move.IN, False), (32, Move.IN, False), (31, Move.OUT, True), (31, Move.UP, False)]
)
def test_a_button_is_offered_where_its_step_can_be(pk: int, move: Move, may: bool) -> None:
    assert rules.may_move(TREE, pk, move, days=2) == may


def test_a_row_moves_with_all_under_it() -> None:
    after = rules.placed(TREE, 3, Spot(None, 2, 4))
    assert order(after) == [
        (1, None, 1),
        (2, None, 1),
        (3, None, 2),
        (31, 3, 2),
        (32, 3, 2),
        (321, 32, 2),
        (4, None, 2),
    ]
    assert [one.position for one in after if one.day == 2 and one.parent is None] == [0, 1]


def test_a_row_under_another_stands_on_its_day_whatever_was_asked() -> None:
    after = rules.placed(TREE, 4, Spot(31, 2))
    assert next(one for one in after if one.pk == 4).day == 1


def test_reason_is_asked() -> None:
    with pytest.raises(NotAllowed, match="reason"):
        rules.check_reason("  ")
