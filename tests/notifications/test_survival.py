"""Promise P19: workers are killed, servers stopped, mail servers fail; no notice is lost.

A repeat is allowed only for a message that was in flight at a kill (sent, its result not yet written; at most a batch),
under the same Message-ID. The twins take a control out, or go one of the naive ways, and must lose messages.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from notifications import drainer
from notifications.enums import NoticeState
from notifications.models import Notice
from tests.notifications import machinery
from tests.notifications.conftest import queue_notices
from tests.notifications.machinery import Workers, wait_for
from tests.notifications.server import Post, running
from tests.notifications.victim_points import CRASH_POINTS

FULL = os.environ.get("PROVE") == "full"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.prove]
SHORT = {} if FULL else {"lease": "2", "pause": "1"}
"""Leases and pauses of the small run; the full run has the real ones."""


@pytest.fixture
def scene(worker_name: str) -> Iterator[tuple[Post, Workers]]:
    with running() as (post, port):
        workers = Workers(port, worker_name)
        try:
            yield post, workers
        finally:
            workers.kill()


def accepted() -> int:
    return Notice.objects.filter(state=NoticeState.ACCEPTED.value).count()


def open_rows() -> int:
    return drainer.due().count() + Notice.objects.filter(state=NoticeState.IN_FLIGHT.value).count()


class Ordeal:
    """Keeps the books: what the server had accepted and no row knew of, at each kill."""

    def __init__(self, post: Post, workers: Workers) -> None:
        self.post, self.workers = post, workers
        self.in_flight: Counter[str] = Counter()
        """For each message how many of its sends were in flight at a kill."""
        self.kills = 0

    def until(self, what: Any, seconds: float) -> bool:
        """Wait, and meanwhile wake the workers as beat does."""

        def asked() -> bool:
            self.workers.wake()
            return bool(what())

        return wait_for(asked, seconds, every=0.25)

    def crash_at(self, point: str, passes: int) -> None:
        self.workers.start(crash=f"{point}:{passes}", **SHORT)
        assert self.until(self.workers.is_killed, 120), f"no worker came to {point}"
        self.workers.kill()
        self.settle()

    def kill_after(self, messages: int) -> None:
        goal = len(self.post.accepted) + messages
        self.workers.start(**SHORT)
        assert self.until(lambda: len(self.post.accepted) >= goal, 120)
        assert self.workers.is_alive(), "the worker ended by itself"
        time.sleep(random.random() * 0.05)
        self.workers.kill()
        self.settle()

    def settle(self) -> None:
        """After a kill: what was taken by the server and not yet written down was in flight, at most one batch."""
        self.kills += 1
        time.sleep(0.3)
        sent = self.post.times
        unknown = Notice.objects.filter(message_id__in=sent).exclude(state=NoticeState.ACCEPTED.value)
        now = {key: sent[key] for key in unknown.values_list("message_id", flat=True)}
        fresh = sum(count - self.in_flight[key] for key, count in now.items())
        assert fresh <= drainer.BATCH, "at most one batch is in flight at a time"
        self.in_flight.update({key: count - self.in_flight[key] for key, count in now.items()})

    def finish(self, seconds: float) -> float:
        """Let workers end the work undisturbed; how long it took."""
        begun = time.monotonic()
        self.workers.start(**SHORT)
        assert self.until(lambda: not open_rows(), seconds), f"{open_rows()} rows are left"
        return time.monotonic() - begun

    def check(self, rows: list[Notice]) -> None:
        sent = self.post.times
        wanted = {row.message_id for row in rows}
        assert set(sent) == wanted, f"lost {len(wanted - set(sent))}, unknown {len(set(sent) - wanted)}"
        repeated = {key: count - 1 for key, count in sent.items() if count > 1}
        more = {key: count for key, count in repeated.items() if count > self.in_flight[key]}
        assert not more, "a message was repeated more often than it was in flight at a kill"
        print(
            f"{len(wanted)} notices, {self.kills} kills, 0 lost, {sum(repeated.values())} repeated of "
            f"{sum(self.in_flight.values())} sends in flight"
        )


@pytest.mark.reduced
def test_no_notice_is_lost_when_workers_are_killed(scene: tuple[Post, Workers]) -> None:
    ordeal = Ordeal(*scene)
    ordeal.post.script.delay = 0.004
    rows = queue_notices(200)
    ordeal.crash_at("sent", 40)
    ordeal.crash_at("claimed", 2)
    ordeal.crash_at("recording", 1)
    ordeal.crash_at("recorded", 1)
    ordeal.kill_after(20)
    ordeal.finish(30)
    assert accepted() == 200
    ordeal.check(rows)
    assert sum(ordeal.in_flight.values()) >= 40, "the crash after messages were taken shows as repeats"
    assert max(ordeal.post.times.values()) > 1


@pytest.mark.parametrize("twin", ["accepted-first", "task-is-truth"])
def test_twin_without_the_row_as_truth_loses_notices(scene: tuple[Post, Workers], twin: str) -> None:
    post, workers = scene
    ordeal = Ordeal(post, workers)
    rows = queue_notices(60)
    workers.start(crash="sending:20", twin=twin, **SHORT)
    assert ordeal.until(workers.is_killed, 60)
    workers.kill()
    ordeal.finish(90)
    lost = {row.message_id for row in rows} - set(post.times)
    assert lost, "with the control taken out the test must find lost messages"
    assert not open_rows(), "and no row knows of them"
    print(f"twin {twin}: {len(lost)} of 60 lost")


@pytest.mark.parametrize("task", ["victim.send_one", "victim.send_one_late"])
def test_twin_one_task_for_each_message_loses_what_a_worker_had_in_hand(scene: tuple[Post, Workers], task: str) -> None:
    post, workers = scene
    ordeal = Ordeal(post, workers)
    rows = queue_notices(60)
    # As if notices were no rows that a drainer sees: the tasks alone know of them.
    Notice.objects.update(state=NoticeState.WITHHELD.value)
    workers.hand_over(task, [row.pk for row in rows])
    workers.start(crash="sending:20", **SHORT)
    assert ordeal.until(workers.is_killed, 60)
    workers.kill()
    workers.start(**SHORT)
    assert ordeal.until(lambda: not workers.waiting(), 60)
    ordeal.until(lambda: False, 120 if FULL else 3)
    lost = {row.message_id for row in rows} - set(post.times)
    assert lost, "the task of the message that was about to be sent is gone, or not given out within the time allowed"
    print(f"twin {task}: {len(lost)} of 60 not delivered")


def spoil(post: Post, rows: list[Notice]) -> tuple[set[str], set[str]]:
    """Faults of the mail server for chosen recipients; Message-IDs that are refused, and that are put off."""
    chosen = random.Random(19).sample(rows, 60)
    refused, put_off = chosen[:10], chosen[10:20]
    for row in refused:
        post.script.at_recipient[row.address] = ["550 5.1.1 No such mailbox"]
    for row in put_off:
        post.script.at_recipient[row.address] = ["451 4.2.0 Later"]
    for number, row in enumerate(chosen[20:29]):
        words = post.script.at_text if number % 3 else post.script.at_recipient
        words[row.address] = [("421 4.3.2 Closing", "slow", "cut")[number % 3]]
    return {row.message_id for row in refused}, {row.message_id for row in put_off}


@pytest.mark.full
def test_no_notice_is_lost_in_the_full_ordeal(scene: tuple[Post, Workers]) -> None:
    ordeal = Ordeal(*scene)
    rows = queue_notices(10_000)
    refused, put_off = spoil(ordeal.post, rows)
    for point in CRASH_POINTS:
        ordeal.crash_at(point, {"sending": 100, "sent": 100}.get(point, 2 if point.startswith("record") else 1))
    for _ in range(20):
        ordeal.kill_after(random.randint(50, 400))
    ordeal.workers.start()
    ordeal.until(lambda: False, 3)
    machinery.restart_valkey()
    ordeal.until(lambda: False, 3)
    machinery.restart_postgres()
    ordeal.until(lambda: False, 3)
    ordeal.workers.kill()
    ordeal.settle()
    took = ordeal.finish(120)
    print(f"drained {took:.0f} s after recovery")
    assert ordeal.until(lambda: accepted() == len(rows) - len(refused), 120), "what was put off is sent later"
    assert set(Notice.objects.filter(state=NoticeState.FAILED.value).values_list("message_id", flat=True)) == refused
    assert not put_off - set(ordeal.post.times)
    # The server cut the line or fell silent after it had the text of six: these are in flight, too.
    ordeal.in_flight.update(row.message_id for row in rows if row.address in ordeal.post.script.at_text)
    ordeal.check([row for row in rows if row.message_id not in refused])
    connections.close_all()
