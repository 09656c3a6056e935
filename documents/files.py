"""Files under their SHA-256: the same bytes are kept once, and changed bytes are never handed out.

A file is written beside its place, flushed to the disk and renamed into it, so that no half a file ever has a name that
counts. A reading checks the whole hash before the first byte leaves.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_CHUNK = 1024 * 1024


class FileChanged(Exception):
    """The bytes on the disk are not those that were filed, or are gone. Names the hash; the page refuses the file."""

    def __init__(self, sha256: str, what: str) -> None:
        super().__init__(f"The file {sha256} {what}.")
        self.sha256 = sha256
        self.message = f"The file filed under the hash {sha256[:16]}… {what}. The portal does not hand it out."


@dataclass(frozen=True)
class Staged:
    """A file put aside, not yet kept."""

    path: Path
    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    """Place of a file: the first two digits of its hash are the folder."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 in small hexadecimal digits")
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:]


@contextmanager
def staged(chunks: Iterable[bytes], *, most: int) -> Iterator[Staged]:
    """Write an upload beside the store; gone again at the end unless `keep` took it.

    Stops writing past `most` bytes: the size then tells that there was more.
    """
    folder = Path(settings.FILES_DIR) / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=folder)
    path, digest, size = Path(name), hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                if size > most:
                    break
            file.flush()
            os.fsync(file.fileno())
        yield Staged(path, digest.hexdigest(), size)
    finally:
        path.unlink(missing_ok=True)


def keep(file: Staged) -> None:
    """Give the file its place. The same bytes may be there already; other bytes under the hash raise FileChanged."""
    place = path_of(file.sha256)
    if place.exists():
        check(file.sha256)
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.path.chmod(0o600)
    file.path.rename(place)
    for folder in (place.parent, place.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check(sha256: str) -> None:
    """Read the whole file and raise FileChanged unless it has its hash."""
    digest = hashlib.sha256()
    try:
        with path_of(sha256).open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError as error:
        raise FileChanged(sha256, "is missing") from error
    except OSError as error:
        raise FileChanged(sha256, "cannot be read") from error
    if digest.hexdigest() != sha256:
        raise FileChanged(sha256, "has changed on the disk")


def read(sha256: str) -> bytes:
    """All bytes of a file, checked against its hash before any of them leaves. Raises FileChanged."""
    try:
        data = path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise FileChanged(sha256, "is missing") from error
    except OSError as error:
        raise FileChanged(sha256, "cannot be read") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileChanged(sha256, "has changed on the disk")
    return data


def remove(sha256: str) -> None:
    """Take a file away that no version needs."""
    with suppress(FileNotFoundError):
        path_of(sha256).unlink()
