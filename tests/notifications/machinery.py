"""Real workers, and the servers they lean on: started, killed, stopped and started again from outside."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
from django.conf import settings
from django.db import connection, connections
from kombu.exceptions import KombuError

from notifications.tasks import drain_notices
from portal.celery import app

ROOT = Path(settings.BASE_DIR)


def wait_for(what: Callable[[], Any], seconds: float, *, every: float = 0.1) -> bool:
    """Ask again and again until it is so, for at most so many seconds."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


def other_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


class Workers:
    """A group of Celery worker processes with the test's database, a broker of their own and the test's mail server."""

    def __init__(self, smtp_port: int, worker_name: str) -> None:
        number = int(worker_name.removeprefix("gw")) if worker_name.startswith("gw") else 0
        self.broker = other_path(settings.REDIS_URL, str(15 - number % 8))
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"},
            "DATABASE_URL": other_path(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]),
            "REDIS_URL": self.broker,
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **victim: str) -> None:
        command = [sys.executable, "-m", "celery", "-A", "tests.notifications.victim", "worker"]
        options = ["--concurrency=2", "--loglevel=ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        named = {f"VICTIM_{name.upper()}": value for name, value in victim.items()}
        self.process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**self.environment, **named},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def is_killed(self) -> bool:
        """The group killed itself; an assertion when it ended in another way."""
        code = self.process.poll() if self.process else None
        assert code in {None, -signal.SIGKILL}, f"the worker ended by itself: {code}"
        return code is not None

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL to the whole group: nothing is tidied up."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def hand_over(self, task: str, keys: list[int]) -> None:
        """The naive way: one task for each message, straight into the broker."""
        with app.connection_for_write(self.broker) as broker:
            for key in keys:
                app.send_task(task, [key], connection=broker)

    def waiting(self) -> int:
        """Tasks in the broker that nobody has taken."""
        found: int = redis.Redis.from_url(self.broker).llen("celery")  # type: ignore[assignment]
        return found

    def wake(self) -> None:
        """What beat does every few seconds."""
        impatient = {"max_retries": 0, "interval_start": 0, "socket_connect_timeout": 1, "socket_timeout": 2}
        with (
            contextlib.suppress(KombuError, redis.RedisError, OSError),
            app.connection_for_write(self.broker, transport_options=impatient) as broker,
        ):
            drain_notices.apply_async(connection=broker, retry=False)


def restart_valkey() -> None:
    """Stop the broker without saving, wait, start it anew: everything in it is gone."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    found: dict[str, Any] = client.info("server")  # type: ignore[assignment]
    kept: dict[str, str] = client.config_get("*")  # type: ignore[assignment]
    client.flushall()
    client.shutdown(nosave=True)
    client.close()
    time.sleep(3)
    names = ("port", "bind", "dir", "requirepass", "protected-mode")
    options = [part for name in names if kept.get(name) for part in (f"--{name}", kept[name])]
    _spawn([found["executable"], *options, "--save", "", "--appendonly", "no"])
    assert wait_for(_valkey_answers, 10)


def _valkey_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL).ping())
    except redis.RedisError:
        return False


def restart_postgres() -> None:
    """A fast shutdown, then the same server again with the same command, as the same system user."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    status = Path(f"/proc/{backend}/status").read_text().splitlines()
    facts = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    postmaster = int(facts["PPid"])
    place = Path(f"/proc/{postmaster}")
    command = place.joinpath("cmdline").read_bytes().decode().rstrip("\0").split("\0")
    folder = os.readlink(place / "cwd")
    user, group = int(facts["Uid"].split()[0]), int(facts["Gid"].split()[0])
    connections.close_all()
    os.kill(postmaster, signal.SIGINT)
    assert wait_for(lambda: not place.exists() or "Z (zombie)" in place.joinpath("status").read_text(), 20)
    same = {} if os.geteuid() else {"user": user, "group": group, "extra_groups": []}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.Popen(command, cwd=folder, start_new_session=True, **same, **quiet)  # type: ignore[call-overload]
    assert wait_for(_postgres_answers, 20)


def _postgres_answers() -> bool:
    from django.db import OperationalError

    try:
        connection.ensure_connection()
    except OperationalError:
        connections.close_all()
        return False
    return True


def _spawn(command: list[str]) -> None:
    """Start a server that outlives the test, as whoever runs the test."""
    subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
