"""Reached and in doubt: every cell of the rule."""

import datetime as dt
from itertools import product

import pytest

from notifications.signs import Doubt, Signs, doubts, is_reached

AT = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(("speaker", "arrived", "opened", "told"), list(product([True, False], repeat=4)))
def test_reached_told_otherwise_or_told_with_somebody_there(
    speaker: bool, arrived: bool, opened: bool, told: bool
) -> None:
    signs = Signs(
        has_speaker=speaker,
        arrived_at=AT if arrived else None,
        opened_at=AT if opened else None,
        told_at=AT if told else None,
    )
    assert is_reached(signs) == (told or (speaker and (arrived or opened)))


@pytest.mark.parametrize("returned", [True, False])
def test_a_message_that_came_back_at_one_address_does_not_undo_another_that_arrived(returned: bool) -> None:
    assert is_reached(Signs(arrived_at=AT, is_returned=returned))


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        (Signs(arrived_at=AT, opened_at=AT), ()),
        (Signs(arrived_at=AT), (Doubt.NOT_OPENED,)),
        (Signs(opened_at=AT, is_returned=True), (Doubt.RETURNED,)),
        (Signs(has_speaker=False, opened_at=AT), (Doubt.VACANT,)),
        (Signs(has_speaker=False, is_returned=True), (Doubt.VACANT, Doubt.RETURNED, Doubt.NOT_OPENED)),
        (Signs(told_at=AT, is_returned=True), ()),
        (Signs(told_at=AT, has_speaker=False), (Doubt.VACANT,)),
    ],
)
def test_doubts(signs: Signs, found: tuple[Doubt, ...]) -> None:
    assert doubts(signs) == found


def test_the_last_sign_of_life_is_the_newest() -> None:
    later = AT + dt.timedelta(hours=1)
    assert Signs(arrived_at=AT, told_at=later).last_at == later
    assert Signs().last_at is None
