"""The inside of a Word file as a stranger may have made it: ZIP directory, content types, relationships, XML.

Every part is read at most to the size its directory states, and XML goes through a reader that builds nothing and stops
at a DOCTYPE. Pure, no Django.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NoReturn
from xml.parsers import expat

from documents.refusal import Refused

MAX_ENTRIES = 2_000
MAX_DIRECTORY = 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_XML = 30 * 1024 * 1024
MAX_RATIO = 150
RATIO_FROM = 256 * 1024
"""Under this size a part may shrink as far as it likes: blank XML does."""
MAX_DEPTH = 120
MAX_ELEMENTS = 1_500_000

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DANGEROUS_TYPE = re.compile(r"macroenabled|vbaproject|vbadata|oleobject|activex|ms-office\.control", re.I)
_DANGEROUS_NAME = re.compile(
    r"vbaproject|vbadata|(^|/)activex/|(^|/)embeddings/|(?<!printersettings)(?<!printersettings\d)\.bin$"
    r"|\.(exe|dll|scr|js|vbs|hta|lnk)$",
    re.I,
)
_DANGEROUS_KIND = re.compile(r"/(vbaProject|oleObject|package|control|aFChunk|subDocument|attachedToolbars)$", re.I)
_FETCHING_FIELD = re.compile(
    r"^\s*(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|INCLUDE|LINK|IMPORT|DATABASE|RD|MACROBUTTON|EMBED)\b", re.I
)
_LINK = re.compile(r"^(https?://|mailto:|#)", re.I)
_OLE = b"\xd0\xcf\x11\xe0"
_BAD_XML = (expat.ExpatError, LookupError, ValueError)
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, RuntimeError, *_BAD_XML)
"""All that the ZIP reader of the standard library raises over a broken archive (NotImplementedError included)."""


def _damaged() -> NoReturn:
    raise Refused("This Word document is damaged or incomplete. Open it in Word, save it again and upload that file.")


def check_archive(file: BinaryIO) -> None:
    """Raises Refused unless the file is a Word document without macros, objects or anything fetched from elsewhere."""
    _check_directory_size(file)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive)
            _check_contents(archive)
    except _DAMAGE:
        _damaged()


def _check_directory_size(file: BinaryIO) -> None:
    """Before the ZIP reader takes the directory into memory: how large does its end record say it is?"""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        _damaged()
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise Refused(f"This Word document has more than {MAX_ENTRIES:,} parts. That is not a draft.")


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Refused(f"This Word document has more than {MAX_ENTRIES:,} parts. That is not a draft.")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused(f"Unpacked, this Word document is larger than {MAX_UNPACKED // 1024 // 1024} MB.")
    seen: set[str] = set()
    for entry in entries:
        _check_entry(entry)
        if entry.filename.lower() in seen:
            _damaged()
        seen.add(entry.filename.lower())
    _check_overlap(entries)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.rstrip("/").split("/")
    if not name or len(name) > 250 or "\\" in name or ":" in name or not name.isprintable():
        raise Refused("A part of this Word document has a name that is not allowed. Save it again in Word.")
    if any(part in ("", ".", "..") for part in parts):
        raise Refused("A part of this Word document points outside the file. Save it again in Word.")
    if entry.flag_bits & 0x1:
        raise Refused("This Word document is locked by a password. Take the password off and upload it again.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _damaged()
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("A part of this Word document points outside the file. Save it again in Word.")
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise Refused("A part of this Word document unpacks to far more than its size. That is not a draft.")
    if _DANGEROUS_NAME.search(name):
        raise Refused(_object_sentence(name))


def _object_sentence(name: str) -> str:
    if re.search(r"vba", name, re.I):
        return "This Word document holds macros. Save it as a Word document without macros (.docx)."
    return (
        "This Word document holds an embedded file or object (as a spreadsheet behind a chart). "
        "Paste it as a picture, or take it out."
    )


def _check_overlap(entries: list[zipfile.ZipInfo]) -> None:
    """Parts that share bytes make a small file unpack to any size."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end or (end == 0 and entry.header_offset != 0):
            _damaged()
        name = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
        end = entry.header_offset + 30 + len(name) + entry.compress_size


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes, never more than the directory states; a part that has other bytes than it says is damaged."""
    with archive.open(name) as part:
        data = part.read(archive.getinfo(name).file_size + 1)
    if len(data) != archive.getinfo(name).file_size:
        _damaged()
    return data


def _check_contents(archive: zipfile.ZipFile) -> None:
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
        raise Refused("This file is a ZIP archive, not a Word document. Upload the Word document itself.")
    xml_size = 0
    for name in names:
        data = read_part(archive, name)
        if data[:4] == _OLE:
            raise Refused(_object_sentence(name))
        if _is_xml(name, data):
            xml_size += len(data)
            if xml_size > MAX_XML:
                raise Refused("The text of this Word document is too large. Split it into several documents.")
            _XmlCheck().feed(data)
    _check_types(read_part(archive, "[Content_Types].xml"), main_part(archive))
    for name in names:
        if name.lower().endswith(".rels"):
            _check_relationships(name, read_part(archive, name))


def _is_xml(name: str, data: bytes) -> bool:
    """By its name or by its look: a part can be called anything and be declared XML in the content types."""
    head = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    return name.lower().endswith((".xml", ".rels", ".vml")) or head.startswith((b"<?xml", b"<\x00?", b"<!", b"<"))


class _XmlCheck:
    """Reads XML without building anything: well-formed, no DOCTYPE, not too deep, no field that fetches."""

    def __init__(self) -> None:
        self.depth = self.elements = 0
        self.instructions: list[str] = []
        self.in_instruction = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def feed(self, data: bytes) -> None:
        try:
            self.parser.Parse(data, True)
        except _BAD_XML:
            _damaged()
        self._check_field()

    def _doctype(self, *args: object) -> None:
        raise Refused(
            "This Word document declares a document type, which no Word document does. Save it again in Word."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise Refused("The inside of this Word document is too large or too deeply nested. Save it again in Word.")
        local = name.rpartition(" ")[2]
        self.in_instruction = local == "instrText"
        if local == "fldChar":
            self._check_field()
        elif local == "fldSimple":
            self.instructions = [value for key, value in attributes.items() if key.endswith("instr")]
            self._check_field()

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.in_instruction = False

    def _characters(self, text: str) -> None:
        if self.in_instruction:
            self.instructions.append(text)

    def _check_field(self) -> None:
        if found := _FETCHING_FIELD.match("".join(self.instructions)):
            raise Refused(
                f"This Word document has a field that fetches from elsewhere ({found[1].upper()}). "
                "In Word, select all, press Ctrl+Shift+F9 to turn fields into text, and save."
            )
        self.instructions = []


def _elements(data: bytes, namespace: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Names and attributes of the elements of a small list part (content types, relationships), in order."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if space == namespace:
            found.append((local, attributes))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except _BAD_XML:
        _damaged()
    return iter(found)


def main_part(archive: zipfile.ZipFile) -> str:
    """Path of the text inside the archive, as the package's own relationships name it."""
    for local, attributes in _elements(read_part(archive, "_rels/.rels"), _RELS_NS):
        if local == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            name = attributes.get("Target", "").lstrip("/")
            if name in archive.namelist():
                return name
    raise Refused("This file has no Word text inside. Upload the Word document itself.")


def _check_types(data: bytes, main: str) -> None:
    main_type, defaults = "", {}
    for local, attributes in _elements(data, _TYPES_NS):
        content_type = attributes.get("ContentType", "")
        if _DANGEROUS_TYPE.search(content_type):
            raise Refused(_object_sentence("vba" if "macro" in content_type.lower() else content_type))
        if local == "Override" and attributes.get("PartName", "").lstrip("/") == main:
            main_type = content_type
        elif local == "Default":
            defaults[attributes.get("Extension", "").lower()] = content_type
    main_type = main_type or defaults.get(main.rpartition(".")[2].lower(), "")
    if main_type == _TEMPLATE:
        raise Refused("This is a Word template. Save it as a Word document (.docx).")
    if main_type != _MAIN:
        raise Refused("This file is not a Word document, although its name ends in .docx.")


def _check_relationships(name: str, data: bytes) -> None:
    folder = name.rpartition("_rels/")[0].rstrip("/")
    for local, attributes in _elements(data, _RELS_NS):
        if local != "Relationship":
            continue
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        if _DANGEROUS_KIND.search(kind):
            raise Refused(_object_sentence(kind))
        if attributes.get("TargetMode", "").lower() == "external" or "://" in target:
            _check_external(kind, target)
        elif _leaves(folder, target):
            raise Refused("A part of this Word document points outside the file. Save it again in Word.")


def _check_external(kind: str, target: str) -> None:
    """Only a link that a reader follows by hand may point outside; whatever Word would fetch by itself may not."""
    if kind.endswith("/hyperlink"):
        if not _LINK.match(target):
            raise Refused(
                f"This Word document links to “{target[:80]}”. Links may go to web and mail addresses only: "
                "take this one out."
            )
        return
    if kind.endswith("/attachedTemplate"):
        raise Refused(
            f"This Word document asks for a template outside the file (“{target[:80]}”). In Word, open Developer, "
            "Document Template, attach Normal, and save."
        )
    raise Refused(
        f"This Word document fetches something from outside the file (“{target[:80]}”). "
        "Put it into the document, or take it out."
    )


def _leaves(folder: str, target: str) -> bool:
    path = target.partition("#")[0]
    if path.startswith(("\\", "file:")) or "\\" in path:
        return True
    depth = 0 if path.startswith("/") else len([part for part in folder.split("/") if part])
    for part in path.strip("/").split("/"):
        depth += -1 if part == ".." else (1 if part not in ("", ".") else 0)
        if depth < 0:
            return True
    return False
