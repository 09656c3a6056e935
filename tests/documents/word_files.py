"""Word files made for the tests: good ones by python-docx, hostile ones by changing the parts of a good one."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable

import docx

Parts = dict[str, bytes]
MAIN = "word/document.xml"
RELS = "word/_rels/document.xml.rels"
TYPES = "[Content_Types].xml"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(document: "docx.document.Document") -> bytes:  # type: ignore[name-defined]
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def plain_word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs or ("The members take note of the report.", "They thank the co-chairs."):
        document.add_paragraph(text)
    return saved(document)


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return stream.getvalue()


def changed(change: Callable[[Parts], None]) -> bytes:
    """A good file whose parts were changed."""
    parts = parts_of(plain_word())
    change(parts)
    return packed(parts.items())


def with_part(name: str, data: bytes) -> bytes:
    return changed(lambda parts: parts.update({name: data}))


def replaced(name: str, old: bytes, new: bytes) -> bytes:
    def change(parts: Parts) -> None:
        assert old in parts[name], (name, old)
        parts[name] = parts[name].replace(old, new, 1)

    return changed(change)


def with_relation(kind: str, target: str, *, external: bool = True, part: str = RELS) -> bytes:
    mode = ' TargetMode="External"' if external else ""
    relation = f'<Relationship Id="rIdX" Type="{REL}/{kind}" Target="{target}"{mode}/>'
    if part == RELS:
        return replaced(RELS, b"</Relationships>", f"{relation}</Relationships>".encode())
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    return with_part(part, f"{head}{relation}</Relationships>".encode())


def with_body(xml: str) -> bytes:
    """A good file with XML put before its first paragraph."""
    return replaced(MAIN, b"<w:body>", f"<w:body>{xml}".encode())


def field(instruction: str) -> str:
    half = len(instruction) // 2
    pieces = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in (instruction[:half], instruction[half:]))
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "end"))
    return f"<w:p>{begin}{pieces}{end}<w:r><w:t>x</w:t></w:r></w:p>"


def main_type(new: str) -> bytes:
    old = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return replaced(TYPES, old, new.encode())


def patched_directory(data: bytes, offset: int, value: bytes) -> bytes:
    """Bytes changed in the directory entry of the main part."""
    at = data.rfind(MAIN.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    return data[: at + offset] + value + data[at + offset + len(value) :]


def overlapping() -> bytes:
    """Two directory entries for the same bytes."""
    data = plain_word()
    end = data.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", data[end + 10 : end + 20])
    entries = data[start : start + size]
    first = entries.find(MAIN.encode()) - 46
    length = 46 + len(MAIN) + int.from_bytes(entries[first + 30 : first + 32], "little")
    twin = bytearray(entries[first : first + length])
    twin[46 : 46 + len(MAIN)] = MAIN.replace("document", "documenu").encode()
    tail = data[:start] + entries + bytes(twin)
    record = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 1, count + 1, size + length, start, 0)
    return tail + record
