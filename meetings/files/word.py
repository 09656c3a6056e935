"""A Word document of the secretariat: one look for lists and letters. Words come in as text and are never read as
markup.

Import it where a file is made, not at the top of a module: the library and lxml take 10 MiB of every process, and most
processes (those that send mail, above all) never make one.
"""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FONT = "Times New Roman"
INK = RGBColor(0x14, 0x21, 0x2B)
SIZES = {1: 20, 2: 14, 3: 11.5}


class Paper:
    """Built from top to bottom; `as_bytes` ends it."""

    def __init__(self, title: str, *, author: str, foot: str = "") -> None:
        self.document = Document()
        core = self.document.core_properties
        core.title, core.author, core.language, core.comments = title, author, "en", ""
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.2)
        for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
            _font(self.document.styles[name])
        self.document.styles["Normal"].font.size = Pt(11)
        if foot:
            line = section.footer.paragraphs[0]
            line.add_run(plain(foot)).font.size = Pt(8)

    def heading(self, text: str, *, level: int, centre: bool = False) -> None:
        made = self.document.add_heading(level=level)
        run = made.add_run(plain(text))
        run.font.size, run.font.color.rgb, run.bold = Pt(SIZES[level]), INK, True
        made.paragraph_format.space_before = Pt(18 if level < 3 else 10)
        made.paragraph_format.space_after = Pt(6 if level < 3 else 3)
        if centre:
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def paragraph(
        self,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        centre: bool = False,
        after: float = 8,
        indent: float = 0,
        hang: float = 0,
        keep: bool = False,
    ) -> None:
        """`indent`, `hang`: centimetres of all lines, and of the lines after the first with a tab stop there. `keep`:
        on the page of what follows."""
        made = self.document.add_paragraph()
        run = made.add_run(plain(text))
        run.bold, run.italic = bold, italic
        if indent or hang:
            made.paragraph_format.left_indent = Cm(indent + hang)
        if hang:
            made.paragraph_format.first_line_indent = Cm(-hang)
            made.paragraph_format.tab_stops.add_tab_stop(Cm(indent + hang))
        made.paragraph_format.keep_with_next = keep
        made.paragraph_format.space_after = Pt(after)
        made.paragraph_format.line_spacing = 1.15
        if centre:
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def gap(self) -> None:
        """Some air under what was written last."""
        self.document.paragraphs[-1].paragraph_format.space_after = Pt(8)

    def small(self, text: str) -> None:
        made = self.document.add_paragraph()
        made.add_run(plain(text)).font.size = Pt(9)

    def items(self, lines: Sequence[str]) -> None:
        for line in lines:
            made = self.document.add_paragraph(style="List Number")
            made.add_run(plain(line))
            made.paragraph_format.space_after = Pt(2)
        self.paragraph("", after=0)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float] = ()) -> None:
        """Under a head that each page repeats; without one where it has no word. `widths`: of the columns, cm."""
        table = self.document.add_table(rows=0, cols=len(rows[0]) if rows else len(head))
        table.style = "Table Grid"
        if any(head):
            for cell, word in zip(table.add_row().cells, head, strict=True):
                _fill(cell, word, bold=True)
            _repeat(table.rows[0])
        for row in rows:
            for place, (cell, word) in enumerate(zip(table.add_row().cells, row, strict=True)):
                _fill(cell, word, bold=not any(head) and place == 0)
        table.autofit = not widths
        for place, width in enumerate(widths):
            table.columns[place].width = Cm(width)
            for cell in table.columns[place].cells:
                cell.width = Cm(width)

    def as_bytes(self) -> bytes:
        made = io.BytesIO()
        self.document.save(made)
        return made.getvalue()


def plain(text: str) -> str:
    """Without the control characters that XML does not hold."""
    return ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)


def _font(style: Any) -> None:
    """For letters of every script: Word keeps three fonts of a style."""
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)


def _fill(cell: Any, word: str, *, bold: bool) -> None:
    line = cell.paragraphs[0]
    run = line.add_run(plain(word))
    run.bold, run.font.size = bold, Pt(10)
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)


def _repeat(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
