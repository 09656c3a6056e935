"""Life of a document: every step from every state."""

import pytest

from documents import rules
from documents.enums import DocumentState as S

ALLOWED = {
    (S.DRAFTING, S.CIRCULATED),
    (S.CIRCULATED, S.DRAFTING),
    (S.CIRCULATED, S.ENDORSED),
    (S.ENDORSED, S.CIRCULATED),
    (S.ENDORSED, S.PUBLISHED),
    (S.ENDORSED, S.SUPERSEDED),
    (S.PUBLISHED, S.SUPERSEDED),
}


@pytest.mark.parametrize("old", S)
@pytest.mark.parametrize("new", S)
def test_move(old: S, new: S) -> None:
    if old == new or (old, new) in ALLOWED:
        assert rules.move(old.value, new.value) == new.value
    else:
        with pytest.raises(rules.NotAllowed, match=f"{old.value} does not become {new.value}"):
            rules.move(old.value, new.value)


@pytest.mark.parametrize(
    ("state", "takes"),
    [(S.DRAFTING, True), (S.CIRCULATED, True), (S.ENDORSED, False), (S.PUBLISHED, False), (S.SUPERSEDED, False)],
)
def test_takes_versions(state: S, takes: bool) -> None:
    assert rules.takes_versions(state.value) is takes


@pytest.mark.parametrize("symbol", ["AHG/2019/2", "TEG-RR/2019/2", "A", "BP/INT/2019/2.Rev1", "x" * 40])
def test_is_symbol(symbol: str) -> None:
    assert rules.is_symbol(symbol)


@pytest.mark.parametrize(
    "symbol", ["", "/A", "A/", "A//B", "A B", "A_B", "A\nB", "Ä/1", "A/1\n", "../A", "x" * 41, "<b>", "٣/1"]
)
def test_is_no_symbol(symbol: str) -> None:
    assert not rules.is_symbol(symbol)


@pytest.mark.parametrize(
    ("left_out", "confirmed", "needs"), [([], False, False), (["1 table"], False, True), (["1 table"], True, False)]
)
def test_needs_confirmation(left_out: list[str], confirmed: bool, needs: bool) -> None:
    assert rules.needs_confirmation(left_out, is_confirmed=confirmed) is needs
