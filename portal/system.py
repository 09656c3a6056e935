"""The state of the system in one table: what waits, what runs, which versions, how much room is left.

Every part is asked with a short limit of its own, so that the page answers within a second also when one is gone.
"""

import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version

import django
import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, F, Max, Min
from django.db.models.functions import Greatest, Now
from redis.backoff import NoBackoff
from redis.retry import Retry

from endorsements.enums import State
from endorsements.models import Circulation, RegisterEntry
from notifications import drainer
from notifications.enums import NoticeState
from notifications.health import LIMIT_SECONDS, paused
from notifications.models import Notice, Tick

REDIS_SECONDS = 0.3
QUEUE = "celery"
LEAST_FREE = 2 * 1024**3
GONE = "does not answer"


class Level(StrEnum):
    """The word that stands beside the colour."""

    FINE = "fine"
    LOOK = "look at this"
    BAD = "not well"
    PLAIN = ""


@dataclass(frozen=True)
class Fact:
    """One row of the table."""

    name: str
    value: str
    level: Level = Level.PLAIN


@dataclass(frozen=True)
class Group:
    name: str
    facts: list[Fact]


def groups() -> Iterator[Group]:
    """All facts, in the order of the page."""
    for name, ask in (
        ("Notices", notices),
        ("Queue of wake-up calls", queue),
        ("Scheduler", scheduler),
        ("Circulations and register", register),
        ("Room", room),
        ("Versions", versions),
        ("Last migrations", migrations),
    ):
        yield Group(name, list(ask()))


def ago(seconds: float | None) -> str:
    """Just now, 42 seconds ago, 7 minutes ago, 3 hours ago, 2 days ago."""
    if seconds is None:
        return "never"
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {name}s ago"
    return "just now" if seconds < 2 else f"{seconds:.0f} seconds ago"


def size(number: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.1f} GB"


def notices() -> Iterator[Fact]:
    rows = drainer.due().annotate(age=Now() - Greatest("due_at", "lease_until"))
    due = rows.aggregate(count=Count("pk"), oldest=Max("age"))
    oldest = due["oldest"].total_seconds() if due["oldest"] is not None else None
    late = oldest is not None and oldest > LIMIT_SECONDS
    yield Fact("Due now", str(due["count"]), Level.BAD if late else Level.FINE)
    yield Fact("The oldest of them was due", ago(oldest) if oldest is not None else "none is due")
    counts = dict(Notice.objects.order_by().values_list("state").annotate(count=Count("pk")))
    for state in NoticeState:
        is_bad = state == NoticeState.FAILED and counts.get(state.value)
        name = state.value.replace("_", " ").capitalize()
        yield Fact(name, str(counts.get(state.value, 0)), Level.LOOK if is_bad else Level.PLAIN)
    pause = paused()
    if pause:
        yield Fact("Mail server", f"left alone until {pause.until:%-d %b %Y, %H:%M:%S} UTC: {pause.reason}", Level.BAD)


def queue() -> Iterator[Fact]:
    """Messages that wait in Valkey, and those a worker took and has not finished."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with client.pipeline(transaction=False) as pipe:
            pipe.info("server")
            pipe.llen(QUEUE)
            pipe.hlen("unacked")
            server, waiting, taken = pipe.execute()
    except redis.RedisError:
        sentence = f"{GONE}. No notice is lost: the rows in the database are the truth, and sending goes on after it."
        yield Fact("Valkey", sentence, Level.BAD)
        return
    finally:
        client.close()
    name = "Valkey" if "valkey_version" in server else "Redis"
    yield Fact(name, str(server.get("valkey_version") or server.get("redis_version")), Level.FINE)
    yield Fact("Waiting", str(waiting), Level.LOOK if waiting > 100 else Level.FINE)
    yield Fact("Taken by a worker", str(taken))


def scheduler() -> Iterator[Fact]:
    ticks = list(Tick.objects.annotate(age=Now() - F("at")).order_by("name"))
    if not ticks:
        yield Fact("Last tick", "never", Level.BAD)
    for tick in ticks:
        seconds = tick.age.total_seconds()
        yield Fact(f"Last tick of {tick.name}", ago(seconds), Level.BAD if seconds > LIMIT_SECONDS else Level.FINE)


def register() -> Iterator[Fact]:
    counts = dict(Circulation.objects.order_by().values_list("state").annotate(count=Count("pk")))
    for state in (State.DRAFT, State.OPEN, State.WAITING):
        yield Fact(f"Circulations {state.value.replace('_', ' ')}", str(counts.get(state.value, 0)))
    nearest = Circulation.objects.filter(state=State.OPEN.value).aggregate(at=Min("expires_at"))["at"]
    yield Fact("Next deadline", f"{nearest:%-d %b %Y, %H:%M:%S} UTC" if nearest else "none")
    last = RegisterEntry.objects.order_by("-seq").values_list("seq", "head").first()
    yield Fact("Entries of the register", str(last[0] if last else 0))
    yield Fact("Head of the register", last[1] if last else "the register is empty")


def room() -> Iterator[Fact]:
    disk = shutil.disk_usage(settings.DATA_DIR)
    free = f"{size(disk.free)} of {size(disk.total)} free"
    yield Fact("Disk of the data folder", free, Level.BAD if disk.free < LEAST_FREE else Level.FINE)
    count, total = stored_files()
    yield Fact("Uploaded files", f"{count} files, {size(total)}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        yield Fact("Database", size(cursor.fetchone()[0]))


def stored_files() -> tuple[int, int]:
    """Number and bytes of the files in the data folder."""
    count = total = 0
    for folder, _, names in os.walk(settings.FILES_DIR):
        for name in names:
            with suppress(FileNotFoundError):  # an upload that ended just now
                total += os.stat(os.path.join(folder, name)).st_size
                count += 1
    return count, total


def versions() -> Iterator[Fact]:
    yield Fact("Portal", portal_version())
    yield Fact("Python", platform.python_version())
    yield Fact("Django", django.get_version())
    yield Fact("Celery", version("celery"))
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        yield Fact("PostgreSQL", str(cursor.fetchone()[0]))


def portal_version() -> str:
    """As pyproject.toml says: the portal runs from its folder and is not installed as a package."""
    for line in (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("version = "):
            return line.split('"')[1]
    return "not known"


def migrations() -> Iterator[Fact]:
    rows = MigrationRecorder.Migration.objects.order_by("-id").values_list("app", "name", "applied")[:5]
    for app, name, applied in rows:
        yield Fact(f"{app} {name}", f"{applied:%-d %b %Y, %H:%M:%S} UTC")
