"""What the mail server said to a batch, written in one statement, and only where the lease is still ours."""

import datetime as dt
import logging
import random
import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from notifications.conversation import Answer
from notifications.enums import NoticeState
from notifications.models import Notice
from notifications.rules import Verdict, retry_delay

logger = logging.getLogger("notifications")

AGAIN_SECONDS, GIVE_UP_SECONDS = 0.05, 30.0
"""Rows that a deed holds just now are written a moment later; less long than a lease lasts."""

RECORD = """
WITH held AS MATERIALIZED (
    SELECT id FROM notifications_notice
    WHERE id = ANY(%(pks)s::bigint[]) AND lease = %(lease)s AND state = 'in_flight'
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE notifications_notice AS notice SET
    state = result.state,
    attempts = notice.attempts + 1,
    answer = result.answer,
    lease = NULL,
    lease_until = NULL,
    accepted_at = CASE WHEN result.state = 'accepted'
        THEN statement_timestamp() - result.ago ELSE notice.accepted_at END,
    due_at = CASE WHEN result.state = 'queued'
        THEN statement_timestamp() + result.wait ELSE notice.due_at END,
    body = CASE WHEN notice.is_secret AND result.state <> 'queued' THEN '' ELSE notice.body END
FROM held JOIN unnest(
        %(pks)s::bigint[], %(states)s::text[], %(answers)s::text[], %(waits)s::interval[], %(agos)s::interval[]
    )
    AS result(id, state, answer, wait, ago) USING (id)
WHERE notice.id = held.id
RETURNING notice.id
"""
"""Rows that somebody else holds are left out, so that this statement never waits while it holds others: a deed that
settles notices in another order cannot end in a deadlock with it. A text with a link that opens an account goes with
the result that ends its use."""


@dataclass(frozen=True)
class Result:
    """The server's answer about one row, and when (monotonic) it came."""

    row: Notice
    answer: Answer
    at: float


def record(lease: uuid.UUID, results: list[Result]) -> int:
    """Write the results of a batch; how many rows took theirs. Rows whose lease was lost keep what they have.

    When the database goes away the results are kept in hand and written when it is back, as long as the lease may last;
    then its error is raised all the same, since the drainer's slot went with the connection.
    """
    left, lost = list(results), None
    until = time.monotonic() + GIVE_UP_SECONDS
    while left:
        try:
            done = _write(lease, left)
            left = _held(lease, [one for one in left if one.row.pk not in done])
        except (OperationalError, InterfaceError) as error:
            lost = error
            connection.close()
        if left and time.monotonic() > until:
            logger.warning("%d results were not written; their notices are sent again", len(left))
            break
        if left:
            time.sleep(AGAIN_SECONDS)
    if lost:
        raise lost
    return len(results) - len(left)


def _held(lease: uuid.UUID, results: list[Result]) -> list[Result]:
    """Those whose row is still ours, and was only held by somebody else for a moment."""
    if not results:
        return []
    rows = Notice.objects.filter(pk__in=[one.row.pk for one in results], lease=lease, state=NoticeState.IN_FLIGHT.value)
    ours = set(rows.values_list("pk", flat=True))
    return [one for one in results if one.row.pk in ours]


def _write(lease: uuid.UUID, results: list[Result]) -> set[int]:
    now = time.monotonic()
    outcomes = [_outcome(one) for one in results]
    values: dict[str, Any] = {
        "lease": lease,
        "pks": [one.row.pk for one in results],
        "states": [state.value for state, _ in outcomes],
        "answers": [one.answer.words for one in results],
        "waits": [wait for _, wait in outcomes],
        "agos": [dt.timedelta(seconds=max(0.0, now - one.at)) for one in results],
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORD, values)
        return {pk for (pk,) in cursor.fetchall()}


def _outcome(result: Result) -> tuple[NoticeState, dt.timedelta]:
    """The state a row comes into, and how long it then waits."""
    if result.answer.verdict is Verdict.ACCEPTED:
        return NoticeState.ACCEPTED, dt.timedelta()
    tries = result.row.attempts + 1
    logger.warning("notice %s: %s, try %d", result.row.pk, result.answer.verdict, tries)
    wait = retry_delay(tries, random.random()) if result.answer.verdict is Verdict.TRY_LATER else None  # noqa: S311
    return (NoticeState.QUEUED, wait) if wait else (NoticeState.FAILED, dt.timedelta())
