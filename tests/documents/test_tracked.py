"""The Word document with tracked changes: accept all is the new text, reject all the old one, read from its XML."""

import datetime as dt
import io
import random
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from documents.redline import Passage, redline
from documents.redline_words import shown_label
from documents.tracked import tracked
from tests.documents.test_redline import SENTENCES, A, B, C, D, edited, numbered, passages

AT = dt.datetime(2026, 3, 4, 17, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
Line = tuple[str, str]


def made(old: list[Passage], new: list[Passage]) -> bytes:
    return tracked(
        redline(old, new), title="Policy Guide", head="AHG/2019/2", foot="Office, Bangkok", author="Office", at=AT
    )


def body_of(file: bytes) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read("word/document.xml")).find(qn("w:body"))


def settled(file: bytes, *, accept: bool) -> list[Line]:
    """(style, text) of each paragraph after all changes were accepted, or all rejected, as the format says.

    A paragraph whose end goes is joined with the next, which gives the style.
    """
    stays, goes = (qn("w:ins"), qn("w:del")) if accept else (qn("w:del"), qn("w:ins"))
    lines: list[Line] = []
    carried = ""
    for paragraph in body_of(file).findall(qn("w:p")):
        properties = paragraph.find(qn("w:pPr"))
        text = "".join(
            words.text or ""
            for part in paragraph
            if part.tag in (qn("w:r"), stays)
            for words in part.iter(qn("w:t"), qn("w:delText"))
        )
        if properties is not None and properties.find(f"{qn('w:rPr')}/{goes}") is not None:
            carried += text
            continue
        lines.append((_style(properties, accept=accept), carried + text))
        carried = ""
    assert not carried
    return lines


def _style(properties: etree._Element | None, *, accept: bool) -> str:
    if properties is None:
        return ""
    before = properties.find(f"{qn('w:pPrChange')}/{qn('w:pPr')}")
    chosen = properties if accept or before is None else before
    return chosen.find(qn("w:pStyle")).get(qn("w:val"))


def expected(text: list[Passage]) -> list[Line]:
    lines = []
    for one in text:
        label = shown_label(one)
        style = "Heading2" if one.kind == "heading" else "PortalParagraph"
        lines.append((style, f"{label} {one.text}" if label else one.text))
    return [*lines, ("", "")]


def check(old: list[Passage], new: list[Passage]) -> None:
    file = made(old, new)
    assert settled(file, accept=True) == expected(new)
    assert settled(file, accept=False) == expected(old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (passages("#Purpose", A, B), passages("#Purpose", A, B)),
        (passages("#Purpose", A, B), passages("#Purpose and scope", A.replace("shall", "should"), D, B)),
        (passages(A, B, C), passages(A, C)),
        (passages(A, B), passages(A)),
        (passages(A, B, C, D), passages(B, C, D, A.replace("shall", "should"))),
        (passages(f"{A} {B}", C), passages(A, B, C)),
        (passages(A, B, C), passages(f"{A} {B}", C)),
        (passages("#Scope of this guide", A), passages("Scope of this guide", A)),
        ([], passages(A)),
        (passages(A), []),
    ],
    ids=["same", "changed", "deleted", "last-deleted", "moved", "split", "merged", "kind", "all-new", "all-gone"],
)
def test_accept_all_is_the_new_text_and_reject_all_the_old(old: list[Passage], new: list[Passage]) -> None:
    check(old, new)


ROWS = st.lists(
    st.tuples(st.sampled_from(["heading", "paragraph", "paragraph"]), st.sampled_from(["", "1.", "(a)"]), SENTENCES),
    max_size=10,
)


@given(ROWS, ROWS)
@settings(max_examples=60, deadline=None)
def test_any_two_texts_come_back(one: list[tuple[str, str, str]], other: list[tuple[str, str, str]]) -> None:
    check(numbered(one), numbered(other))


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_an_edited_text_comes_back(rows: list[tuple[str, str, str]], chance: random.Random) -> None:
    check(numbered(rows), numbered(edited(rows, chance)))


def test_each_change_names_the_secretariat_and_the_time() -> None:
    body = body_of(made(passages("Heading words", A, B), passages("#Heading words", A.replace("shall", "should"), C)))
    found = list(body.iter(qn("w:ins"), qn("w:del"), qn("w:pPrChange")))
    assert len(found) >= 6
    assert {one.get(qn("w:author")) for one in found} == {"Office"}
    assert {one.get(qn("w:date")) for one in found} == {"2026-03-04T10:30:00Z"}
    assert len({one.get(qn("w:id")) for one in found}) == len(found)


def test_equal_texts_have_no_tracked_change() -> None:
    body = body_of(made(passages("#Purpose", A), passages("#Purpose", A)))
    assert list(body.iter(qn("w:ins"), qn("w:del"), qn("w:pPrChange"))) == []


def test_paragraphs_are_numbered_by_a_list_of_words_own() -> None:
    document = Document(io.BytesIO(made([], passages("#Purpose", A, B))))
    style = document.styles["Portal Paragraph"]
    number = style.element.pPr.numPr.numId.val
    numbering = document.part.numbering_part.element
    of_list = numbering.num_having_numId(number).abstractNumId.val
    (levels,) = (
        one for one in numbering.findall(qn("w:abstractNum")) if int(one.get(qn("w:abstractNumId"))) == of_list
    )
    assert levels.find(f"{qn('w:lvl')}/{qn('w:lvlText')}").get(qn("w:val")) == "%1."
    assert [one.style.name for one in document.paragraphs] == [
        "Heading 2",
        "Portal Paragraph",
        "Portal Paragraph",
        "Normal",
    ]


def test_a_label_that_repeats_the_number_is_not_printed_twice() -> None:
    (old,) = passages(A, label="1.")
    assert settled(made([old], [old]), accept=True)[0] == ("PortalParagraph", A)


def test_text_is_never_markup_and_no_character_breaks_the_file() -> None:
    text = "</w:t> & <w:r/> \ufffe \x0b"
    assert settled(made([], passages(text)), accept=True)[0][1] == "</w:t> & <w:r/> \ufffd \ufffd"
