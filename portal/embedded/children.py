"""Child processes: each in its own session, known by pid and start time, stopped in order and within bounds."""

import ctypes
import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.embedded.signals import Stop, wait_until

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Identity:
    """A process beyond doubt: numbers are given again, but not with the same start in the same boot."""

    name: str
    pid: int
    started: str
    signal: int

    def alive(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        return started_at(self.pid) == self.started


def started_at(pid: int) -> str:
    """Boot and clock tick at which a process started; empty when it is gone or only waits to be buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in "ZX" else f"{boot} {fields[19]}"


@dataclass(frozen=True)
class Account:
    """The account a child runs under, when it is not ours."""

    uid: int
    gid: int


@dataclass
class Child:
    """A running child, the signal it ends on and how long it may take.

    A patient one is not cut short by a second Ctrl-C; an endless one should not end by itself.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    signal: signal.Signals
    grace: float
    started: str
    patient: bool
    endless: bool

    def ended(self) -> bool:
        """Whether the child has ended."""
        return self.process.poll() is not None

    def stop(self, stop: Stop | None = None) -> None:
        """Ask the child to end, wait, then insist; at the end nothing of its session is left."""
        if not self.ended():
            self.process.send_signal(self.signal)
            wait_until(self.ended, self.grace, lambda: stop is not None and stop.hurry and not self.patient)
        if self.patient and not self.ended():
            # A database that is killed outright leaves its helpers behind for a while: this ends them, too.
            self.process.send_signal(signal.SIGQUIT)
            wait_until(self.ended, 5)
        self.kill()

    def kill(self) -> None:
        """End whatever is left of the child and of the processes it started."""
        kill_group(self.process.pid)
        self.process.wait()

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        return tail(self.log, lines)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log file."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


def kill_group(pid: int) -> None:
    """SIGKILL to the process group that this process leads, if it still exists."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    ending: signal.Signals = signal.SIGTERM,
    grace: float = 10,
    account: Account | None = None,
    patient: bool = False,
    endless: bool = False,
) -> Child:
    """Start a child in a session of its own, its output in its log (emptied first), bound to our own life."""
    parent = os.getpid()

    def bind() -> None:  # pragma: no cover (runs between fork and exec)
        # If we are killed outright, the kernel tells the child to end: no orphan keeps the port or the data.
        _libc.prctl(_PR_SET_PDEATHSIG, ending, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=bind,  # safe: the supervisor has one thread
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    return Child(name, process, log, ending, grace, started_at(process.pid), patient, endless)


class Roll:
    """The children of one supervisor in the order of their start, also written down for the next supervisor."""

    def __init__(self, file: Path) -> None:
        """Keep the roll in this file."""
        self.file = file
        self.children: list[Child] = []

    def add(self, child: Child) -> Child:
        """Enter a child."""
        self.children.append(child)
        self._write()
        return child

    def came_up(self, child: Child, ready: Callable[[], bool], seconds: float, stop: Stop) -> bool:
        """Wait until a child is ready; one that ends or takes too long is stopped and struck out."""
        wait_until(lambda: ready() or child.ended(), seconds, lambda: bool(stop.times))
        stop.check()
        if ready() and not child.ended():
            return True
        child.stop(stop)
        self.remove(child)
        return False

    def remove(self, child: Child) -> None:
        """Strike out a child that has ended."""
        self.children.remove(child)
        # On a full disk stopping goes on: a line too many does no harm, the next start sees that nobody lives by it.
        with suppress(OSError):
            self._write()

    def _write(self) -> None:
        rows = [asdict(Identity(c.name, c.process.pid, c.started, int(c.signal))) for c in self.children]
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(rows), encoding="ascii")
        part.replace(self.file)

    def pids(self) -> set[int]:
        """The process ids of all children on the roll."""
        return {child.process.pid for child in self.children}

    def fallen(self) -> Child | None:
        """A child that ended and should not have: a step that succeeded may, what serves may not."""
        ended = (child for child in self.children if child.ended())
        return next((child for child in ended if child.process.returncode != 0 or child.endless), None)

    def stop_all(self, stop: Stop | None = None) -> None:
        """Stop every child, the last started first."""
        for child in reversed(list(self.children)):
            child.stop(stop)
            self.remove(child)

    def end_leftovers(self) -> None:
        """End what a supervisor that was killed has left running, the last started first."""
        for identity in reversed(self._read()):
            if identity.alive():
                _end(identity)
        self.file.unlink(missing_ok=True)

    def _read(self) -> list[Identity]:
        try:
            return [Identity(**row) for row in json.loads(self.file.read_text(encoding="ascii"))]
        except (FileNotFoundError, ValueError, TypeError):
            return []


def end_process(pid: int, *steps: tuple[signal.Signals, float]) -> None:
    """End a process that is not our child: one signal after the other, each with its seconds to wait."""
    started = started_at(pid)
    for number, seconds in steps:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_until(lambda: started_at(pid) != started, seconds):
            return


def _end(identity: Identity) -> None:
    """End a process that is not our child any more, and its session."""
    try:
        os.kill(identity.pid, identity.signal)
    except ProcessLookupError:
        return
    wait_until(lambda: not identity.alive(), 15)
    if identity.alive():
        kill_group(identity.pid)
        wait_until(lambda: not identity.alive(), 5)
