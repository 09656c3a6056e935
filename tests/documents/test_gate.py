"""No hostile file comes in, each refusal is a sentence; no good file is refused."""

import datetime as dt
import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import gate, intake, reader
from documents.refusal import Refused
from tests.documents import word_files as w
from tests.documents.hostile import HOSTILE

LIMIT = 20 * 1024 * 1024
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def let_in(name: str, data: bytes, folder: Path) -> None:
    path = folder / "upload"
    path.write_bytes(data)
    reader.read(gate.check_name(name), path, LIMIT)


@pytest.mark.parametrize("case", HOSTILE)
def test_gate_refuses_hostile(case: str, tmp_path: Path) -> None:
    name, make = HOSTILE[case]
    with pytest.raises(Refused) as refused:
        let_in(name, make(), tmp_path)
    assert refused.value.message.endswith((".", "!", "?"))
    assert refused.value.message[0].isupper()


def test_there_are_enough_hostile_files() -> None:
    assert len(HOSTILE) >= 80
    assert len({make() for case, (_, make) in HOSTILE.items() if "20 MB" not in case}) > 75


def _headings() -> bytes:
    document = docx.Document()
    document.add_heading("Policy Guide", 0)
    document.add_heading("Scope", 1)
    document.add_paragraph("The guide covers returns.")
    return w.saved(document)


def _table_and_picture() -> bytes:
    document = docx.Document()
    document.add_paragraph("Before the table.")
    document.add_table(3, 3)
    document.add_picture(io.BytesIO(PIXEL))
    return w.saved(document)


def _lists() -> bytes:
    document = docx.Document()
    for style in ("List Number", "List Bullet", "List Number 2"):
        document.add_paragraph("An item.", style=style)
    return w.saved(document)


def _margins() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "AHG/2019/2"
    document.add_paragraph("Text.")
    document.core_properties.modified = dt.datetime(2019, 7, 5, tzinfo=dt.UTC)
    return w.saved(document)


def _long() -> bytes:
    return w.plain_word(*[f"{n}. The members take note of point {n}." for n in range(1, 1200)])


GOOD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "plain word": ("a.docx", w.plain_word),
    "capital ending": ("DRAFT.DOCX", w.plain_word),
    "headings": ("a.docx", _headings),
    "table and picture": ("a.docx", _table_and_picture),
    "lists": ("a.docx", _lists),
    "header": ("a.docx", _margins),
    "long": ("a.docx", _long),
    "web link": ("a.docx", lambda: w.with_relation("hyperlink", "https://www.example.org/a?b=c")),
    "mail link": ("a.docx", lambda: w.with_relation("hyperlink", "mailto:rso@example.org")),
    "page field": ("a.docx", lambda: w.with_body(w.field(" PAGE "))),
    "link field": ("a.docx", lambda: w.with_body(w.field(' HYPERLINK "https://www.example.org" '))),
    "printer settings": ("a.docx", lambda: w.with_part("word/printerSettings1.bin", b"\x00\x01")),
    "empty folder entry": ("a.docx", lambda: w.with_part("word/media/", b"")),
    "stored": ("a.docx", lambda: w.packed(w.parts_of(w.plain_word()).items(), 0)),
    "arabic name": ("مسودة.docx", w.plain_word),
    "text": ("a.txt", lambda: b"The members agree.\n\nThey meet again."),
    "text with mark": ("a.txt", lambda: "\ufeffThe members agree.".encode()),
    "windows lines": ("a.TXT", lambda: b"TITLE\r\n\r\nThe members agree.\r\n"),
    "old mac lines": ("a.txt", lambda: b"TITLE\r\rThe members agree."),
    "page breaks and tabs": ("a.txt", lambda: b"The members\tagree.\x0cThey meet."),
    "other scripts": ("a.txt", lambda: "สมาชิกเห็นชอบ\n\nCác thành viên đồng ý.\n\nالأعضاء يوافقون.".encode()),
    "one line": ("a.txt", lambda: b"the members agree"),
    "zip word at the start of a text": ("a.txt", lambda: b"P.K. opened the meeting."),
}


@pytest.mark.parametrize("case", GOOD)
def test_gate_lets_good_files_in(case: str, tmp_path: Path) -> None:
    name, make = GOOD[case]
    let_in(name, make(), tmp_path)


@pytest.mark.parametrize("case", ["DOCTYPE in the text", "truncated", "latin-1", "bomb by ratio"])
def test_process_apart_gives_the_same_refusal(case: str, tmp_path: Path) -> None:
    name, make = HOSTILE[case]
    path = tmp_path / "upload"
    path.write_bytes(make())
    with pytest.raises(Refused) as near:
        reader.read(gate.check_name(name), path, LIMIT)
    with pytest.raises(Refused) as apart:
        intake.read_apart(gate.check_name(name), path, LIMIT)
    assert apart.value.message == near.value.message


def test_process_apart_gives_the_same_draft(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(_headings())
    assert intake.read_apart(gate.WORD, path, LIMIT) == reader.read(gate.WORD, path, LIMIT)


def test_process_apart_is_stopped_in_time(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(w.plain_word())
    with pytest.raises(Refused, match="too much time or memory"):
        intake.read_apart(gate.WORD, path, LIMIT, timeout=0.01)


def test_process_apart_that_breaks_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="could not be read"):
        intake.read_apart(gate.WORD, tmp_path / "not there", LIMIT)


def test_process_apart_gets_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its environment is made anew: neither key nor database address is in it."""
    seen: dict[str, str] = {}
    real = intake.subprocess.run

    def run(command: list[str], **options: object) -> object:
        seen.update(options["env"])  # type: ignore[call-overload]
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(intake.subprocess, "run", run)
    path = tmp_path / "upload"
    path.write_bytes(w.plain_word())
    intake.read_apart(gate.WORD, path, LIMIT)
    assert set(seen) == {"PATH", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), size=st.integers(1, 40), byte=st.integers(0, 255))
def test_gate_of_a_spoilt_file_refuses_or_reads(at: float, size: int, byte: int, tmp_path: Path) -> None:
    """Whatever bytes were overwritten: a draft or a refusal, never another exception from the gate."""
    data = bytearray(w.plain_word())
    start = int(at * (len(data) - size))
    data[start : start + size] = bytes([byte]) * size
    path = tmp_path / "upload"
    path.write_bytes(data)
    with suppress(Refused):
        gate.check(gate.WORD, path, LIMIT)


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("draft.docx", "draft.docx"),
        ("C:\\Users\\me\\draft.docx", "draft.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\u202excod.docx", "axcod.docx"),
        ("a\r\nb.txt", "ab.txt"),
        ("x" * 300 + ".docx", "x" * 145 + ".docx"),
        ("Re\u0301sume\u0301.txt", "Résumé.txt"),
        ("..", ""),
    ],
)
def test_safe_name(given_name: str, safe: str) -> None:
    assert gate.safe_name(given_name) == safe
