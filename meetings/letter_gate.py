"""The gate of an uploaded letter: size, and what the file really is. Nothing of ours ever opens it; it is handed out as
a file to save, under a name and a media type that we choose.

Pure functions over bytes; no Django. A refusal is one sentence that says what to do.
"""

import re
import struct

from documents.refusal import Refused

MOST_BYTES = 5 * 1024 * 1024
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
ENDINGS = {PDF: "pdf", PNG: "png", JPEG: "jpg"}
FIELD = "letter_file"
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)\b")
_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
"""Packed bytes, in which any word may stand by chance."""
NEITHER = "The letter is neither a PDF nor a picture (JPEG or PNG). Scan or photograph it, or save it as PDF."
DAMAGED = "The file of the letter is damaged or incomplete. Save it again, or scan it again, and choose that file."


def check_size(size: int) -> None:
    if size == 0:
        raise Refused("The file of the letter is empty. Choose the scan, photograph or PDF of the letter.", FIELD)
    if size > MOST_BYTES:
        raise Refused(
            f"The letter has {size / 1024 / 1024:.1f} MB; at most {MOST_BYTES // 1024 // 1024} MB are taken. "
            "Scan it with fewer colours, or take a smaller photograph.",
            FIELD,
        )


def media_type(content: bytes) -> str:
    """PDF, PNG or JPEG by the content, whatever the name says; raises Refused for everything else, for a file that is
    cut off, and for a PDF that openly holds a script or another file."""
    check_size(len(content))
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return PDF
    if content.startswith(_PNG_HEAD):
        _check_png(content)
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        if b"\xff\xd9" not in content:  # phones write more after the end of the picture
            raise Refused(DAMAGED, FIELD)
        return JPEG
    raise Refused(NEITHER, FIELD)


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise Refused(DAMAGED, FIELD)
    spoken = _STREAM.sub(b"", content)
    if _ACTIVE.search(spoken):
        raise Refused("The PDF of the letter holds a script or another file. Print it to a new PDF, or scan it.", FIELD)
    if b"/Encrypt" in spoken:
        raise Refused("The PDF of the letter is locked by a password. Save it without one, or scan it.", FIELD)


def _check_png(content: bytes) -> None:
    """Chunk after chunk to the end: the first is the head, the last is the end."""
    place, kinds = len(_PNG_HEAD), []
    while place + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        kinds.append(kind)
        place += 12 + length
        if kind == b"IEND":
            break
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or place != len(content):
        raise Refused(DAMAGED, FIELD)
