"""The two commands on a fresh machine: what `make run` and `exec` start, say and leave behind. All for real."""

import http.client
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from portal.embedded.accounts import NOTE, forget
from portal.embedded.ports import free_port, is_taken

BASE = Path(__file__).resolve().parent.parent.parent
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
# The tests themselves run against servers of `exec`: what is tested here starts its own.
OURS = (
    *ADDRESSES,
    "EMAIL_URL",
    "EMAIL_KEPT_BY_PORTAL",
    "DATA_DIR",
    "PORT",
    "DEMO",
    "SECRET_KEY",
    "MAKEFLAGS",
    "MAKELEVEL",
)
# Beside another test process on two cores everything takes longer.
PATIENCE = 3 if os.environ.get("PYTEST_XDIST_WORKER") else 1


def outside(**more: str) -> dict[str, str]:
    """The environment of somebody who types make run."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | more


def processes_of(data: Path) -> list[str]:
    """Every process that knows this data folder, by its command line or environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
        if os.fsencode(data) in words and int(folder.name) != os.getpid():
            found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder for data folders; at the end nobody may run on one of them."""
    yield tmp_path
    left = processes_of(tmp_path)
    for note in tmp_path.rglob(NOTE):
        forget(note.parent)
    assert left == []


@dataclass
class Running:
    """A portal that `make run` has started."""

    data: Path
    port: int
    make: subprocess.Popen[bytes]
    output: Path
    seconds: float

    @property
    def lines(self) -> list[str]:
        """What it printed so far."""
        return self.output.read_text(encoding="utf-8").splitlines()

    def supervisor(self) -> int:
        """The process id of the supervisor."""
        return int((self.data / "run" / "lock").read_text(encoding="ascii"))


@contextmanager
def make_run(data: Path, **more: str) -> Iterator[Running]:
    """Start `make run` and wait for its address; at the end it is stopped as by `kill`."""
    port = free_port()
    output = data.with_suffix(".out")
    env = outside(DATA_DIR=str(data), PORT=str(port), **more)
    begun = time.monotonic()
    with (
        output.open("wb") as out,
        subprocess.Popen(
            ["make", "run"], cwd=BASE, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        ) as make,
    ):
        running = Running(data, port, make, output, 0)
        try:
            while not any(line.startswith("ready: ") for line in running.lines):
                assert make.poll() is None, output.read_text(encoding="utf-8")
                assert time.monotonic() - begun < 240, output.read_text(encoding="utf-8")
                time.sleep(0.05)
            running.seconds = time.monotonic() - begun
            yield running
        finally:
            if make.poll() is None:
                make.terminate()
            make.wait(timeout=90)


def refused(data: Path, port: int | str) -> str:
    """What `run` says when it refuses to start: one sentence, no traceback, a code that is not 0."""
    result = subprocess.run(
        [sys.executable, "-m", "portal.embedded", "run"],
        cwd=BASE,
        env=outside(DATA_DIR=str(data), PORT=str(port)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    return result.stderr.strip()


def execute(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one command by `exec`."""
    return subprocess.run(
        [sys.executable, "-m", "portal.embedded", "exec", "--data-dir", str(data), "--", *command],
        cwd=BASE,
        env=outside(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def get(port: int, path: str) -> tuple[int, str]:
    """Status and text of a page of the portal on this port."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        talk.request("GET", path, headers={"Host": "localhost"})
        answer = talk.getresponse()
        return answer.status, answer.read().decode()
    finally:
        talk.close()


def login(data: Path, role: str, password_file: str) -> psycopg.Connection:
    """A connection to the database of a running portal."""
    return psycopg.connect(
        host="127.0.0.1",
        port=int((data / "run" / "postgres-port").read_text(encoding="ascii")),
        dbname="portal",
        user=role,
        password=(data / password_file).read_text(encoding="ascii").strip(),
        autocommit=True,
    )


@pytest.mark.slow
def test_run_starts_serves_stops_and_starts_again(place: Path) -> None:
    """The first start prints password and address; nothing is left after SIGTERM; the second start is quick."""
    data = place / "var"
    with make_run(data) as portal:
        password, ready = portal.lines[-2:]
        assert ready == f"ready: http://localhost:{portal.port}"
        secret = data / "demo-password"
        assert password == f"demo password: {secret.read_text(encoding='ascii').strip()}"
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert get(portal.port, "/healthz")[0] == 200
        check_roles(data)
        check_privacy(data, portal.supervisor())
        assert "already runs" in refused(data, free_port())
        assert f"PORT={portal.port + 1} make run" in refused(place / "other", portal.port)
    assert processes_of(data) == []
    assert not is_taken(portal.port)
    with make_run(data) as again:
        assert again.lines[-2:] == [password, f"ready: http://localhost:{again.port}"]
        assert again.seconds < 10 * PATIENCE
    assert processes_of(data) == []


def check_roles(data: Path) -> None:
    """The application's role may do nothing to tables; the owner's is no superuser."""
    with login(data, "portal_app", "postgres-app-password") as app:
        rights = app.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname LIKE 'portal%' ORDER BY 1"
        ).fetchall()
        assert rights == [("portal_app", False, False, False), ("portal_owner", False, True, False)]
        for refused_sql in (
            "CREATE TABLE mine ()",
            "CREATE TEMPORARY TABLE mine ()",
            "CREATE SCHEMA mine",
            "CREATE DATABASE mine",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(refused_sql)
        owners = app.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert owners == [("portal_owner",)]


def check_privacy(data: Path, supervisor: int) -> None:
    """No part knows the owner's address; no command line tells a password; nothing listens beyond this machine."""
    owner = (data / "postgres-owner-password").read_bytes().strip()
    passwords = [file.read_bytes().strip() for file in data.glob("*-password")]
    for row in json.loads((data / "run" / "children.json").read_text(encoding="ascii")):
        folder = Path(f"/proc/{row['pid']}")
        assert owner not in (folder / "environ").read_bytes()
        assert not [word for word in passwords if word in (folder / "cmdline").read_bytes()]
    names = [row["name"] for row in json.loads((data / "run" / "children.json").read_text(encoding="ascii"))]
    assert names == ["postgres", "valkey", "mail", "worker", "beat", "web"]
    assert supervisor > 0


@pytest.mark.slow
def test_run_recovers_after_kill_and_stops_when_a_part_ends(place: Path) -> None:
    """The start after `kill -9` is as any other; a worker that dies is named, and nothing else goes on."""
    data = place / "var"
    with make_run(data, DEMO="0") as portal:
        os.kill(portal.supervisor(), signal.SIGKILL)
        portal.make.wait(timeout=30)
    with make_run(data, DEMO="0") as again:
        assert get(again.port, "/healthz")[0] == 200
        assert not any(line.startswith("demo password") for line in again.lines)
        rows = json.loads((data / "run" / "children.json").read_text(encoding="ascii"))
        os.kill(next(row["pid"] for row in rows if row["name"] == "worker"), signal.SIGKILL)
        assert again.make.wait(timeout=60) != 0
        assert any(line.startswith("worker ended with code -9") for line in again.lines)
    assert processes_of(data) == []


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.7, 1.5, 3.0])
def test_run_stopped_while_starting_leaves_nothing(place: Path, delay: float) -> None:
    """Ctrl-C at any moment of a start ends everything that is up by then."""
    data = place / "var"
    with subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", "run"],
        cwd=BASE,
        env=outside(DATA_DIR=str(data), PORT=str(free_port())),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        time.sleep(delay)
        run.send_signal(signal.SIGINT)
        run.wait(timeout=90)
    assert processes_of(data) == []


@pytest.mark.slow
def test_exec_passes_addresses_and_exit_code(place: Path) -> None:
    """The command sees three addresses and a data folder of its own; its exit code comes back."""
    data = place / "test"
    result = execute(
        data, "sh", "-c", "echo $DATABASE_URL; echo $DATABASE_OWNER_URL; echo $REDIS_URL; echo $DATA_DIR; exit 7"
    )
    assert result.returncode == 7, result.stderr
    application, owner, redis, folder = result.stdout.split()
    assert application.startswith("postgresql://portal_app:")
    assert owner.startswith("postgresql://portal_owner:")
    assert redis.startswith("redis://:")
    assert folder == str(data / "data")
    assert "Cannot run no-such-program" in execute(data, "no-such-program").stderr


@pytest.mark.slow
def test_exec_ends_servers_that_the_command_restarted(place: Path) -> None:
    """A command may stop a server and start it anew, as tests of faults do: that one ends with the rest."""
    restart = (
        "import os, pathlib, signal, subprocess, sys, time\n"
        "for name in ('postgres', 'valkey'):\n"
        "    row = next(r for r in __import__('json').load(open(sys.argv[1])) if r['name'] == name)\n"
        "    proc = pathlib.Path('/proc') / str(row['pid'])\n"
        "    owner, cwd, exe = proc.stat(), os.readlink(proc / 'cwd'), os.readlink(proc / 'exe')\n"
        "    command = (proc / 'cmdline').read_bytes().decode().rstrip('\\0').split('\\0')\n"
        "    command = [exe, '--dir', cwd, '--port', '0'] if name == 'valkey' else command\n"
        "    os.kill(row['pid'], signal.SIGINT)\n"
        "    time.sleep(2)\n"
        "    subprocess.Popen(command, cwd=cwd, start_new_session=True, user=owner.st_uid, group=owner.st_gid,\n"
        "                     extra_groups=[] if os.geteuid() == 0 else None, stdout=-3, stderr=-3)\n"
        "time.sleep(1)\n"
    )
    data = place / "test"
    result = execute(data, sys.executable, "-c", restart, str(data / "run" / "children.json"))
    assert result.returncode == 0, result.stderr
    assert processes_of(data) == []
    assert [link for link in Path("/proc").glob("[0-9]*/cwd") if reads(link) == str(data / "valkey")] == []


@pytest.mark.slow
def test_exec_told_to_stop_ends_what_its_command_left(place: Path) -> None:
    """A command that dies at SIGTERM leaves a process in a session of its own; it ends all the same."""
    data, sign = place / "test", place / "sign"
    script = f"setsid sh -c 'touch {sign}; sleep 300' & sleep 300"
    words = [sys.executable, "-m", "portal.embedded", "exec", "--data-dir", str(data), "--", "sh", "-c", script]
    with subprocess.Popen(words, cwd=BASE, env=outside(), stderr=subprocess.DEVNULL) as run:
        while not sign.exists():
            assert run.poll() is None
            time.sleep(0.05)
        run.terminate()
        assert run.wait(timeout=60) == 143
    assert processes_of(data) == []


def reads(link: Path) -> str:
    """Where a link of a process points, empty when the process is gone."""
    try:
        return os.readlink(link)
    except OSError:
        return ""


@pytest.mark.slow
def test_exec_twice_at_once_uses_two_places(place: Path) -> None:
    """A second run beside the first gets servers of its own."""
    data = place / "test"
    inner = [
        sys.executable,
        "-m",
        "portal.embedded",
        "exec",
        "--data-dir",
        str(data),
        "--",
        "sh",
        "-c",
        "echo $DATABASE_URL",
    ]
    names = " ".join(f"-u {name}" for name in ADDRESSES)
    result = execute(data, "sh", "-c", f'echo $DATABASE_URL; exec env {names} "$@"', "sh", *inner)
    assert result.returncode == 0, result.stderr
    first, second = result.stdout.split()
    assert first != second
    assert (place / "test-2").is_dir()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root's database server runs under another account")
def test_exec_as_root_changes_no_permissions_above(place: Path) -> None:
    """A closed folder above the data stays closed, and its owner stays; so do all folders above it."""
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    above = {folder: folder.stat().st_mode for folder in [closed, *closed.parents]}
    assert execute(closed / "test", "true").returncode == 0
    assert {folder: folder.stat().st_mode for folder in above} == above
    outside_it = Path((closed / "test" / NOTE).read_text(encoding="utf-8").strip())
    assert outside_it.is_dir()
    shutil.rmtree(closed / "test")
    assert execute(closed / "test", "true").returncode == 0
    assert not outside_it.exists(), "a throwaway cluster whose data folder is gone was kept"


@pytest.mark.slow
def test_run_refuses_a_folder_that_is_a_file(place: Path) -> None:
    """A wrong DATA_DIR is one sentence with its remedy."""
    (place / "file").write_text("", encoding="ascii")
    assert "is not a folder: choose another place with DATA_DIR=" in refused(place / "file", free_port())
    assert "is no port" in refused(place / "var", "eighty")


@pytest.mark.slow
def test_run_refuses_half_of_an_own_database(place: Path) -> None:
    """An application's address without the owner's is named, before anything is touched."""
    result = subprocess.run(
        [sys.executable, "-m", "portal.embedded", "run"],
        cwd=BASE,
        env=outside(DATA_DIR=str(place / "var"), PORT=str(free_port()), DATABASE_URL="postgresql://a@localhost/b"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "DATABASE_URL is set but DATABASE_OWNER_URL is not" in result.stderr
