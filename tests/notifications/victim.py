"""The Celery app of workers that are killed: the portal's own, with a short lease and a place where it kills itself.

    celery -A tests.notifications.victim worker

VICTIM_LEASE: seconds. VICTIM_CRASH: "point:n", SIGKILL to the whole group at the n-th pass of a named crash point.
VICTIM_TWIN: a control taken out, "accepted-first" (the result is written before the message is sent) or
"task-is-truth" (the row is done once a task has taken it, as when a broker is trusted). Besides there are the naive
ways: `send_one` and `send_one_late`, one Celery task for each message.
"""

import datetime as dt
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import django

from portal.celery import app
from tests.notifications.victim_points import CRASH_POINTS

django.setup()

from notifications import conversation, drainer  # noqa: E402
from notifications.models import Notice  # noqa: E402
from notifications.results import Result  # noqa: E402
from notifications.rules import Verdict  # noqa: E402

point, _, passes = os.environ.get("VICTIM_CRASH", "").partition(":")
left = int(passes or 0)
assert not point or point in CRASH_POINTS
drainer.LEASE = dt.timedelta(seconds=float(os.environ.get("VICTIM_LEASE", "60")))
drainer.PAUSE = dt.timedelta(seconds=float(os.environ.get("VICTIM_PAUSE", "15")))


def crash(name: str) -> None:
    global left
    if not point or name != point:
        return
    left -= 1
    if left <= 0:
        os.killpg(0, signal.SIGKILL)


def around(owner: Any, name: str, before: str, after: str) -> None:
    """Put crash points before and after a function of the portal; what it does stays its own."""
    real: Callable[..., Any] = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        crash(before)
        result = real(*args, **kwargs)
        crash(after)
        return result

    setattr(owner, name, wrapped)


around(drainer, "claim", "", "claimed")
around(drainer, "Batch", "claiming", "")  # inside the claim's transaction, after the update
around(conversation.Conversation, "__enter__", "", "connected")
around(conversation.Conversation, "deliver", "sending", "sent")
around(drainer, "record", "recording", "recorded")
around(drainer, "give_back", "giving-back", "")


def hope(batch: Any, rows: list[Any]) -> None:
    words = conversation.Answer(Verdict.ACCEPTED, "250 hoped for")
    drainer.record(batch.lease, [Result(row, words, time.monotonic()) for row in rows])


def accepted_first(batch: Any, talk: Any, until: float) -> None:
    """Twin: each row is marked as sent, then sent."""
    for row in batch.rows:
        hope(batch, [row])
        talk.deliver(row)


def task_is_truth(batch: Any, talk: Any, until: float) -> None:
    """Twin: the batch is off the table once a task has it, as with a broker that was acknowledged."""
    hope(batch, batch.rows)
    for row in batch.rows:
        talk.deliver(row)


def send(pk: int) -> None:
    """One message, over a connection of its own."""
    with conversation.Conversation() as talk:
        talk.deliver(Notice.objects.get(pk=pk))


@app.task(name="victim.send_one", acks_late=False, reject_on_worker_lost=False, ignore_result=True)
def send_one(pk: int) -> None:
    """The first naive way: the broker is told that the task is done when it begins."""
    send(pk)


@app.task(name="victim.send_one_late", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def send_one_late(pk: int) -> None:
    """The second: it is told when the task has ended; a dead worker keeps its tasks until the broker misses them."""
    send(pk)


if twin := os.environ.get("VICTIM_TWIN"):
    drainer._send = {"accepted-first": accepted_first, "task-is-truth": task_is_truth}[twin]  # type: ignore[assignment]
