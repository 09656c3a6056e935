"""PDFs: text goes in as data, every character has its glyph, the file is tagged."""

import re
from functools import cache

import pytest
import yaml
from fontTools.ttLib import TTFont

from documents.printing import FONTS, pdf
from tests.test_architecture import ROOT

DATA = {
    "title": "Evidence of notice",
    "author": "Secretariat",
    "line": "HF/2026/1",
    "lede": "Guide",
    "facts": [["Deadline", "Monday"]],
    "notes": [],
    "tables": [{"title": "T", "head": ["To", "What"], "widths": [1, 2], "empty": "none", "rows": [["a", "b"]]}],
    "foot": "Foot",
}
MARKUP = ["#panic()", "$ x", "*b", "= h", "@ref", "<label>", '#read("/fonts/OFL.txt")', "```", "\\", "//"]


@cache
def covered() -> set[int]:
    """Code points for which the portal's own fonts have a glyph."""
    return {point for path in FONTS.glob("*.ttf") for point in TTFont(path).getBestCmap()}


def missing(text: str) -> set[str]:
    return {one for one in set(text) if ord(one) not in covered() and not one.isspace()}


def test_it_is_a_tagged_pdf_with_language_and_title() -> None:
    made = pdf("record", DATA)
    assert made.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in made
    assert b"/Marked true" in made
    assert re.search(rb"/Lang\s*\(en\)", made)
    assert b"pdfuaid:part" in made


@pytest.mark.parametrize("text", MARKUP)
def test_data_is_never_read_as_markup(text: str) -> None:
    tables = [{**DATA["tables"][0], "rows": [[text, text]], "title": text, "head": [text, text]}]  # type: ignore[index]
    data = {**DATA, "title": text, "lede": text, "notes": [text], "facts": [[text, text]], "tables": tables}
    assert pdf("record", data).startswith(b"%PDF")


def test_the_fonts_hold_latin_thai_and_arabic() -> None:
    assert not missing("Türkiye, Côte d’Ivoire – “quoted” … Łódź Đà Nẵng ประเทศไทย กรุงเทพฯ العربية إندونيسيا")


def test_twin_a_script_without_a_font_is_found() -> None:
    assert missing("日") == {"日"}


def test_every_name_of_the_forum_can_be_printed() -> None:
    paths = sorted((ROOT / "forum").rglob("*.yaml"))
    assert len(paths) > 3
    words = " ".join(str(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in paths)
    assert not missing(words)
