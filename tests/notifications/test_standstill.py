"""Promise P20: a worker that is alive but deaf, or a scheduler that stands still, shows within 90 seconds.

Real processes are stopped (SIGSTOP: alive, and doing nothing). The short form has a shorter limit and the same steps.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client

from notifications import health
from tests.factories.circulations import Stage
from tests.notifications.conftest import queue_notices
from tests.notifications.machinery import ROOT, Workers, wait_for
from tests.notifications.server import running

FULL = os.environ.get("PROVE") == "full"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.prove]
LIMIT, SHOWS_WITHIN = (health.LIMIT_SECONDS, 90) if FULL else (13, 28)
"""The scheduler's tick comes every ten seconds, so a limit below that would be red on good days."""


class Scheduler:
    """Celery beat in a process of its own, on the workers' broker."""

    def __init__(self, workers: Workers, folder: Path) -> None:
        command = [sys.executable, "-m", "celery", "-A", "tests.notifications.victim", "beat", "--loglevel=ERROR"]
        self.process = subprocess.Popen(
            [*command, f"--schedule={folder / 'beat'}", "--pidfile="],
            cwd=ROOT,
            env=workers.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@pytest.fixture
def running_portal(
    worker_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Worker and scheduler at work, and all is well."""
    monkeypatch.setattr(health, "LIMIT_SECONDS", LIMIT)
    with running() as (_, port):
        workers = Workers(port, worker_name)
        redis.Redis.from_url(workers.broker).flushdb()
        workers.start()
        scheduler = Scheduler(workers, tmp_path)
        try:
            assert workers.process is not None
            assert wait_for(lambda: health.status().is_ok, 60, every=0.5), health.status().problems
            yield {"worker": workers.process, "scheduler": scheduler.process}
        finally:
            os.killpg(scheduler.process.pid, signal.SIGKILL)
            scheduler.process.wait()
            workers.kill()


def seconds_until(what: Callable[[], bool], most: float) -> float:
    begun = time.monotonic()
    assert wait_for(what, most, every=0.5), f"not within {most} seconds: {health.status()}"
    return time.monotonic() - begun


@pytest.mark.parametrize("part", ["worker", "scheduler"])
def test_a_standstill_shows_on_both_pages(running_portal: dict[str, subprocess.Popen[bytes]], part: str) -> None:
    staff = Client()
    staff.force_login(Stage().officer)
    anyone, process = Client(), running_portal[part]
    os.killpg(process.pid, signal.SIGSTOP)
    queue_notices(3, "late")
    took = seconds_until(lambda: anyone.get("/healthz").status_code == HTTPStatus.SERVICE_UNAVAILABLE, SHOWS_WITHIN)
    page = staff.get("/outbox/").content.decode()
    assert "Mail does not go out as it should" in page
    assert 'role="alert"' in page
    print(f"{part} stopped: red after {took:.0f} s")
    # The twin: what a check of processes and of the broker would say at this moment.
    assert process.poll() is None, "the process is there"
    assert redis.Redis.from_url(settings.REDIS_URL).ping(), "the broker answers"
    os.killpg(process.pid, signal.SIGCONT)
    seconds_until(lambda: health.status().is_ok, 60)


def test_twin_without_the_ages_a_deaf_worker_is_green_for_ever(
    running_portal: dict[str, subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    os.killpg(running_portal["worker"].pid, signal.SIGSTOP)
    seconds_until(lambda: not health.status().is_ok, SHOWS_WITHIN)
    monkeypatch.setattr(health, "LIMIT_SECONDS", float("inf"))
    assert health.status().is_ok, "database and Redis answer: without tick and oldest row nobody would know"
    connection.close()
