"""The drainer: sends what is due. The row is the truth; a task, a broker or this process may die at any point.

A row is claimed with a lease, sent outside any transaction, and its result written only by who holds the lease. A
process that dies leaves its lease to run out; the row is then sent again under the same Message-ID.
"""

import datetime as dt
import logging
import math
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from notifications.conversation import Answer, Conversation, ServerFailed
from notifications.enums import Channel, NoticeState
from notifications.models import Notice, Pause
from notifications.rules import Verdict, retry_delay

logger = logging.getLogger("notifications")

BATCH = 50
LEASE = dt.timedelta(seconds=60)
RENEW_AFTER = dt.timedelta(seconds=10)
"""A lease this old is renewed before the next message, so that 50 s are left for the slowest conversation."""
PAUSE = dt.timedelta(seconds=15)
AFTER_CUT = dt.timedelta(seconds=30)
"""A message during which the line was cut waits this long, behind the others: it may itself be the cause."""
SLOT = 7_230_001
"""Advisory lock: one drainer at a time speaks to the mail server, the other processes stay free for other tasks."""


@dataclass
class Batch:
    """Rows held under one lease."""

    lease: uuid.UUID
    rows: list[Notice]
    held_since: float

    def held(self) -> QuerySet[Notice]:
        return Notice.objects.filter(lease=self.lease, state=NoticeState.IN_FLIGHT.value)

    def hold(self) -> bool:
        """Renew a lease that grows old; False when another drainer took the rows meanwhile."""
        if time.monotonic() - self.held_since < RENEW_AFTER.total_seconds():
            return True
        begun = time.monotonic()
        if not self.held().update(lease_until=Now() + LEASE):
            return False
        self.held_since = begun
        return True


def due() -> QuerySet[Notice]:
    """Rows to send now: queued, or claimed under a lease that has run out."""
    free = Q(state=NoticeState.QUEUED.value) | Q(state=NoticeState.IN_FLIGHT.value, lease_until__lte=Now())
    return Notice.objects.filter(free, channel=Channel.EMAIL.value, due_at__lte=Now())


def has_work() -> bool:
    """Something is due and the drain is not paused."""
    return not Pause.objects.filter(until__gt=Now()).exists() and due().exists()


def drain(*, seconds: float = math.inf) -> int:
    """Send all that is due, for at most so many seconds. Never inside a transaction.

    Returns how many messages the server took. A failure of the server pauses the drain and costs no row a try.
    """
    taken, until = 0, time.monotonic() + seconds
    # Asked again after the slot is free: who came while it was taken has gone away.
    while time.monotonic() < until and has_work():
        with _slot() as free:
            if not free:
                break
            taken += _drain_until(until)
    return taken


@contextmanager
def _slot() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SLOT])
        (free,) = cursor.fetchone()
    try:
        yield free
    finally:
        if free:
            _free_slot()


def _free_slot() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SLOT])
    except Error:
        connection.close()  # the lock goes with the connection


def _drain_until(until: float) -> int:
    talk = Conversation()
    try:
        with talk:
            while time.monotonic() < until and (batch := claim()):
                _send(batch, talk, until)
    except ServerFailed as failure:
        pause(failure.reason)
    if talk.taken:
        logger.info("%d notices sent", talk.taken)
    return talk.taken


def claim() -> Batch | None:
    """Take up to 50 due rows under a new lease; rows that another drainer is taking are skipped."""
    lease, begun = uuid.uuid4(), time.monotonic()
    with transaction.atomic(durable=True):
        rows = due().select_for_update(skip_locked=True).order_by("due_at", "pk")[:BATCH]
        keys = list(rows.values_list("pk", flat=True))
        if not keys:
            return None
        Notice.objects.filter(pk__in=keys).update(
            state=NoticeState.IN_FLIGHT.value, lease=lease, lease_until=Now() + LEASE
        )
        mine = Notice.objects.filter(lease=lease).order_by("due_at", "pk")
        return Batch(lease, list(mine), begun)


def _send(batch: Batch, talk: Conversation, until: float) -> None:
    """Send the rows one by one; each result is committed before the next message."""
    for row in batch.rows:
        if time.monotonic() >= until or not batch.hold():
            break
        try:
            answer = talk.deliver(row)
        except ServerFailed as failure:
            give_back(batch, row if failure.is_cut else None, failure.reason)
            raise
        record(batch.lease, row, answer)
    give_back(batch)


def record(lease: uuid.UUID, row: Notice, answer: Answer) -> bool:
    """Write the result of one message. Only the holder of the lease may; False when the lease was lost."""
    tries = row.attempts + 1
    changes: dict[str, Any] = {"lease": None, "lease_until": None, "attempts": tries, "answer": answer.words}
    if answer.verdict is Verdict.ACCEPTED:
        changes |= {"state": NoticeState.ACCEPTED.value, "accepted_at": Now()}
    else:
        wait = retry_delay(tries, random.random()) if answer.verdict is Verdict.TRY_LATER else None  # noqa: S311
        changes |= (
            {"state": NoticeState.QUEUED.value, "due_at": Now() + wait} if wait else {"state": NoticeState.FAILED.value}
        )
        logger.warning("notice %s: %s, try %d", row.pk, answer.verdict, tries)
    held = Notice.objects.filter(pk=row.pk, lease=lease, state=NoticeState.IN_FLIGHT.value)
    return bool(held.update(**changes))


def give_back(batch: Batch, cut: Notice | None = None, reason: str = "") -> None:
    """Free what is still held. The message during which the line was cut goes behind the others; no try is counted."""
    if cut:
        batch.held().filter(pk=cut.pk).update(due_at=Now() + AFTER_CUT, answer=reason)
    batch.held().update(state=NoticeState.QUEUED.value, lease=None, lease_until=None)


def pause(reason: str) -> None:
    """Leave the mail server alone for 15 seconds."""
    logger.warning("mail server failed, pause of %d s: %s", PAUSE.total_seconds(), reason)
    Pause.objects.update_or_create(pk=1, defaults={"until": Now() + PAUSE, "reason": reason})
