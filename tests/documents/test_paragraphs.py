"""Plain text and the parts that both readers share: labels, headings, numbers, the canonical form."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import paragraphs as p
from documents.enums import ParagraphKind
from documents.refusal import Refused

HEADING, PARAGRAPH = ParagraphKind.HEADING.value, ParagraphKind.PARAGRAPH.value


def shown(text: str) -> list[tuple[int | None, str, str]]:
    return [(one.number, one.label, one.text) for one in p.from_plain_text(text).blocks]


@pytest.mark.parametrize(
    ("text", "label", "rest"),
    [
        ("1. The members agree", "1.", "The members agree"),
        ("2) The members agree", "2)", "The members agree"),
        ("(3) The members agree", "(3)", "The members agree"),
        ("(a) the scope", "(a)", "the scope"),
        ("b. the scope", "b.", "the scope"),
        ("iv) the scope", "iv)", "the scope"),
        ("(xii) the scope", "(xii)", "the scope"),
        ("A. Purpose", "A.", "Purpose"),
        ("12.3 The members agree", "12.3", "The members agree"),
        ("12.3. the members agree", "12.3.", "the members agree"),
        ("1.2.3.4 Scope", "1.2.3.4", "Scope"),
        ("– a dash", "–", "a dash"),
        ("• a bullet", "•", "a bullet"),
        # No labels: figures, years, words
        ("12.3 million people moved", "", "12.3 million people moved"),
        ("12 members attended", "", "12 members attended"),
        ("2019. A year", "", "2019. A year"),
        ("1.", "", "1."),
        ("(a)", "", "(a)"),
        ("-5 degrees", "", "-5 degrees"),
        ("mixed. Words", "", "mixed. Words"),
        ("e.g. this", "", "e.g. this"),
        ("The members agree", "", "The members agree"),
    ],
)
def test_split_label(text: str, label: str, rest: str) -> None:
    assert p.split_label(text) == (label, rest)


def test_from_plain_text_numbers_paragraphs_and_keeps_labels() -> None:
    text = """Policy Guide on Return

A. PURPOSE

1. This guide helps members
   to organise returns.

B. Scope

It covers:
(a) voluntary return;
(b) reintegration; and
(c) monitoring.

12.3 The members meet again.
"""
    assert shown(text) == [
        (None, "", "Policy Guide on Return"),
        (None, "A.", "PURPOSE"),
        (1, "1.", "This guide helps members to organise returns."),
        (None, "B.", "Scope"),
        (2, "", "It covers:"),
        (3, "(a)", "voluntary return;"),
        (4, "(b)", "reintegration; and"),
        (5, "(c)", "monitoring."),
        (6, "12.3", "The members meet again."),
    ]


def test_from_plain_text_joins_a_wrapped_line_that_begins_with_a_number() -> None:
    assert shown("The members agreed on article\n12. of the guide.") == [
        (1, "", "The members agreed on article 12. of the guide.")
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_from_plain_text_takes_any_line_end(line_end: str) -> None:
    assert shown(f"One.{line_end}{line_end}Two{line_end}lines.") == [(1, "", "One."), (2, "", "Two lines.")]


def test_from_plain_text_takes_the_last_block_for_a_paragraph() -> None:
    assert shown("One.\n\nTHE END") == [(1, "", "One."), (2, "", "THE END")]


def test_from_plain_text_takes_a_single_line_for_a_paragraph() -> None:
    assert shown("The parties agree") == [(1, "", "The parties agree")]


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("PURPOSE AND SCOPE", True),
        ("CO-CHAIRS’ STATEMENT", True),
        ("A. Purpose", True),
        ("1. Terms of reference", True),
        ("II. Background", True),
        ("1. The members agree.", False),
        ("PURPOSE:", False),
        ("1. members agree to a longer sentence", False),
        ("1. Members agree to hold one more meeting of experts on the subject in the coming year", False),
        ("The members agree", False),
        ("• Bullet", False),
        ("– Purpose", False),
        ("2019", False),
        ("X" * 200, False),
    ],
)
def test_from_plain_text_tells_headings(line: str, is_heading: bool) -> None:
    kinds = [one.kind for one in p.from_plain_text(f"First.\n\n{line}\n\nText.").blocks]
    assert kinds[1] == (HEADING if is_heading else PARAGRAPH)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\u00a0b\u202fc\u2003d", "a b c d"),
        ("Re\u0301sume\u0301", "Résumé"),
        ("co\u00adoperation", "cooperation"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("  a \t b\n", "a b"),
        ("\ufeffa\u200bb", "ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_clean(raw: str, clean: str) -> None:
    assert p.clean(raw) == clean


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "holds no text"),
        ("\u200b\n\n\u200b", "holds no text"),
        ("x.\n\n" * 5_001, "more than 5,000 paragraphs"),
        ("word " * 400_001 + ".", "more than 2,000,000 characters"),
    ],
)
def test_from_plain_text_refuses(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        p.from_plain_text(text)


def test_canonical_text_is_number_tab_label_tab_text() -> None:
    blocks = [(None, "A.", "Purpose"), (1, "", "Résumé."), (2, "(a)", "x")]
    assert p.canonical_text(blocks) == "\tA.\tPurpose\n1\t\tRésumé.\n2\t(a)\tx\n".encode()
    assert p.text_sha256(blocks) == hashlib.sha256(p.canonical_text(blocks)).hexdigest()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)
DRAFTS = st.lists(WORDS, min_size=1, max_size=12).map("\n\n".join)


@given(DRAFTS)
def test_plain_text_invariants(text: str) -> None:
    try:
        draft = p.from_plain_text(text)
    except Refused:
        return
    numbers = [one.number for one in draft.blocks if one.kind == PARAGRAPH]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(one.number is None for one in draft.blocks if one.kind == HEADING)
    for one in draft.blocks:
        assert one.text
        assert one.text == p.clean(one.text)
        assert unicodedata.is_normalized("NFC", one.text)
        assert len(one.label) <= p.LABEL_LENGTH
        assert not set("\t\n\x00") & set(one.label + one.text)


@given(DRAFTS)
def test_no_letter_is_lost_or_added(text: str) -> None:
    try:
        draft = p.from_plain_text(text)
    except Refused:
        return
    kept = "".join(one.label + one.text for one in draft.blocks)
    letters = [c for c in p.clean(text.replace("\u2028", " ").replace("\u2029", " ")) if not c.isspace()]
    assert "".join(kept.split()) == "".join(letters) or unicodedata.normalize("NFC", text) != text


@given(DRAFTS, st.sampled_from(["\n", "\r\n"]), st.integers(1, 3))
def test_more_blank_lines_change_nothing(text: str, line_end: str, more: int) -> None:
    tidy = "\n\n".join(clean for piece in text.split("\n\n") if (clean := p.clean(piece)))
    try:
        draft = p.from_plain_text(tidy)
    except Refused:
        return
    assert p.from_plain_text(tidy.replace("\n\n", line_end * (1 + more)) + line_end).blocks == draft.blocks


@given(st.lists(st.tuples(st.none() | st.integers(1, 99), st.text("ab\t", max_size=3), st.text("xy", max_size=3))))
def test_canonical_text_has_one_line_for_each(blocks: list[tuple[int | None, str, str]]) -> None:
    assert p.canonical_text(blocks).count(b"\n") == len(blocks)
