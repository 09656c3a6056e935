"""The new version as a Word document in which the changes against the old one are tracked, as Word itself does.

Accept all gives the new text, reject all the old one. The portal's numbers are a list of Word's, so that they follow by
themselves in either case. A move is a deletion and an insertion: Word's moves cannot hold changed words, and other
programs read them in different ways.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor

from documents.enums import ParagraphKind
from documents.redline import Change, Departure, Passage, Run, RunKind, laid_out
from documents.redline_words import shown_label

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT, INK = "Times New Roman", RGBColor(0x14, 0x22, 0x2C)
HEADING, NUMBERED = "Heading 2", "Portal Paragraph"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIST = """<w:abstractNum {} w:abstractNumId="{}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">
<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>
<w:pPr><w:tabs><w:tab w:val="num" w:pos="709"/></w:tabs><w:ind w:left="709" w:hanging="709"/></w:pPr></w:lvl>
</w:abstractNum>"""


@dataclass
class _Line:
    """A paragraph of the Word document. `mark` says what becomes of its end; `kind` and `was_kind` of its style."""

    runs: list[Run] = field(default_factory=list)
    mark: RunKind = RunKind.KEPT
    kind: str = ParagraphKind.PARAGRAPH.value
    was_kind: str = ""


def tracked(
    changes: Sequence[Change], *, title: str, head: str, foot: str, author: str, at: dt.datetime, language: str = "en"
) -> bytes:
    """The Word document. `author` and `at` stand at each change; `head` and `foot` on each page, outside the text."""
    document = Document()
    core = document.core_properties
    core.title, core.author, core.language, core.comments = _plain(title), _plain(author), language, ""
    core.last_modified_by = _plain(author)
    core.created = core.modified = at.astimezone(dt.UTC).replace(tzinfo=None)
    _page(document, head, foot)
    _styles(document)
    pen = _Pen(author, at)
    body = document.element.body
    for line in _lines(changes):
        body.insert(len(body) - 1, pen.paragraph(line))
    body.insert(len(body) - 1, OxmlElement("w:p"))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _lines(changes: Sequence[Change]) -> Iterator[_Line]:
    for item in laid_out(changes):
        if isinstance(item, Departure):
            for one in item.change.old:
                yield _one_sided(one, RunKind.DELETED)
        elif item.is_moved or not item.old:
            for one in item.new:
                yield _one_sided(one, RunKind.INSERTED)
        elif not item.new:
            yield _one_sided(item.old[0], RunKind.DELETED)
        else:
            yield from _stayed(item)


def _one_sided(passage: Passage, kind: RunKind) -> _Line:
    """A paragraph that came or went as a whole, its end with it."""
    return _Line([*_label(passage, kind), Run(kind, passage.text)], kind, passage.kind)


def _stayed(change: Change) -> Iterator[_Line]:
    """A paragraph that stayed in its place, cut where it was split or where paragraphs were merged.

    The end of the whole stays. An inserted end closes a paragraph of the new text, a deleted one that of the old.
    """
    old, new = list(change.old), list(change.new)
    same = _label(old[0], RunKind.KEPT) == _label(new[0], RunKind.KEPT)
    line = _Line(
        _label(old[0], RunKind.KEPT) if same else [*_label(old[0], RunKind.DELETED), *_label(new[0], RunKind.INSERTED)]
    )
    for run in change.runs:
        first, *rest = run.text.split("\n")
        line.runs.append(Run(run.kind, first))
        for piece in rest:
            side = new if run.kind == RunKind.INSERTED else old
            line.mark, line.kind = run.kind, side.pop(0).kind
            yield line
            line = _Line([*_label(side[0], run.kind), Run(run.kind, piece)])
    line.kind, line.was_kind = new[0].kind, old[0].kind
    yield line


def _label(passage: Passage, kind: RunKind) -> list[Run]:
    """The number that stands in the file, unless Word's list prints the same one."""
    label = shown_label(passage)
    return [Run(kind, f"{label} ")] if label else []


class _Pen:
    """Writes paragraphs; each tracked change has its own number."""

    def __init__(self, author: str, at: dt.datetime) -> None:
        self.author, self.at, self.count = _plain(author), at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), 0

    def change(self, tag: str) -> BaseOxmlElement:
        self.count += 1
        made = OxmlElement(tag)
        made.set(qn("w:id"), str(self.count))
        made.set(qn("w:author"), self.author)
        made.set(qn("w:date"), self.at)
        return made

    def paragraph(self, line: _Line) -> BaseOxmlElement:
        made = OxmlElement("w:p")
        properties = _style(line.kind)
        made.append(properties)
        if line.mark != RunKind.KEPT:
            mark = OxmlElement("w:rPr")
            mark.append(self.change("w:ins" if line.mark == RunKind.INSERTED else "w:del"))
            properties.append(mark)
        if line.was_kind and line.was_kind != line.kind:
            before = self.change("w:pPrChange")
            before.append(_style(line.was_kind))
            properties.append(before)
        for run in line.runs:
            if run.text:
                made.append(self.run(run))
        return made

    def run(self, run: Run) -> BaseOxmlElement:
        made, text = OxmlElement("w:r"), OxmlElement("w:delText" if run.kind == RunKind.DELETED else "w:t")
        text.text = _plain(run.text)
        text.set(qn("xml:space"), "preserve")
        made.append(text)
        if run.kind == RunKind.KEPT:
            return made
        around = self.change("w:ins" if run.kind == RunKind.INSERTED else "w:del")
        around.append(made)
        return around


def _style(kind: str) -> BaseOxmlElement:
    made, style = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
    style.set(qn("w:val"), "Heading2" if kind == ParagraphKind.HEADING else "PortalParagraph")
    made.append(style)
    return made


def _page(document: DocxDocument, head: str, foot: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)
    for part, words in ((section.header, head), (section.footer, foot)):
        part.paragraphs[0].add_run(_plain(words)).font.size = Pt(9)


def _styles(document: DocxDocument) -> None:
    """The look of text and headings, and the list that numbers the paragraphs."""
    styles = document.styles
    numbered = styles.add_style(NUMBERED, 1)
    numbered.base_style = styles["Normal"]
    for name, size in (("Normal", 11), (HEADING, 13)):
        font = styles[name].font
        font.name, font.size, font.color.rgb = FONT, Pt(size), INK
        fonts = styles[name].element.rPr.rFonts
        for which in ("w:eastAsia", "w:cs", "w:hAnsi"):
            fonts.set(qn(which), FONT)
        for which in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(which), None)
    styles[HEADING].paragraph_format.space_before = Pt(16)
    styles[HEADING].paragraph_format.space_after = Pt(6)
    numbered.paragraph_format.space_after = Pt(8)
    numbered.paragraph_format.line_spacing = 1.15
    numbered.element.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = _list(document)


def _list(document: DocxDocument) -> int:
    numbering = document.part.numbering_part.element
    known = [int(one.get(qn("w:abstractNumId"))) for one in numbering.findall(qn("w:abstractNum"))]
    number = max(known, default=0) + 1
    made = parse_xml(_LIST.format(nsdecls("w"), number))
    numbering.insert(len(known), deepcopy(made))
    return int(numbering.add_num(number).numId)


def _plain(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
