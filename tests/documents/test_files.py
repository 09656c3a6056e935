"""The same bytes once, and never other bytes than were filed."""

import hashlib
import stat
from pathlib import Path

import pytest
from django.conf import settings

from documents import files

DATA = b"The members agree." * 100
SHA = hashlib.sha256(DATA).hexdigest()


def keep(data: bytes = DATA) -> str:
    with files.staged([data[:7], data[7:]], most=1_000_000) as staged:
        files.keep(staged)
    return staged.sha256


def names() -> list[str]:
    root = Path(settings.FILES_DIR)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_keep_places_a_file_under_its_hash() -> None:
    assert keep() == SHA
    assert files.read(SHA) == DATA
    assert names() == [f"{SHA[:2]}/{SHA[2:]}"]
    assert stat.S_IMODE(files.path_of(SHA).stat().st_mode) == 0o600
    assert stat.S_IMODE(files.path_of(SHA).parent.stat().st_mode) == 0o700


def test_keep_keeps_the_same_bytes_once() -> None:
    keep()
    inode = files.path_of(SHA).stat().st_ino
    keep()
    assert files.path_of(SHA).stat().st_ino == inode
    assert len(names()) == 1


def test_staged_leaves_nothing_when_not_kept() -> None:
    with files.staged([DATA], most=1_000_000) as staged:
        assert (staged.sha256, staged.size) == (SHA, len(DATA))
    assert names() == []


def test_staged_leaves_nothing_after_an_error() -> None:
    def broken() -> object:
        yield DATA
        raise OSError("the connection was cut")

    with pytest.raises(OSError, match="cut"), files.staged(broken(), most=1_000_000):
        pass
    assert names() == []


def test_staged_stops_writing_past_the_limit() -> None:
    with files.staged([b"x" * 100] * 1_000, most=250) as staged:
        assert staged.size == 300


@pytest.mark.parametrize("at", [0, 5, len(DATA) - 1])
def test_changed_byte_is_found_and_named(at: int) -> None:
    keep()
    path = files.path_of(SHA)
    data = bytearray(DATA)
    data[at] ^= 1
    path.write_bytes(data)
    for look in (files.read, files.check, lambda _: keep()):
        with pytest.raises(files.FileChanged) as changed:
            look(SHA)
        assert changed.value.sha256 == SHA
        assert SHA[:16] in changed.value.message


@pytest.mark.parametrize("data", [b"", DATA[:-1], DATA + b"."])
def test_cut_or_longer_file_is_found(data: bytes) -> None:
    keep()
    files.path_of(SHA).write_bytes(data)
    with pytest.raises(files.FileChanged):
        files.read(SHA)


def test_missing_file_is_found() -> None:
    with pytest.raises(files.FileChanged, match="missing"):
        files.read(SHA)
    with pytest.raises(files.FileChanged, match="missing"):
        files.check(SHA)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", SHA.upper(), SHA + "0", SHA[:-1]])
def test_only_a_hash_names_a_file(name: str) -> None:
    with pytest.raises(ValueError):
        files.path_of(name)
