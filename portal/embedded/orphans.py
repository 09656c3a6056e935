"""Processes that outlive the one that started them: `exec` takes them over and ends them with the rest.

A test that stops a server and starts it again, or that is killed while a portal of its own runs, leaves processes
that nobody waits for. The kernel hands them to us instead of to the first process of the machine.
"""

import ctypes
import os
import signal
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from portal.embedded.signals import wait_until

_PR_SET_CHILD_SUBREAPER = 36


def adopt() -> None:
    """From now on orphans among our descendants become children of ours."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def bury(own: Collection[int]) -> None:
    """Take note of the end of adopted children, so that nobody takes them for alive; our own are not touched."""
    with suppress(ChildProcessError):
        while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if found.si_pid in own:
                return
            os.waitpid(found.si_pid, os.WNOHANG)


def end(own: Collection[int], seconds: float = 20) -> None:
    """End every adopted child: as it likes to be ended first, then outright."""
    asked: set[int] = set()

    def gone() -> bool:
        bury(own)
        left = _children() - set(own)
        for pid in left - asked:
            _signal(pid, signal.SIGINT if _is_postgres(pid) else signal.SIGTERM)
        asked.update(left)
        return not left

    if not wait_until(gone, seconds):
        for pid in _children() - set(own):
            _signal(pid, signal.SIGKILL)
        wait_until(gone, 5)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_postgres(pid: int) -> bool:
    """PostgreSQL waits for its clients at SIGTERM, and ends at SIGINT."""
    with suppress(OSError):
        return os.readlink(f"/proc/{pid}/exe").endswith("/postgres")
    return False


def _children() -> set[int]:
    me, found = str(os.getpid()), set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if fields[1] == me and fields[0] not in "ZX":
                found.add(int(stat.parent.name))
    return found
