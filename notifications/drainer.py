"""The drainer: sends what is due. The row is the truth; a task, a broker or this process may die at any point.

Rows are claimed with a lease, sent outside any transaction, and the results of a batch written by who holds the lease.
A process that dies leaves its lease to run out; the rows whose results were not written are then sent again under the
same Message-ID.
"""

import datetime as dt
import logging
import math
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Now, Right

from notifications import rates
from notifications.clock import clock
from notifications.conversation import Answer, Conversation, ServerFailed
from notifications.enums import Channel, NoticeState
from notifications.models import Notice, Pause, Tick
from notifications.results import Result, record

logger = logging.getLogger("notifications")

BATCH = 50
"""At most so many messages are in flight: sent, and their results not yet written."""
RECORD_AFTER = dt.timedelta(seconds=1)
"""Results this old are written though the batch goes on: with a slow server few messages are in flight."""
LEASE = dt.timedelta(seconds=60)
RENEW_AFTER = dt.timedelta(seconds=10)
"""A lease this old is renewed before the next message, so that 50 s are left for the slowest conversation."""
PAUSE = dt.timedelta(seconds=15)
AFTER_CUT = dt.timedelta(seconds=30)
"""A message during which the line was cut waits this long, behind the others: it may itself be the cause."""
SHORTEST_WAIT, LONGEST_WAIT = 0.01, 0.25
"""While every domain that is due has used its rate up, the rows are looked at again after such a time."""
SLOT = 7_230_001
"""Advisory lock: one drainer at a time speaks to the mail server, the other processes stay free for other tasks."""


@dataclass
class Batch:
    """Rows held under one lease. None: nothing may leave for `wait` seconds."""

    lease: uuid.UUID
    rows: list[Notice]
    held_since: float
    wait: float = 0.0
    results: list[Result] = field(default_factory=list)
    """Answers of the server that are not written yet."""
    answered: int = 0

    def change(self, rows: list[Notice], **values: Any) -> int:
        """Change those of the rows that are still ours; not those that somebody else holds just now, so as never to
        wait while holding others (see `results.RECORD`). Returns how many."""
        ours = Notice.objects.filter(
            pk__in=[row.pk for row in rows], lease=self.lease, state=NoticeState.IN_FLIGHT.value
        )
        with transaction.atomic(durable=True):
            free = list(ours.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
            return Notice.objects.filter(pk__in=free).update(**values)

    def hold(self) -> bool:
        """Renew a lease that grows old; False when another drainer took the rows meanwhile."""
        if time.monotonic() - self.held_since < RENEW_AFTER.total_seconds():
            return True
        begun = time.monotonic()
        if not self.change(self.rows, lease_until=Now() + LEASE):
            return False
        self.held_since = begun
        return True

    def note(self, row: Notice, answer: Answer) -> None:
        """Keep an answer in hand, and write what is in hand when the oldest grows old."""
        self.results.append(Result(row, answer, time.monotonic()))
        self.answered += 1
        if time.monotonic() - self.results[0].at >= RECORD_AFTER.total_seconds():
            self.write()

    def write(self) -> None:
        results, self.results = self.results, []
        record(self.lease, results)


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
                if batch.rows:
                    _send(batch, talk, until)
                else:
                    time.sleep(max(0.0, min(batch.wait, LONGEST_WAIT, until - time.monotonic())))
    except ServerFailed as failure:
        pause(failure.reason)
    if talk.taken:
        logger.info("%d notices sent", talk.taken)
    return talk.taken


def claim() -> Batch | None:
    """Take up to 50 due rows under a new lease; rows that another drainer is taking are skipped.

    Where rates are set a domain gives as many as its rate allows now, so a slow domain holds up no other; a batch
    without rows says how long nothing may leave. None: nothing is due.
    """
    lease, begun = uuid.uuid4(), time.monotonic()
    with transaction.atomic(durable=True):
        rows, wait = _rows_within_rates() if settings.MAIL_RATES else (list(_next(due())), 0.0)
        if rows:
            Notice.objects.filter(pk__in=[row.pk for row in rows]).update(
                state=NoticeState.IN_FLIGHT.value, lease=lease, lease_until=Now() + LEASE
            )
        return Batch(lease, rows, begun, wait) if rows or wait else None


def _next(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """The oldest first. By time alone: many rows of one event have the same, and the index has no other order."""
    return rows.select_for_update(skip_locked=True, no_key=True).order_by("due_at")[:BATCH]


def _rows_within_rates() -> tuple[list[Notice], float]:
    """Rows that may leave now, counted as sent; or none, and the seconds until one may."""
    now = clock()
    kept = Tick.objects.select_for_update().filter(name__startswith=rates.PREFIX).order_by("pk")
    paces = rates.Paces(settings.MAIL_RATES, dict(kept.values_list("name", "at")))
    empty = [name for name, at in paces.kept.items() if at > now]
    open_domains = due().annotate(pace=pace_name()).exclude(pace__in=empty)
    is_shut = rates.name_of(rates.TOTAL) in empty
    rows = [] if is_shut else [row for row in _next(open_domains) if paces.take(row.domain, now)]
    if rows:
        Tick.objects.bulk_create(
            [Tick(name=name, at=pace.next_at) for name, pace in paces.used.items() if pace.next_at],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )
        return rows, 0.0
    return [], max(SHORTEST_WAIT, paces.wait(now)) if due().exists() else 0.0


def pace_name() -> Concat:
    """The name under which the pace of a row's domain is kept (`rates.name_of`), in the database."""
    return Concat(Value(rates.PREFIX), Right(F("domain"), rates.KEPT))


def _send(batch: Batch, talk: Conversation, until: float) -> None:
    """Send the rows one by one. However it ends, what the server said is written before the rest is given back."""
    failed: ServerFailed | None = None
    cut: Notice | None = None
    try:
        for row in batch.rows:
            if time.monotonic() >= until or not batch.hold():
                break
            try:
                batch.note(row, talk.deliver(row))
            except ServerFailed as failure:
                failed, cut = failure, row if failure.is_cut else None
                break
    finally:
        batch.write()
    give_back(batch, cut, failed.reason if failed else "")
    if failed:
        raise failed


def give_back(batch: Batch, cut: Notice | None = None, reason: str = "") -> None:
    """Free what is still held. The message during which the line was cut goes behind the others; no try is counted."""
    if cut:
        batch.change([cut], due_at=Now() + AFTER_CUT, answer=reason)
    if batch.answered < len(batch.rows):
        batch.change(batch.rows, state=NoticeState.QUEUED.value, lease=None, lease_until=None)


def pause(reason: str) -> None:
    """Leave the mail server alone for 15 seconds."""
    logger.warning("mail server failed, pause of %d s: %s", PAUSE.total_seconds(), reason)
    Pause.objects.update_or_create(pk=1, defaults={"until": Now() + PAUSE, "reason": reason})
