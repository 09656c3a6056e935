"""Parts of the supervisor that can be tried without starting anything."""

import stat
from pathlib import Path

import pytest

from portal.embedded.errors import Trouble
from portal.embedded.folder import Folder
from portal.embedded.run import environment, wanted_port
from portal.embedded.steps import static_fingerprint


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eighty", "80.5"])
def test_wanted_port_refuses(text: str) -> None:
    """What is no port is refused by name."""
    with pytest.raises(Trouble, match="PORT=8001 make run"):
        wanted_port({"PORT": text})


def test_environment_hides_the_owner(tmp_path: Path) -> None:
    """Web, worker and scheduler never learn the owner's address or the demo's password."""
    given = {"DATABASE_OWNER_URL": "x", "DEMO_PASSWORD": "y", "ALLOWED_HOSTS": "portal.example", "KEPT": "z"}
    env = environment(given, Folder(tmp_path / "var"), 8005)
    assert "DATABASE_OWNER_URL" not in env
    assert "DEMO_PASSWORD" not in env
    assert env["KEPT"] == "z"
    assert env["BASE_URL"] == "http://localhost:8005"
    assert env["ALLOWED_HOSTS"] == "portal.example,localhost,127.0.0.1,[::1]"
    assert env["DEMO"] == "1"


def test_static_fingerprint_looks_at_what_goes_in_alone(tmp_path: Path) -> None:
    """What was collected does not count, so that the next start need not collect again; a changed file of ours does."""
    for name in ("portal/__init__.py", "portal/settings.py", "requirements.txt", "static/a.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="ascii")
    before = static_fingerprint(tmp_path)
    (tmp_path / "var" / "static").mkdir(parents=True)
    (tmp_path / "var" / "static" / "a.css").write_text("", encoding="ascii")
    assert static_fingerprint(tmp_path) == before
    (tmp_path / "static" / "a.css").write_text("a {}", encoding="ascii")
    assert static_fingerprint(tmp_path) != before


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    """A secret stays the same, and only its owner reads it."""
    folder = Folder(tmp_path / "var")
    secret = folder.secret("secret-key")
    assert Folder(tmp_path / "var").secret("secret-key") == secret
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600


def test_lock_is_held_by_one(tmp_path: Path) -> None:
    """While one holds the folder nobody else does."""
    with Folder(tmp_path / "var").lock() as first, Folder(tmp_path / "var").lock() as second:
        assert first
        assert not second
    with Folder(tmp_path / "var").lock() as third:
        assert third
