"""The results of a batch: one statement, under the lease, never waiting while it holds rows."""

import datetime as dt
import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from notifications import drainer, results
from notifications.conversation import Answer
from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from notifications.results import Result, record
from notifications.rules import Verdict
from notifications.services import Addressee, notify
from tests.notifications.conftest import queue_notices
from tests.notifications.server import Post
from tests.notifications.test_drainer import in_a_thread

pytestmark = pytest.mark.django_db(transaction=True)
ACCEPTED = Answer(Verdict.ACCEPTED, "250 Taken")


def claimed(count: int) -> drainer.Batch:
    queue_notices(count)
    batch = drainer.claim()
    assert batch is not None
    return batch


def answers(batch: drainer.Batch, *given: Answer) -> list[Result]:
    """These answers for the first rows, the last of them for all others."""
    return [Result(row, given[min(number, len(given) - 1)], time.monotonic()) for number, row in enumerate(batch.rows)]


def test_record_writes_a_batch_in_one_statement(django_assert_num_queries: Any) -> None:
    batch = claimed(30)
    given = answers(batch, Answer(Verdict.REFUSED, "550 No"), Answer(Verdict.TRY_LATER, "451 Later"), ACCEPTED)
    with django_assert_num_queries(1):
        assert record(batch.lease, given) == 30
    rows = {row.pk: row for row in Notice.objects.all()}
    refused, later, *others = (rows[row.pk] for row in batch.rows)
    assert (refused.state, refused.answer, refused.accepted_at) == (NoticeState.FAILED, "550 No", None)
    assert (later.state, later.answer, later.accepted_at) == (NoticeState.QUEUED, "451 Later", None)
    assert dt.timedelta(seconds=55) < later.due_at - timezone.now() <= dt.timedelta(seconds=73)
    assert {(one.state, one.answer, one.attempts, one.lease) for one in others} == {
        (NoticeState.ACCEPTED, "250 Taken", 1, None)
    }


def test_record_notes_when_the_server_took_it_and_not_when_it_was_written() -> None:
    batch = claimed(2)
    now = time.monotonic()
    record(batch.lease, [Result(batch.rows[0], ACCEPTED, now - 40), Result(batch.rows[1], ACCEPTED, now)])
    first, second = Notice.objects.in_bulk([row.pk for row in batch.rows]).values()
    assert first.accepted_at is not None
    assert second.accepted_at is not None
    assert dt.timedelta(seconds=39) < abs(second.accepted_at - first.accepted_at) < dt.timedelta(seconds=41)


@pytest.mark.parametrize(
    ("verdict", "is_kept"), [(Verdict.ACCEPTED, False), (Verdict.REFUSED, False), (Verdict.TRY_LATER, True)]
)
def test_a_text_that_opens_an_account_goes_with_its_last_result(verdict: Verdict, is_kept: bool) -> None:
    with transaction.atomic():
        for is_secret in (True, False):
            to = [Addressee("person@members.example")]
            texts = {"subject": "A subject", "body": "https://portal.example/link/"}
            notify(Kind.ACCOUNT, event=f"test:{is_secret}", to=to, context=texts, is_secret=is_secret)
    batch = drainer.claim()
    assert batch is not None
    record(batch.lease, answers(batch, Answer(verdict, "said")))
    bodies = dict(Notice.objects.values_list("is_secret", "body"))
    assert bool(bodies[True]) is is_kept
    assert "link" in bodies[False]


class Holder:
    """A deed in another session that changes rows in an order of its own, one now and the others when told to."""

    def __init__(self, keys: list[int]) -> None:
        self.keys, self.has_first, self.go_on = keys, threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with transaction.atomic():
                first, *others = self.keys
                self.touch(first)
                self.has_first.set()
                self.go_on.wait(10)
                for key in others:
                    self.touch(key)
        except OperationalError as error:
            self.error = error
        finally:
            self.has_first.set()
            connection.close()

    def touch(self, key: int) -> None:
        Notice.objects.filter(pk=key).update(settled_at=timezone.now())

    def __enter__(self) -> "Holder":
        self.thread.start()
        assert self.has_first.wait(10)
        return self

    def __exit__(self, *error: object) -> None:
        self.go_on.set()
        self.thread.join(10)


def test_record_does_not_wait_for_a_deed_that_holds_one_row_and_wants_another() -> None:
    batch = claimed(3)
    keys = [row.pk for row in batch.rows]
    with Holder(list(reversed(keys))) as deed:
        writer = threading.Thread(target=lambda: in_a_thread(lambda: record(batch.lease, answers(batch, ACCEPTED))))
        writer.start()
        deadline = time.monotonic() + 5
        while Notice.objects.filter(state=NoticeState.ACCEPTED.value).count() < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert Notice.objects.filter(state=NoticeState.ACCEPTED.value).count() == 2, "all but the row that is held"
        deed.go_on.set()
        writer.join(10)
    assert deed.error is None
    assert Notice.objects.filter(state=NoticeState.ACCEPTED.value, settled_at__isnull=False).count() == 3


def test_twin_a_plain_update_of_the_batch_ends_in_a_deadlock() -> None:
    """One UPDATE of all rows takes them in turn and waits for the one that is held, while the deed waits for it."""
    batch = claimed(2)
    low, high = sorted(row.pk for row in batch.rows)
    failed: list[str] = []
    with Holder([high, low]) as deed:
        writer = threading.Thread(target=lambda: failed.extend(in_a_thread(lambda: plain([low, high]))))
        writer.start()
        time.sleep(0.5)
        deed.go_on.set()
        writer.join(10)
    assert deed.error or failed, "one of the two is sacrificed"


def plain(keys: list[int]) -> list[str]:
    try:
        with transaction.atomic():
            for key in keys:  # the order in which the statement would come to them
                Notice.objects.filter(pk=key).update(state=NoticeState.ACCEPTED.value)
    except OperationalError as error:
        return [str(error)]
    return []


def end_sessions() -> None:
    """What a restart of the database does to this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (here,) = cursor.fetchone()
    in_a_thread(lambda: _terminate(here))


def _terminate(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_record_writes_what_it_has_in_hand_when_the_database_is_back() -> None:
    batch = claimed(5)
    end_sessions()
    with pytest.raises(OperationalError):
        record(batch.lease, answers(batch, ACCEPTED))
    assert Notice.objects.filter(state=NoticeState.ACCEPTED.value).count() == 5


def test_drain_that_loses_the_database_repeats_nothing(post: Post) -> None:
    rows = queue_notices(20)
    post.script.delay = 0.02
    killer = threading.Timer(0.2, end_sessions_of_drain)
    killer.start()
    with pytest.raises(OperationalError):
        drainer.drain()
    killer.join()
    Notice.objects.filter(state=NoticeState.IN_FLIGHT.value).update(lease_until=timezone.now())
    drainer.drain()
    assert sorted(post.accepted) == sorted(row.message_id for row in rows)
    assert max(post.times.values()) == 1


def end_sessions_of_drain() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                "WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.objid = %s",
                [drainer.SLOT],
            )
    finally:
        connection.close()


def test_record_gives_up_before_its_lease_can_have_run_out(caplog: pytest.LogCaptureFixture) -> None:
    assert results.GIVE_UP_SECONDS + drainer.RENEW_AFTER.total_seconds() < drainer.LEASE.total_seconds()


def test_results_of_a_slow_server_are_written_while_the_batch_goes_on(post: Post) -> None:
    queue_notices(6)
    post.script.delay = 0.6
    seen: list[int] = []
    done = threading.Event()

    def watch() -> None:
        try:
            while not done.wait(0.2):
                seen.append(Notice.objects.filter(state=NoticeState.ACCEPTED.value).count())
        finally:
            connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    drainer.drain()
    done.set()
    watcher.join()
    assert 3 in seen, "written each second, not at the end of the batch"
