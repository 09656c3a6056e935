"""`exec`: one command against throwaway servers of the same kind as the portal's."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import orphans, servers
from portal.embedded.children import Roll
from portal.embedded.errors import StopAsked, Trouble
from portal.embedded.folder import Folder, sentence_for
from portal.embedded.signals import Stop, wait_until

PLACES = 20


@contextmanager
def _free_folder(wanted: Path) -> Iterator[Folder]:
    """The wanted folder, or the next beside it when another run holds it: two runs never share servers."""
    for number in range(1, PLACES + 1):
        folder = Folder(wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}"))
        with folder.lock() as held:
            if held:
                yield folder
                return
    raise Trouble(f"{PLACES} runs use {wanted} and its neighbours already: wait until one has ended.")


def execute(command: Sequence[str], wanted: Path) -> int:
    """Run the command with the addresses of the servers in its environment; its exit code is ours."""
    stop = Stop()
    orphans.adopt()
    with _free_folder(wanted) as folder:
        roll = Roll(folder.run / "children.json")
        roll.end_leftovers()
        try:
            addresses = servers.start(folder, roll, stop, throwaway=True)
            return _run(command, _environment(folder, addresses), stop, roll)
        except StopAsked:
            return 128 + stop.last
        except OSError as error:
            raise Trouble(sentence_for(error, folder.root)) from error
        finally:
            orphans.end(roll.pids())
            roll.stop_all()


def _environment(folder: Folder, addresses: dict[str, str]) -> dict[str, str]:
    data = folder.root / "data"
    data.mkdir(exist_ok=True)
    # Never the data folder of an installation that runs: tests write files, too.
    env = {**os.environ, **addresses, "DATA_DIR": str(data)}
    env.setdefault("SECRET_KEY", folder.secret("secret-key", 48))
    return env


def _run(command: Sequence[str], env: dict[str, str], stop: Stop, roll: Roll) -> int:
    parent, libc = os.getpid(), ctypes.CDLL(None)

    def bind() -> None:  # pragma: no cover (runs between fork and exec)
        libc.prctl(1, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    try:
        # In our own process group on purpose: Ctrl-C and a debugger reach the command as they should.
        process = subprocess.Popen(list(command), env=env, preexec_fn=bind)
    except (FileNotFoundError, PermissionError) as error:
        raise Trouble(
            f"Cannot run {command[0]} ({error.strerror}): is it installed? make setup installs all."
        ) from error
    own = {process.pid, *roll.pids()}

    def over() -> bool:
        for child in roll.children:
            child.ended()
        orphans.bury(own)
        return process.poll() is not None

    while not over():
        wait_until(lambda: over() or bool(stop.times), 3600)
        if stop.times and process.poll() is None:
            _end(process, stop)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _end(process: subprocess.Popen[bytes], stop: Stop) -> None:
    """Wait for a command that was told to stop, and insist in the end."""
    if stop.last != signal.SIGINT:
        process.send_signal(stop.last)
    if not wait_until(lambda: process.poll() is not None, 30, lambda: stop.hurry):
        process.terminate()
        if not wait_until(lambda: process.poll() is not None, 5):
            process.kill()
    process.wait()
