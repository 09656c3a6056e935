"""Steps of a start: management commands that run once and must succeed."""

import hashlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from portal.embedded.children import Child, Roll, spawn
from portal.embedded.errors import Trouble
from portal.embedded.folder import Folder, no_space
from portal.embedded.signals import Stop, wait_until

LONGEST = 900
# Of Bootstrap we serve one file: compressing its other cuts would take three times as long.
COLLECT = ("collectstatic", "--noinput", "--clear", "--ignore=bootstrap-*", "--ignore=*.rtl.*")


class Steps:
    """Runs management commands as children, so that a stop ends them as it ends everything else."""

    def __init__(self, base: Path, folder: Folder, roll: Roll, stop: Stop) -> None:
        """Run in the checkout at base, log in the folder, enter every child in the roll."""
        self.base = base
        self.folder = folder
        self.roll = roll
        self.stop = stop

    def begin(self, name: str, arguments: Sequence[str], env: Mapping[str, str]) -> Child:
        """Start a management command without waiting for it."""
        command = [sys.executable, "manage.py", *arguments]
        log = self.folder.log / f"{name}.log"
        return self.roll.add(spawn(name, command, env=env, log=log, cwd=self.base, grace=5))

    def finish(self, child: Child) -> None:
        """Wait for a command; its failure, or the end of any server beside it, is trouble."""
        wait_until(child.ended, LONGEST, lambda: bool(self.stop.times) or self.roll.fallen() is not None)
        self.stop.check()
        if child.ended() and child.process.returncode == 0:
            self.roll.remove(child)
            return
        raise Trouble(why_ended(self.roll.fallen() or child, self.folder))

    def do(self, name: str, arguments: Sequence[str], env: Mapping[str, str]) -> None:
        """Run a management command to its end."""
        self.finish(self.begin(name, arguments, env))


def why_ended(child: Child, folder: Folder) -> str:
    """What to say of a child that ended, or of one that took too long."""
    words = child.tail()
    if folder.is_full() or "No space left on device" in words:
        return no_space(folder.root)
    code = child.process.returncode
    how = "did not end in time" if code is None else f"ended with code {code}"
    return f"{child.name} {how}, so everything was stopped. The last lines of {child.log}:\n{words}"


def static_fingerprint(base: Path) -> str:
    """What the collected static files depend on: our own files, the packages' versions, the settings."""
    print_ = hashlib.sha256(sys.version.encode())
    for file in (base / "requirements.txt", base / "portal" / "settings.py"):
        print_.update(file.read_bytes())
    for file in sorted(_own_static(base)):
        found = file.stat()
        print_.update(f"{file.relative_to(base)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return print_.hexdigest()


def _own_static(base: Path) -> Iterable[Path]:
    # Of apps only: var/static is what comes out of collecting.
    apps = (init.parent / "static" for init in base.glob("*/__init__.py"))
    for folder in (base / "static", *apps):
        yield from (file for file in folder.rglob("*") if file.is_file())
