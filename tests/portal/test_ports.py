"""Ports of the embedded servers."""

import socket
from pathlib import Path

from portal.embedded.ports import remembered_port


def test_remembered_port_stays_unless_taken(tmp_path: Path) -> None:
    """A port is kept from start to start, and given up when somebody else has it."""
    file = tmp_path / "port"
    port = remembered_port(file)
    assert remembered_port(file) == port
    with socket.create_server(("127.0.0.1", port)):
        other = remembered_port(file)
        assert other != port
    assert remembered_port(file) == other
