"""A real worker with its scheduler: the memory it takes, and how the web answers while it sends at a rate."""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.models.functions import Now

from notifications.enums import NoticeState
from notifications.models import Notice, Pause
from tests.bench import notices
from tests.bench.measure import Target

MEMORY_MIB, GROWTH_MIB = 120, 8
RATE, WEB_SLOWER = 30, 1.5
ROUNDS, REQUESTS = 4, 120
SETTLE_SECONDS = 5.5
"""A drain that runs goes on for four seconds after it is paused; the next sweep comes after five."""


@contextmanager
def worker(smtp_port: int, rates: str) -> Iterator[int]:
    """A worker of two processes with its scheduler, as in production; the id of its process group."""
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"}
    env |= {"EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}", "MAIL_RATES": rates}
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "portal",
            "worker",
            "--concurrency=2",
            "--loglevel=ERROR",
            "-B",
        ]
        process = subprocess.Popen(
            [*command, "-s", f"{folder}/beat"],
            env=env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process.pid
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def pss(group: int) -> dict[int, float]:
    """MiB of each process of the group: what is shared counts by share."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if int((place / "stat").read_text().rpartition(")")[2].split()[2]) != group:
                continue
            lines = (place / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found[int(place.name)] = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return found


def measure(page: Target) -> list[notices.Row]:
    with notices.sink() as port:
        return [*memory(port), web_beside(port, page)]


def queue_all() -> int:
    return Notice.objects.filter(subject_kind=notices.SUBJECT).update(
        state=NoticeState.QUEUED.value, lease=None, due_at=Now(), attempts=0, accepted_at=None
    )


def left() -> int:
    return Notice.objects.filter(state__in=[NoticeState.QUEUED.value, NoticeState.IN_FLIGHT.value]).count()


def memory(port: int) -> list[notices.Row]:
    """The largest process while 9,650 mails go out, and how much it grew between the first and the last quarter."""
    samples: list[tuple[int, dict[int, float]]] = []
    with worker(port, "") as group:
        count = queue_all()
        begun = time.monotonic()
        while (still := left()) and time.monotonic() - begun < 180:
            time.sleep(0.5)
            samples.append((still, pss(group)))
    if still:
        raise AssertionError(f"{still} notices are left")
    largest = max(max(one.values()) for _, one in samples if one)
    early = [max(one.values()) for still, one in samples if count * 0.6 < still < count * 0.9]
    late = [max(one.values()) for still, one in samples if still < count * 0.3]
    growth = statistics.median(late) - statistics.median(early)
    together = max(sum(one.values()) for _, one in samples)
    return [
        notices.Row(
            "memory of a worker process while it sends (PSS)",
            f"{largest:.0f} MiB; parent, two processes and scheduler together {together:.0f} MiB",
            f"≤ {MEMORY_MIB} MiB",
            largest <= MEMORY_MIB,
        ),
        notices.Row(
            "its growth from the first to the last quarter of the mails",
            f"{growth:+.1f} MiB",
            f"≤ {GROWTH_MIB} MiB",
            growth <= GROWTH_MIB,
        ),
    ]


def web_beside(port: int, page: Target) -> notices.Row:
    """p95 of a page while mail goes out at a rate, beside the same worker with nothing to send; they take turns."""
    quiet: list[float] = []
    busy: list[float] = []
    sent = 0
    with worker(port, f"total={RATE}"):
        Pause.objects.update_or_create(pk=1, defaults={"until": Now() + notices.DAY, "reason": "bench"})
        queue_all()
        time.sleep(SETTLE_SECONDS)
        for _ in range(ROUNDS):
            quiet += times(page)
            Pause.objects.all().delete()
            time.sleep(SETTLE_SECONDS)
            before = left()
            busy += times(page)
            sent += before - left()
            Pause.objects.update_or_create(pk=1, defaults={"until": Now() + notices.DAY, "reason": "bench"})
            time.sleep(SETTLE_SECONDS)
    Pause.objects.all().delete()
    Notice.objects.filter(subject_kind=notices.SUBJECT).update(
        state=NoticeState.ACCEPTED.value, accepted_at=Now() - 2 * notices.DAY
    )
    if not sent:
        raise AssertionError("nothing was sent meanwhile")
    idle, slowed = p95(quiet), p95(busy)
    return notices.Row(
        f"web p95 while mail goes out at {RATE} a second",
        f"{slowed:.1f} ms beside {idle:.1f} ms idle: {slowed / idle:.2f}",
        f"≤ {WEB_SLOWER}",
        slowed / idle <= WEB_SLOWER,
    )


def times(page: Target) -> list[float]:
    """Milliseconds of requests, with a pause between them as people make them, over some seconds."""
    found = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        status, _, _ = page.get()
        found.append((time.perf_counter() - started) * 1000)
        if status != 200:
            raise AssertionError(f"{page.path} answered {status}")
        time.sleep(0.02)
    return found


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]
