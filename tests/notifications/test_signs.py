"""Reached and in doubt: every cell of the rule."""

import datetime as dt
from itertools import product

import pytest

from notifications.signs import Contact, Doubt, Signs, contact, doubts, is_reached, opening_is_due

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
        (Signs(arrived_at=AT, opening_is_due=False), ()),
        (Signs(opening_is_due=False), (Doubt.NOT_OPENED,)),
        (Signs(arrived_at=AT, is_returned=True, opening_is_due=False), (Doubt.RETURNED,)),
        (Signs(arrived_at=AT, has_speaker=False, opening_is_due=False), (Doubt.VACANT,)),
        (Signs(told_at=AT, has_speaker=False), (Doubt.VACANT,)),
    ],
)
def test_doubts(signs: Signs, found: tuple[Doubt, ...]) -> None:
    assert doubts(signs) == found


@pytest.mark.parametrize(
    ("minutes", "is_due"), [(0, False), (59, False), (60, True), (61, True), (90, True), (91, True), (-1, False)]
)
def test_the_page_should_have_been_opened_when_the_last_third_begins(minutes: int, is_due: bool) -> None:
    now = AT + dt.timedelta(minutes=minutes)
    assert opening_is_due(AT, AT + dt.timedelta(minutes=90), now) is is_due


def test_what_was_never_opened_for_replies_has_no_third() -> None:
    assert opening_is_due(None, AT, AT - dt.timedelta(days=1))


def test_the_last_sign_of_life_is_the_newest() -> None:
    later = AT + dt.timedelta(hours=1)
    assert Signs(arrived_at=AT, told_at=later).last_at == later
    assert Signs().last_at is None


@pytest.mark.parametrize(
    ("states", "has_speaker", "found"),
    [
        ([], True, Contact.NO_ADDRESS),
        ([], False, Contact.NO_ADDRESS),
        (["accepted"], False, Contact.VACANT),
        (["accepted"], True, Contact.REACHED),
        (["bounced", "delivered"], True, Contact.REACHED),
        (["bounced", "failed"], True, Contact.RETURNED),
        (["bounced", None], True, Contact.RETURNED),
        ([None], True, Contact.UNTRIED),
    ],
)
def test_contact(states: list[str | None], has_speaker: bool, found: Contact) -> None:
    assert contact(states, has_speaker=has_speaker) is found
