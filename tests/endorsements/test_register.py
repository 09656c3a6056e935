"""The chain: what is exported can be checked by a stand-alone script, and tampering shows."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, transaction

from endorsements import register
from endorsements.chain import GENESIS, canonical, digest, export_line
from endorsements.enums import PositionKind
from endorsements.models import RegisterEntry
from tests.conftest import FULL
from tests.factories.circulations import Stage

SCRIPT = Path(__file__).parents[2] / "tools" / "verify_register.py"


def verify(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def chain(length: int, *, salt: str = "") -> list[str]:
    """Lines of an export of an invented register."""
    lines, prev = [], GENESIS
    for seq in range(1, length + 1):
        content = canonical(
            {
                "seq": seq,
                "prev": prev,
                "at": f"2026-11-24T03:35:32.{seq % 1_000_000:06d}Z",
                "act": "position.recorded",
                "circulation": "hf-2026-1-v1",
                "document": "HF/2026/1",
                "version": 1,
                "text_sha256": "b" * 64,
                "file_sha256": "a" * 64,
                "participant": "AA",
                "actor": digest(f"{salt}{seq}"),
                "appointment": seq,
                "facts": {"kind": "endorse", "text": "Türkiye, Côte d’Ivoire"},
            }
        )
        prev = digest(content)
        lines.append(export_line(content, prev))
    return lines


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.django_db
def test_export_of_real_deeds_verifies(stage: Stage, tmp_path: Path) -> None:
    circulation = stage.opened()
    stage.reply(circulation, PositionKind.ENDORSE_WITH_PROPOSALS)
    stage.reply(circulation, PositionKind.OBJECTION, by=stage.other, of=stage.states[1])
    path = tmp_path / "register.jsonl"
    call_command("exportregister", str(path))
    found = verify("verify", path)
    assert found.returncode == 0, found.stdout
    last = RegisterEntry.objects.order_by("-seq")[0]
    assert found.stdout.strip() == f"{last.seq} entries, unbroken. Head: {last.head}"
    assert last.seq == 6


@pytest.mark.django_db
def test_entry_holds_what_it_must_and_no_person(stage: Stage) -> None:
    stage.reply(stage.opened(), PositionKind.ENDORSE)
    entry = RegisterEntry.objects.get(act="position.recorded")
    content = json.loads(entry.content)
    assert content["seq"] == entry.seq
    assert content["prev"] == RegisterEntry.objects.get(seq=entry.seq - 1).head
    assert content["participant"] == "AA"
    assert content["text_sha256"] == stage.version.text_sha256
    assert content["file_sha256"] == stage.version.file_sha256
    assert content["actor"] == register.commitment(entry.actor.salt, stage.focal_point)
    assert stage.focal_point.email not in entry.content
    assert stage.focal_point.name not in entry.content


@pytest.mark.django_db
def test_application_role_cannot_change_the_register(stage: Stage) -> None:
    stage.opened()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RegisterEntry.objects.update(act="x")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RegisterEntry.objects.filter(seq=2)._raw_delete(using="default")


def test_canonical_refuses_floats() -> None:
    with pytest.raises(ValueError, match="floats"):
        canonical({"facts": {"deep": [1, {"share": 0.5}]}})


def mutate(lines: list[str], rng: random.Random) -> list[str]:
    """One change of an export that `verify` must find: a byte, a swap, a drop, a duplicate, an insertion."""
    lines = list(lines)
    at = rng.randrange(len(lines))
    how = rng.choice(["byte", "swap", "drop", "duplicate", "insert"])
    if how == "byte":
        line = lines[at]
        place = rng.randrange(len(line))
        lines[at] = line[:place] + chr((ord(line[place]) + 1) % 127 or 48) + line[place + 1 :]
    elif how == "swap":
        other = (at + 1 + rng.randrange(len(lines) - 1)) % len(lines)
        lines[at], lines[other] = lines[other], lines[at]
    elif how == "drop":
        del lines[rng.randrange(len(lines) - 1)]
    elif how == "duplicate":
        lines.insert(at, lines[at])
    else:
        lines.insert(at, chain(1, salt="other")[0])
    return lines


@pytest.mark.prove
def test_verify_finds_every_mutation(tmp_path: Path) -> None:
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        import verify_register
    finally:
        sys.path.pop(0)
    lines = chain(1000 if FULL else 200)
    rng = random.Random(20261124)
    missed = []
    for number in range(500 if FULL else 150):
        path = write(tmp_path / "mutated.jsonl", mutate(lines, rng))
        if verify_register.main(["verify", str(path)]) == 0:
            missed.append(number)
    assert not missed
    assert verify_register.main(["verify", str(write(tmp_path / "whole.jsonl", lines))]) == 0


def test_verify_names_the_first_bad_seq(tmp_path: Path) -> None:
    lines = chain(20)
    lines[6] = lines[6].replace('"endorse"', '"object"')
    found = verify("verify", write(tmp_path / "bad.jsonl", lines))
    assert found.returncode == 1
    assert found.stdout.startswith("seq 7:")


def test_verify_finds_a_line_without_its_end(tmp_path: Path) -> None:
    path = write(tmp_path / "cut.jsonl", chain(3))
    path.write_bytes(path.read_bytes()[:-1])
    assert verify("verify", path).stdout.startswith("seq 3:")


def test_cut_tail_and_new_chain_pass_verify_and_fail_verify_diff(tmp_path: Path) -> None:
    kept = write(tmp_path / "kept.jsonl", chain(20))
    cut = write(tmp_path / "cut.jsonl", chain(20)[:15])
    again = write(tmp_path / "again.jsonl", chain(20, salt="forged"))
    longer = write(tmp_path / "longer.jsonl", chain(25))
    for path in (cut, again):
        assert verify("verify", path).returncode == 0
        assert verify("verify-diff", kept, path).returncode == 1
    assert verify("verify-diff", kept, cut).stdout.startswith("seq 16: missing")
    assert verify("verify-diff", kept, again).stdout.startswith("seq 1:")
    assert verify("verify-diff", kept, longer).returncode == 0


def test_verify_diff_takes_a_head_from_a_receipt(tmp_path: Path) -> None:
    lines = chain(20)
    head = json.loads(lines[11])["head"]
    receipt = tmp_path / "receipt.txt"
    grouped = " ".join(head[i : i + 4] for i in range(0, 64, 4))
    receipt.write_text(f"12 {grouped}\n")
    assert verify("verify-diff", receipt, write(tmp_path / "a.jsonl", lines)).returncode == 0
    forged = write(tmp_path / "b.jsonl", chain(20, salt="forged"))
    assert verify("verify-diff", receipt, forged).stdout.startswith("seq 12:")


@pytest.mark.parametrize("words", [[], ["verify"], ["verify", "/nowhere/x"], ["other", "x"]])
def test_wrong_calls_exit_with_two(words: list[str]) -> None:
    assert verify(*words).returncode == 2


@pytest.mark.prove
def test_verify_is_fast(tmp_path: Path) -> None:
    length = 100_000 if FULL else 10_000
    path = write(tmp_path / "long.jsonl", chain(length))
    started = time.perf_counter()
    assert verify("verify", path).returncode == 0
    assert time.perf_counter() - started < length / 10_000
