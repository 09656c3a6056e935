"""Ports on this machine: which are free, and which one was used last."""

import errno
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"


def is_taken(port: int) -> bool:
    """Whether somebody listens on this port of localhost, in either family."""
    for family, address in ((socket.AF_INET, LOOPBACK), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the servers do: a connection that has just ended (TIME_WAIT) does not occupy a port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return True
    return False


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def remembered_port(file: Path) -> int:
    """The port of last time if it is still free, else another one, which is then remembered."""
    try:
        port = int(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        port = 0
    if not 1024 <= port <= 65535 or is_taken(port):
        port = free_port()
        file.write_text(f"{port}\n", encoding="ascii")
    return port
