"""Nobody is named twice, however spelled; what changed in a list is said; what staff note about a letter."""

import datetime as dt

import pytest

from meetings.delegation_rules import (
    changes,
    check_evidence,
    check_named_once,
    check_received,
    letter_after_noting,
    named_twice,
    same_people,
)
from meetings.enums import LetterState
from members.rules import NotAllowed

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HEAD, ADVISER = ("Ms Ada Lee", "head", "Director"), ("Mr Bo Ek", "adviser", "")


@pytest.mark.parametrize("again", ["Ms Ada Lee", "ms ada LEE", "Ms  Ada Lee ", "Ms Adá Leé", "Ms Ada\u00a0Lee"])
def test_the_same_name_however_spelled_is_named_twice(again: str) -> None:
    assert named_twice(["Mr Bo Ek", "Ms Ada Lee", again]) == (1, 2)
    with pytest.raises(NotAllowed, match="is named twice") as refused:
        check_named_once(["Ms Ada Lee", again])
    assert refused.value.field == "delegates"


def test_different_people_are_not() -> None:
    check_named_once(["Ms Ada Lee", "Mr Ada Lee", "นางสาวสมใจ", "نور"])
    check_named_once([])


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ([HEAD], [HEAD], []),
        ([], [HEAD], ["Added: Ms Ada Lee, head of delegation, Director"]),
        ([HEAD, ADVISER], [HEAD], ["Taken off: Mr Bo Ek, adviser"]),
        ([HEAD], [("Ms Ada Lee", "head", "")], ["Position of Ms Ada Lee: Director, now none"]),
        ([ADVISER], [("Mr Bo Ek", "alternate", "")], ["Role of Mr Bo Ek: adviser, now alternate"]),
        ([HEAD], [("Ms Ada LEE", "head", "Director")], ["Name: Ms Ada Lee, now Ms Ada LEE"]),
        ([HEAD, ADVISER], [ADVISER, HEAD], ["Another order of the people"]),
        (
            [HEAD],
            [ADVISER],
            ["Added: Mr Bo Ek, adviser", "Taken off: Ms Ada Lee, head of delegation, Director"],
        ),
    ],
)
def test_what_changed_is_said(before: list, after: list, what: list[str]) -> None:
    assert changes(before, after) == what


def test_who_stays_is_the_same_person() -> None:
    assert same_people(["Ms Ada Lee", "Mr Bo Ek"], ["Mr Bo EK", "Ms New", "Ms Ada Lee"]) == {0: 1, 2: 0}


@pytest.mark.parametrize(
    ("noted", "has_copy", "after"),
    [
        (LetterState.ORIGINAL, False, LetterState.ORIGINAL),
        (LetterState.ORIGINAL, True, LetterState.ORIGINAL),
        (LetterState.NOT_REQUIRED, True, LetterState.NOT_REQUIRED),
        (LetterState.NONE, True, LetterState.COPY),
        (LetterState.NONE, False, LetterState.NONE),
    ],
)
def test_a_note_taken_back_leaves_the_copy(noted: LetterState, has_copy: bool, after: LetterState) -> None:
    assert letter_after_noting(noted, has_copy=has_copy) is after


def test_a_copy_is_not_noted_by_hand() -> None:
    with pytest.raises(NotAllowed, match="by uploading"):
        letter_after_noting(LetterState.COPY, has_copy=True)


def test_what_was_recorded_rests_on_evidence_of_the_past() -> None:
    check_received(NOW, now=NOW)
    with pytest.raises(NotAllowed, match="in the future"):
        check_received(NOW + dt.timedelta(seconds=1), now=NOW)
    check_evidence("Note verbale 4")
    with pytest.raises(NotAllowed, match="which letter"):
        check_evidence("  ")
