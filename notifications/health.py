"""Whether the portal lives: database, Redis, the scheduler's last tick, the oldest notice that should have left."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import redis
from django.conf import settings
from django.db import Error
from django.db.models import F, Min
from django.db.models.functions import Greatest, Now

from notifications import drainer, rates
from notifications.clock import clock
from notifications.models import Pause, Tick
from notifications.tasks import SCHEDULER

LIMIT_SECONDS = 60
"""Older than this is red, so that a stopped scheduler or a deaf worker shows within 90 seconds."""


@dataclass(frozen=True)
class Health:
    """Ages in seconds; None: no tick was ever noted, nothing is due, or the database could not be asked."""

    database: bool
    redis: bool
    last_tick_seconds: float | None
    oldest_due_seconds: float | None
    problems: list[str] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.is_ok, **asdict(self)}


def status() -> Health:
    """Ask database and Redis now. Never raises because one of them is down."""
    problems: list[str] = []
    tick = oldest = None
    try:
        tick, oldest = _last_tick(), _oldest_due()
        database = True
    except Error:
        database = False
        problems.append("The database does not answer.")
    is_redis_up = _redis_answers()
    if not is_redis_up:
        problems.append("Redis does not answer.")
    if database:
        problems += _late(tick, oldest)
    return Health(database, is_redis_up, tick, oldest, problems)


def _late(tick: float | None, oldest: float | None) -> list[str]:
    late = []
    if tick is None:
        late.append("The scheduler has not run yet.")
    elif tick > LIMIT_SECONDS:
        late.append(f"The scheduler last woke a worker {tick:.0f} seconds ago.")
    if oldest is not None and oldest > LIMIT_SECONDS:
        late.append(f"A notice has been due for {oldest:.0f} seconds.")
    return late


def _last_tick() -> float | None:
    age = Tick.objects.filter(name=SCHEDULER).annotate(age=Now() - F("at")).values_list("age", flat=True).first()
    return round(age.total_seconds(), 1) if age is not None else None


def _oldest_due() -> float | None:
    """Seconds since the oldest free row should have left; of a claimed row since its lease ran out; of a row whose
    domain has a rate since that domain might have had its next message."""
    late = drainer.due().annotate(since=Greatest("due_at", "lease_until"))
    if settings.MAIL_RATES:
        oldest = _oldest_beyond_its_rate(late.annotate(pace=drainer.pace_name()).values_list("pace", "since"))
        age = clock() - oldest if oldest else None
    else:
        age = late.aggregate(age=Now() - Min("since"))["age"]
    return round(max(0.0, age.total_seconds()), 1) if age is not None else None


def _oldest_beyond_its_rate(late: Iterable[tuple[str, dt.datetime]]) -> dt.datetime | None:
    """`late`: the pace and the instant of each row."""
    kept = dict(Tick.objects.filter(name__startswith=rates.PREFIX).values_list("name", "at"))
    shut = kept.get(rates.name_of(rates.TOTAL))
    instants = [max(at for at in (since, kept.get(pace), shut) if at) for pace, since in late]
    return min(instants, default=None)


def paused() -> Pause | None:
    """The pause after a failure of the mail server, while it lasts."""
    return Pause.objects.filter(until__gt=Now()).first()


def _redis_answers() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
