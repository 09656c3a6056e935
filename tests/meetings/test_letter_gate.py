"""A letter is a PDF or a picture by its content, whatever its name says; everything else is refused in a sentence."""

import struct
import zlib

import pytest

from documents.refusal import Refused
from meetings.letter_gate import JPEG, MOST_BYTES, PDF, PNG, check_size, media_type

GOOD_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
GOOD_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 40 + b"\xff\xd9"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
GOOD_PNG = b"\x89PNG\r\n\x1a\n" + HEAD + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (GOOD_PDF, PDF),
        (GOOD_JPEG, JPEG),
        (GOOD_JPEG + b"what a phone adds", JPEG),
        (GOOD_PNG, PNG),
        (GOOD_PDF.replace(b"endobj", b"endobj 2 0 obj<<>>stream\n/JavaScript by chance\nendstream endobj"), PDF),
    ],
)
def test_taken_by_its_content(content: bytes, found: str) -> None:
    assert media_type(content) == found


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n" + b" " * MOST_BYTES, "at most 5 MB"),
        (b"PK\x03\x04a Word document", "neither a PDF nor a picture"),
        (b"Dear colleagues", "neither a PDF nor a picture"),
        (b"<svg onload='x'/>", "neither a PDF nor a picture"),
        (b"GIF89a", "neither a PDF nor a picture"),
        (b"MZ" + GOOD_PDF, "neither a PDF nor a picture"),
        (GOOD_PDF[:-7], "damaged or incomplete"),
        (GOOD_JPEG[:-2], "damaged or incomplete"),
        (GOOD_PNG[:-3], "damaged or incomplete"),
        (GOOD_PNG + b"PK\x03\x04", "damaged or incomplete"),
        (GOOD_PNG.replace(HEAD, b""), "damaged or incomplete"),
        (GOOD_PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>"), "holds a script or another file"),
        (GOOD_PDF.replace(b"/Catalog", b"/Catalog/AA<</S/Launch>>"), "holds a script or another file"),
        (GOOD_PDF.replace(b"/Catalog", b"/Catalog/EF<</EmbeddedFile 2 0 R>>"), "holds a script or another file"),
        (GOOD_PDF.replace(b"<</Root", b"<</Encrypt 3 0 R/Root"), "locked by a password"),
    ],
)
def test_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        media_type(content)
    assert refused.value.field == "letter_file"


def test_the_size_alone_is_enough_to_refuse() -> None:
    check_size(MOST_BYTES)
    with pytest.raises(Refused, match="at most 5 MB"):
        check_size(MOST_BYTES + 1)
