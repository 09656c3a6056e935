"""Rules of sessions and of a roll call, cell by cell."""

import datetime as dt
from itertools import product

import pytest

from meetings import session_rules as rules
from meetings.enums import Mark
from members.rules import NotAllowed

DAY = dt.date(2030, 7, 2)
NINE = dt.datetime(2030, 7, 2, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
NONE, ROOM, REMOTE, ABSENT, EXCUSED = Mark.NONE, Mark.ROOM, Mark.REMOTE, Mark.ABSENT, Mark.EXCUSED


@pytest.mark.parametrize(
    ("day", "start", "end", "field"),
    [
        (DAY, NINE, NINE + HOUR, None),
        (DAY + dt.timedelta(days=2), NINE, NINE + HOUR, None),
        (DAY - dt.timedelta(days=1), NINE, NINE + HOUR, "day"),
        (DAY + dt.timedelta(days=3), NINE, NINE + HOUR, "day"),
        (DAY, NINE, NINE, "ends"),
        (DAY, NINE, NINE - HOUR, "ends"),
    ],
)
def test_check_session(day: dt.date, start: dt.datetime, end: dt.datetime, field: str | None) -> None:
    last = DAY + dt.timedelta(days=2)
    if field is None:
        rules.check_session(day, start, end, first=DAY, last=last, others=0)
        return
    with pytest.raises(NotAllowed) as refused:
        rules.check_session(day, start, end, first=DAY, last=last, others=0)
    assert refused.value.field == field


def test_check_session_keeps_to_days_that_do_not_follow_each_other() -> None:
    last = DAY + dt.timedelta(days=2)
    rules.check_session(last, NINE, NINE + HOUR, first=DAY, last=last, others=0, sits_on=[DAY, last])
    between = DAY + dt.timedelta(days=1)
    with pytest.raises(NotAllowed, match="does not sit on this day"):
        rules.check_session(between, NINE, NINE + HOUR, first=DAY, last=last, others=0, sits_on=[DAY, last])


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True), (2, False)])
def test_an_outcome_is_not_dated_outside_its_meeting(days: int, allowed: bool) -> None:
    day, last = DAY + dt.timedelta(days=days), DAY + dt.timedelta(days=1)
    if allowed:
        rules.check_outcome_day(day, first=DAY, last=last)
        return
    with pytest.raises(NotAllowed, match="not dated outside its meeting") as refused:
        rules.check_outcome_day(day, first=DAY, last=last)
    assert refused.value.field == "day"


@pytest.mark.parametrize(
    ("minutes", "later", "left"), [(None, 5, None), (30, 0, 30), (30, 29, 1), (30, 30, 0), (30, 45, -15)]
)
def test_time_left(minutes: int | None, later: int, left: int | None) -> None:
    assert rules.time_left(minutes, NINE, NINE + later * HOUR / 60) == left


def test_check_session_refuses_one_too_many() -> None:
    with pytest.raises(NotAllowed, match="60 sessions"):
        rules.check_session(DAY, NINE, NINE + HOUR, first=DAY, last=DAY, others=60)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_step_back_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(NotAllowed, match="without a reason is refused") as refused:
        rules.check_step_back(reason)
    assert refused.value.field == "reason"


WANTED = {
    (NONE, False, NONE): NONE, (NONE, True, NONE): ROOM, (NONE, True, REMOTE): REMOTE, (NONE, False, REMOTE): REMOTE,
    (NONE, False, EXCUSED): EXCUSED, (NONE, True, EXCUSED): EXCUSED,
    (ROOM, True, NONE): ROOM, (ROOM, False, NONE): ABSENT, (ROOM, True, REMOTE): REMOTE, (ROOM, False, REMOTE): REMOTE,
    (ROOM, True, EXCUSED): EXCUSED, (ROOM, False, EXCUSED): EXCUSED,
    (REMOTE, True, REMOTE): REMOTE, (REMOTE, False, REMOTE): ABSENT, (REMOTE, True, NONE): ROOM,
    (REMOTE, False, NONE): ABSENT, (REMOTE, True, EXCUSED): EXCUSED, (REMOTE, False, EXCUSED): EXCUSED,
    (ABSENT, False, NONE): ABSENT, (ABSENT, True, NONE): ROOM, (ABSENT, True, REMOTE): REMOTE,
    (ABSENT, False, REMOTE): REMOTE, (ABSENT, False, EXCUSED): EXCUSED, (ABSENT, True, EXCUSED): EXCUSED,
    (EXCUSED, False, EXCUSED): EXCUSED, (EXCUSED, True, EXCUSED): ROOM, (EXCUSED, False, NONE): ABSENT,
    (EXCUSED, True, NONE): ROOM, (EXCUSED, True, REMOTE): REMOTE, (EXCUSED, False, REMOTE): REMOTE,
}  # fmt: skip
"""(what was shown, box ticked, choice beside it) → what is meant."""


@pytest.mark.parametrize("cell", list(product(Mark, (False, True), (NONE, REMOTE, EXCUSED))))
def test_wanted(cell: tuple[Mark, bool, Mark]) -> None:
    was, ticked, how = cell
    assert rules.wanted(was, ticked=ticked, how=how) == WANTED[cell]


@pytest.mark.parametrize("cell", list(product(Mark, Mark, Mark)))
def test_tick_is_written_only_over_what_the_page_showed(cell: tuple[Mark, Mark, Mark]) -> None:
    now, was, to = cell
    if to != NONE and now in {to, was}:
        assert rules.tick(now, was=was, to=to) is (now != to)
    else:
        with pytest.raises(NotAllowed):
            rules.tick(now, was=was, to=to)


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([], NONE),
        ([NONE, NONE], NONE),
        ([ABSENT, NONE], ABSENT),
        ([EXCUSED, ABSENT], EXCUSED),
        ([EXCUSED, REMOTE, ABSENT], REMOTE),
        ([REMOTE, ROOM, ABSENT, NONE], ROOM),
    ],
)
def test_a_participant_is_present_if_it_or_a_delegate_is(marks: list[Mark], found: Mark) -> None:
    assert rules.presence_of(marks) == found
    assert rules.presence_of(reversed(marks)) == found


@pytest.mark.parametrize(
    ("presence", "mode", "mark"),
    [("present", "", ROOM), ("present", "in_the_room", ROOM), ("present", "remote", REMOTE), ("absent", "", ABSENT)],
)
def test_mark_of_a_row(presence: str, mode: str, mark: Mark) -> None:
    assert rules.mark_of(presence, mode) == mark
