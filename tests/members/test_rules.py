"""Rules of the directory, cell by cell; no database."""

import datetime as dt

import pytest

from members import rules
from members.rules import NotAllowed

A, B, C, D = (dt.date(2013, 4, day) for day in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((None, None), (None, None), True),
        ((A, B), (B, C), True),
        ((A, B), (C, D), False),
        ((C, D), (A, B), False),
        ((None, A), (B, None), False),
        ((None, B), (B, None), True),
        ((A, None), (None, A), True),
        ((B, None), (None, A), False),
        ((A, D), (B, C), True),
    ],
)
def test_overlap(one: rules.Period, other: rules.Period, expected: bool) -> None:
    assert rules.overlap(one, other) is expected
    assert rules.overlap(other, one) is expected


@pytest.mark.parametrize(
    ("stages", "taken", "expected"),
    [
        ([1, 2, 3, 4], [], 1),
        ([1, 2, 3, 4], [1], 2),
        ([1, 2, 3, 4], [1, 2, 3], 4),
        ([1, 2, 3, 4], [1, 3], 4),
        ([1, 2, 3, 4], [1, 2, 3, 4], None),
        ([4, 2, 9], [2], 4),
        ([], [], None),
    ],
)
def test_next_stage(stages: list[int], taken: list[int], expected: int | None) -> None:
    assert rules.next_stage(stages, taken) == expected


def test_check_step_day_takes_today_and_the_day_of_the_step_before() -> None:
    rules.check_step_day(B, earlier=[A, B], today=B)
    rules.check_step_day(A, earlier=[], today=B)


@pytest.mark.parametrize(
    ("on", "earlier", "sentence"),
    [
        (C, [], "This day is still to come. Record the step once it was taken."),
        (A, [B], "An earlier step was taken on 2 April 2013; this one cannot lie before it."),
    ],
)
def test_check_step_day_refuses(on: dt.date, earlier: list[dt.date], sentence: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        rules.check_step_day(on, earlier=earlier, today=B)
    assert (refused.value.message, refused.value.field) == (sentence, "on")


@pytest.mark.parametrize(("current", "last"), [((None, None), B), ((A, None), B), ((B, None), B), ((A, D), B)])
def test_ended_by_is_the_day_before(current: rules.Period, last: dt.date) -> None:
    assert rules.ended_by(current, C) == last


def test_ended_by_refuses_to_end_before_the_beginning() -> None:
    with pytest.raises(NotAllowed, match="The present standing began on 3 April 2013; the new one must begin later"):
        rules.ended_by((C, None), C)


@pytest.mark.parametrize(
    ("last", "former", "sentence"),
    [
        (C, [], "This day is still to come. Record the new name once it is in use."),
        (A, [A], "The name before this one was in use until 1 April 2013; choose a later day."),
    ],
)
def test_check_last_day_refuses(last: dt.date, former: list[dt.date], sentence: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        rules.check_last_day(last, former=former, today=B)
    assert (refused.value.message, refused.value.field) == (sentence, "last_day")


def test_check_last_day_takes_today() -> None:
    rules.check_last_day(B, former=[A], today=B)
