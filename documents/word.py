"""Headings and paragraphs of a Word document.

Two passes over the text part. The first one (here) notes what mammoth does not tell: the number that Word generates for
each paragraph, which styles are headings, where tables, notes, tracked changes and the like stand; and it takes those
out, so that they cannot leak into the text. The second is mammoth's, which knows how text is put together in this
format; its HTML is cleaned by nh3 to paragraphs and marks. The mark `portal-7` joins the two passes.

Pure, no Django. The file has passed the gate.
"""

import io
import re
import zipfile
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import mammoth
import nh3

from documents.archive import main_part, read_part
from documents.enums import ParagraphKind
from documents.left_out import Event, Place, Thing, sentences
from documents.numbering import Lists, W, value_of
from documents.paragraphs import LABEL_LENGTH, Block, Draft, checked, clean, looks_like_heading, numbered, split_label
from documents.refusal import Refused

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MARK = "portal-"
_HEADING_NAME = re.compile(r"^(heading [1-9]|title|subtitle)$", re.I)
_CONTENTS_NAME = re.compile(r"^(toc [1-9]|toc heading|table of figures)$", re.I)
_OFF = ("0", "false", "off", "none")
_REFERENCES = {
    W + "footnoteReference": Thing.FOOTNOTE,
    W + "endnoteReference": Thing.ENDNOTE,
    W + "commentReference": Thing.COMMENT,
    _MATH + "oMath": Thing.FORMULA,
}
_DRAWN = {W + "drawing", W + "pict", W + "object", _MC + "AlternateContent"}
_INSERTED = {W + "ins", W + "moveTo"}
_DELETED = {W + "del", W + "moveFrom"}
_UNWRAPPED = {W + "fldSimple", W + "dir", W + "bdo"}
"""Around text that counts; mammoth would drop it."""
_STAND_INS = {W + "cr": W + "br", W + "ptab": W + "tab"}
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": _MATH[1:-1].encode(),
}
"""Names of the strict form of the format, and of the usual one."""
_BLOCK_WRAPPERS = {W + "sdt", W + "sdtContent", W + "customXml", W + "smartTag", *_INSERTED}


@dataclass(frozen=True)
class Style:
    """What a paragraph style says, its ancestors included."""

    name: str = ""
    is_heading: bool = False
    num: str = ""
    level: str = ""


@dataclass
class Note:
    """What the first pass knows of a paragraph."""

    label: str = ""
    is_heading: bool = False
    is_bold: bool = False


@dataclass
class _Walk:
    """The first pass: goes through the body in order, changing it and keeping notes."""

    styles: dict[str, Style]
    default_style: str
    lists: Lists
    notes: list[Note] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def body(self, parent: Element) -> None:
        for child in list(parent):
            if child.tag == W + "p":
                self.paragraph(parent, child)
            elif child.tag == W + "tbl":
                self.met(Thing.TABLE, is_between=True)
                self.count_only(child)
                parent.remove(child)
            elif child.tag == W + "sdt" and self._is_contents(child):
                self.met(Thing.CONTENTS, is_between=True)
                parent.remove(child)
            elif child.tag in _BLOCK_WRAPPERS:
                self.body(child)
            elif child.tag in _DELETED:
                self.met(Thing.DELETION, is_between=True)
                parent.remove(child)
            elif child.find(f".//{W}t") is not None or child.find(f".//{W}p") is not None:
                self.met(Thing.OTHER, is_between=True)
                parent.remove(child)

    def met(self, thing: Thing, *, is_between: bool = False) -> None:
        self.events.append(Event(len(self.notes), thing, is_between))

    def count_only(self, table: Element) -> None:
        """Paragraphs in a table advance the lists as any other, although they are not shown."""
        for paragraph in table.iter(W + "p"):
            self._label(paragraph.find(W + "pPr"))

    def _is_contents(self, block: Element) -> bool:
        properties = block.find(W + "sdtPr")
        parts = list(properties.iter(W + "docPartGallery")) if properties is not None else []
        return any(part.get(W + "val") == "Table of Contents" for part in parts)

    def _style(self, properties: Element | None) -> Style:
        return self.styles.get(value_of(properties, "pStyle") or self.default_style, Style())

    def paragraph(self, parent: Element, paragraph: Element) -> None:
        properties = paragraph.find(W + "pPr")
        style = self._style(properties)
        if _CONTENTS_NAME.match(style.name):
            if not self.events or self.events[-1] != Event(len(self.notes), Thing.CONTENTS, True):
                self.met(Thing.CONTENTS, is_between=True)
            parent.remove(paragraph)
            return
        note = Note(label=self._label(properties), is_heading=style.is_heading)
        outline = value_of(properties, "outlineLvl")
        if outline:
            note.is_heading = outline in "012345678"
        mark = properties.find(W + "rPr") if properties is not None else None
        is_merged = mark is not None and any(mark.find(tag) is not None for tag in _DELETED)
        if is_merged:
            self.met(Thing.DELETION)
        self.inside(paragraph)
        note.is_bold = _all_bold(paragraph)
        self._put_mark(paragraph, properties, is_merged)
        self.notes.append(note)

    def _put_mark(self, paragraph: Element, properties: Element | None, is_merged: bool) -> None:
        """Blank properties (mammoth shall see neither lists nor styles) and the mark that names the paragraph."""
        if properties is not None:
            paragraph.remove(properties)
        if is_merged:
            # The end of this paragraph was deleted: mammoth joins it to the next one, whose mark then counts.
            blank = Element(W + "pPr")
            SubElement(SubElement(blank, W + "rPr"), W + "del")
            paragraph.insert(0, blank)
            return
        paragraph.insert(0, Element(W + "bookmarkStart", {W + "name": f"{_MARK}{len(self.notes)}"}))

    def _label(self, properties: Element | None) -> str:
        own = properties.find(W + "numPr") if properties is not None else None
        style_id = value_of(properties, "pStyle") or self.default_style
        style = self._style(properties)
        num = value_of(own, "numId") or style.num
        if num in ("", "0"):
            return ""
        level = value_of(own, "ilvl") or style.level or str(self.lists.level_of_style(num, style_id))
        label = self.lists.next_label(num, int(level) if level.isdecimal() else 0)
        if label is None:
            self.met(Thing.NUMBER)
        return label or ""

    def inside(self, parent: Element) -> None:
        """Inside a paragraph: note what is not carried over and take it out."""
        for child in list(parent):
            if child.tag in _DRAWN:
                self._drawn(parent, child)
            elif child.tag in _DELETED:
                if any(True for _ in child.iter(W + "r")):
                    self.met(Thing.DELETION)
                parent.remove(child)
            elif child.tag in _REFERENCES:
                self.met(_REFERENCES[child.tag])
                parent.remove(child)
            elif child.tag == W + "bookmarkStart":
                parent.remove(child)
            elif child.tag == W + "r" and _is_on(child.find(W + "rPr"), "vanish"):
                if _has_text(child):
                    self.met(Thing.HIDDEN)
                _drop_text(child)
                self.inside(child)
            elif child.tag not in (W + "pPr", W + "rPr"):
                self._passage(child)
                self.inside(child)

    def _passage(self, child: Element) -> None:
        if child.tag in _INSERTED and any(True for _ in child.iter(W + "r")):
            self.met(Thing.INSERTION)
        if child.tag == W + "hyperlink":
            for key in [key for key in child.attrib if key.endswith(("}id", "}anchor"))]:
                del child.attrib[key]
        if child.tag == W + "r" and _has_text(child):
            marks = child.find(W + "rPr")
            if _is_on(marks, "strike") or _is_on(marks, "dstrike"):
                self.met(Thing.STRUCK)

    def _drawn(self, parent: Element, child: Element) -> None:
        """A picture or a text box; alternatives of one thing count once, and other alternatives stay."""
        names = {one.tag for one in child.iter()}
        if W + "txbxContent" in names:
            self.met(Thing.TEXT_BOX)
        elif names & {W + "drawing", W + "pict", W + "object"}:
            self.met(Thing.PICTURE)
        else:
            self.inside(child)
            return
        parent.remove(child)


def _is_on(properties: Element | None, tag: str) -> bool:
    found = properties.find(W + tag) if properties is not None else None
    return found is not None and found.get(W + "val", "1") not in _OFF


def _has_text(run: Element) -> bool:
    return any((one.text or "").strip() for one in run.iter(W + "t"))


def _drop_text(run: Element) -> None:
    for tag in ("t", "sym", "noBreakHyphen"):
        for one in run.findall(W + tag):
            run.remove(one)


def _all_bold(paragraph: Element) -> bool:
    runs = [run for run in paragraph.iter(W + "r") if _has_text(run)]
    return bool(runs) and all(_is_on(run.find(W + "rPr"), "b") for run in runs)


def read_styles(root: Element | None) -> tuple[dict[str, Style], str]:
    """Paragraph styles by id with what they inherit, and the id of the default one."""
    found = {one.get(W + "styleId", ""): one for one in root.iter(W + "style")} if root is not None else {}
    default = next((k for k, one in found.items() if one.get(W + "type") == "paragraph" and one.get(W + "default")), "")

    def resolve(key: str, seen: frozenset[str]) -> Style:
        one = found.get(key)
        if one is None or key in seen:
            return Style()
        base = resolve(value_of(one, "basedOn"), seen | {key})
        properties = one.find(W + "pPr")
        numbers = properties.find(W + "numPr") if properties is not None else None
        outline = value_of(properties, "outlineLvl")
        name = value_of(one, "name")
        is_heading = outline in "012345678" if outline else bool(_HEADING_NAME.match(name)) or base.is_heading
        num = value_of(numbers, "numId") or base.num
        return Style(name, is_heading, num, value_of(numbers, "ilvl") or base.level)

    return {key: resolve(key, frozenset()) for key in found}, default


class _Paragraphs(HTMLParser):
    """Mammoth's cleaned HTML: for each paragraph the mark of the first pass and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.mark = -1
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("id") or ""
        if tag == "p":
            self.mark, self.text = -1, []
        elif tag == "br":
            self.text.append(" ")
        elif name.startswith(_MARK):
            self.mark = int(name.removeprefix(_MARK))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.found.append((self.mark, clean("".join(self.text))))


def _mammoth(root: Element) -> tuple[list[tuple[int, str]], list[Thing]]:
    """The second pass: texts by mark, and what mammoth itself says it left out."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("word/document.xml", ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
    package.seek(0)
    made = mammoth.convert_to_html(
        package, style_map="p => p:fresh", include_default_style_map=False, include_embedded_style_map=False
    )
    html = nh3.clean(made.value, tags={"p", "a", "br"}, attributes={"a": {"id"}}, link_rel=None)
    reader = _Paragraphs()
    reader.feed(html)
    reader.close()
    things = []
    for message in {str(one.message) for one in made.messages}:
        if "w:sym" in message:
            things.append(Thing.SYMBOL)
        elif "unrecognised element was ignored: w:" in message:
            things.append(Thing.OTHER)
    return reader.found, things


def _block(note: Note, text: str) -> Block:
    label, rest = note.label, text
    if len(label) > LABEL_LENGTH:
        label, rest = "", f"{label} {text}"
    elif not label:
        label, rest = split_label(text)
    is_list = label and not label[0].isalnum()
    is_heading = note.is_heading or (not is_list and looks_like_heading(text, is_marked=note.is_bold))
    kind = ParagraphKind.HEADING if is_heading else ParagraphKind.PARAGRAPH
    return Block(kind.value, label, rest)


def _places(at: list[int], blocks: tuple[Block, ...]) -> Callable[[int, bool], Place]:
    """From the position in the file to the portal's number."""
    inside = dict(zip(at, (block.number for block in blocks), strict=True))
    paragraphs = [where for where in at if inside[where]]

    def place_of(where: int, is_between: bool) -> Place:
        number = inside.get(where)
        if number is not None and not is_between:
            return Place(True, number)
        return Place(False, bisect_left(paragraphs, where))

    return place_of


def _parsed(archive: zipfile.ZipFile, path: str) -> Element:
    data = read_part(archive, path)
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual)
    # The gate has let no DOCTYPE through, so there are no entities that could grow or fetch.
    return ElementTree.fromstring(data)  # noqa: S314


def _prepared(root: Element) -> Element:
    """The text part with plain wrappers taken away from around the text they hold."""
    if root.tag != W + "document":
        raise Refused("The text of this Word document is in a form that is not known. Save it again in Word as .docx.")
    for parent in list(root.iter()):
        parent.tag = _STAND_INS.get(parent.tag, parent.tag)
        while any(child.tag in _UNWRAPPED for child in parent):
            parent[:] = [one for child in parent for one in (child if child.tag in _UNWRAPPED else [child])]
    return root


def _has_margins(archive: zipfile.ZipFile) -> bool:
    names = [name for name in archive.namelist() if re.fullmatch(r"word/(header|footer)\d*\.xml", name)]
    return any(_has_text(_parsed(archive, name)) for name in names)


def _part(archive: zipfile.ZipFile, main: str, name: str) -> Element | None:
    path = f"{main.rpartition('/')[0]}/{name}".lstrip("/")
    return _parsed(archive, path) if path in archive.namelist() else None


def from_word(path: Path) -> Draft:
    """Headings, paragraphs and what was left out of a Word document. Raises Refused when there is no text."""
    with zipfile.ZipFile(path) as archive:
        main = main_part(archive)
        root = _prepared(_parsed(archive, main))
        styles, default = read_styles(_part(archive, main, "styles.xml"))
        walk = _Walk(styles, default, Lists.read(_part(archive, main, "numbering.xml")))
        has_margins = _has_margins(archive)
    for body in root.iter(W + "body"):
        walk.body(body)
    found, things = _mammoth(root)
    # Text without a mark did not go through the first pass: it is told, not shown.
    things += [Thing.OTHER for mark, text in found if text and mark < 0]
    kept = [(mark, text) for mark, text in found if text and mark >= 0]
    blocks = numbered(_block(walk.notes[mark], text) for mark, text in kept)
    events = walk.events + [Event(len(walk.notes), thing) for thing in things]
    if has_margins:
        events.append(Event(len(walk.notes), Thing.MARGIN))
    left_out = sentences(events, _places([mark for mark, _ in kept], blocks))
    return checked(Draft(blocks, tuple(left_out)))
