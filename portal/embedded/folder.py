"""The data folder: where everything lives that one installation keeps, and who may run on it."""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from portal.embedded.errors import Trouble

LEAST_FREE = 200 * 1024 * 1024


class Folder:
    """One DATA_DIR with its places; making it makes the folders that are missing."""

    def __init__(self, root: Path) -> None:
        """Make the folder and its parts, or say in one sentence why that fails."""
        self.root = root.absolute()
        self.log = self.root / "log"
        self.run = self.root / "run"
        try:
            self._make()
            self._check_writing()
        except OSError as error:
            raise Trouble(sentence_for(error, self.root)) from error
        if shutil.disk_usage(self.root).free < LEAST_FREE:
            raise Trouble(no_space(self.root))

    def _make(self) -> None:
        if not self.root.exists():
            self.root.mkdir(parents=True)
            # Root's database server runs under another account, which must pass through but not look around.
            self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for part in (self.log, self.run):
            part.mkdir(mode=0o700, exist_ok=True)

    def _check_writing(self) -> None:
        probe = self.run / "probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()

    def secret(self, name: str, size: int = 32) -> str:
        """The secret kept under this name, made at first use; only the owner can read its file."""
        file = self.root / name
        if not file.exists() or not file.read_text(encoding="ascii").strip():
            write_private(file, secrets.token_urlsafe(size) + "\n")
        return file.read_text(encoding="ascii").strip()

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Hold the folder for this process; false when another holds it. A dead process holds nothing."""
        with (self.run / "lock").open("a+", encoding="ascii") as file:
            held = _try_lock(file)
            if held:
                file.truncate(0)
                file.write(f"{os.getpid()}\n")
                file.flush()
            yield held

    def is_full(self) -> bool:
        """Whether there is hardly anything left, so that whatever failed just now failed for that."""
        return shutil.disk_usage(self.root).free < 16 * 1024 * 1024

    def holder(self) -> str:
        """The process id of whoever holds the lock, as it wrote it."""
        return (self.run / "lock").read_text(encoding="ascii").strip() or "unknown"


def _try_lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(text)
    part.replace(file)


def no_space(place: Path) -> str:
    """The sentence for a full disk."""
    return (
        f"The disk that holds {place} is full: free at least 200 MB, or put the data elsewhere with "
        "DATA_DIR=/other/folder."
    )


def sentence_for(error: OSError, place: Path) -> str:
    """One sentence with the remedy for what the system refused at this place."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space(place)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Cannot write in {place}: choose a folder where you may write with DATA_DIR=/other/folder."
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"{place} is not a folder: choose another place with DATA_DIR=/other/folder."
    return f"Cannot use {place} ({error.strerror}): choose another place with DATA_DIR=/other/folder."
