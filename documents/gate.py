"""The gate of an upload: size, name, what the file really is. Nothing parses a file before it has passed here.

Pure functions over a name and bytes on disk; no Django. A refusal is one sentence that says what to do.
"""

import re
import unicodedata
from pathlib import Path
from typing import BinaryIO

from documents.archive import check_archive
from documents.refusal import Refused

WORD, TEXT = "docx", "txt"
MEDIA_TYPES = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    TEXT: "text/plain",
}
NAME_LENGTH = 150
_HEAD = 8
_ZIP, _OLE, _PDF, _RTF = b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf"
_OTHER_WORD = {
    "doc": "This is the older Word format. Open it in Word and save it as a Word document (.docx).",
    "docm": "A Word file with macros is not taken. Save it as a Word document without macros (.docx).",
    "dot": "This is a Word template. Save it as a Word document (.docx).",
    "dotx": "This is a Word template. Save it as a Word document (.docx).",
    "dotm": "This is a Word template with macros. Save it as a Word document without macros (.docx).",
    "odt": "An OpenDocument file is not taken. Save it as a Word document (.docx).",
    "rtf": "An RTF file is not taken. Save it as a Word document (.docx).",
    "pdf": "A PDF has no paragraphs that can be numbered. Upload the Word document (.docx) it was made from.",
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def safe_name(name: str) -> str:
    """The last part of a file's name without control or direction characters, at most 150 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    plain = " ".join(kept.split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"[:NAME_LENGTH]


def check_name(name: str) -> str:
    """The kind of file its name promises, `docx` or `txt`; raises Refused for any other."""
    ending = safe_name(name).lower().rpartition(".")[2] if "." in name else ""
    if ending in MEDIA_TYPES:
        return ending
    if ending in _OTHER_WORD:
        raise Refused(_OTHER_WORD[ending])
    raise Refused("Upload a Word document (.docx) or a plain text (.txt). This file is neither.")


def check_size(size: int, limit: int) -> None:
    """Raises Refused for an empty file and for one over the limit."""
    if size == 0:
        raise Refused("The file is empty. Choose the file that holds the draft.")
    if size > limit:
        raise Refused(
            f"The file has {size / 1024 / 1024:.1f} MB; at most {limit // 1024 // 1024} MB are taken. "
            "Make its pictures smaller, or take them out."
        )


def check_kind(kind: str, file: BinaryIO) -> None:
    """Whether the first bytes are what the name promises."""
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if kind == WORD:
        if head.startswith(_OLE):
            raise Refused(
                "This file is in the older Word format or locked by a password, whatever its name says. "
                "Open it in Word, take the password off and save it as a Word document (.docx)."
            )
        if not head.startswith(_ZIP):
            raise Refused("This file is not a Word document, although its name ends in .docx.")
    elif head.startswith((_ZIP, _OLE, _PDF, _RTF)) or head[:2] == b"MZ":
        raise Refused("This file is not a plain text, although its name ends in .txt.")


def decode_text(data: bytes) -> str:
    """The characters of a plain text. UTF-8 alone, with or without its mark: guessing would change letters unseen."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused(_NOT_UTF_8)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"{_NOT_UTF_8} The first letter that cannot be read is in line {line}.") from error
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise Refused(f"Line {line} holds a control character, so this is not a plain text. Save it again as text.")
    if not text.strip():
        raise Refused("The file holds no text. Choose the file that holds the draft.")
    return text


_NOT_UTF_8 = "The text is not in UTF-8. Save it again with the encoding UTF-8 (in Notepad: Save as, Encoding)."


def check(kind: str, path: Path, limit: int) -> None:
    """Everything that can be said of a file before it is parsed. Raises Refused and nothing else."""
    check_size(path.stat().st_size, limit)
    with path.open("rb") as file:
        check_kind(kind, file)
        if kind == WORD:
            check_archive(file)
        else:
            decode_text(file.read())
