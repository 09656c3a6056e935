"""The drainer against a real SMTP server and a real database."""

import datetime as dt
import email
import threading
import time
import uuid
from collections.abc import Callable
from email.policy import default
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notifications import drainer, health
from notifications.conversation import Answer
from notifications.enums import NoticeState
from notifications.models import Notice, Pause
from notifications.results import Result
from notifications.rules import Verdict
from tests.notifications.server import Post

pytestmark = pytest.mark.django_db(transaction=True)
Queue = Callable[..., list[Notice]]


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Notice.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def only() -> Notice:
    return Notice.objects.get()


def test_drain_sends_all_over_one_connection(post: Post, queue: Queue) -> None:
    rows = queue(120)
    assert drainer.drain() == 120
    assert sorted(post.accepted) == sorted(row.message_id for row in rows)
    assert post.connections == 1
    assert states() == {NoticeState.ACCEPTED: 120}
    one = Notice.objects.first()
    assert one is not None
    assert (one.attempts, one.lease, one.lease_until, one.answer) == (1, None, None, "250 Taken")
    assert one.accepted_at is not None


def test_drain_hands_over_the_text_as_it_stands(post: Post, queue: Queue) -> None:
    (row,) = queue(1)
    drainer.drain()
    message = email.message_from_bytes(post.raw[row.message_id], policy=default)
    part = message.get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == row.body
    assert "\n.\n.dot\n" in row.body


def test_drain_without_work_opens_no_connection(post: Post) -> None:
    assert drainer.drain() == 0
    assert post.connections == 0


def test_drain_twice_sends_once(post: Post, queue: Queue) -> None:
    queue(3)
    assert (drainer.drain(), drainer.drain()) == (3, 0)
    assert max(post.times.values()) == 1


def test_drain_451_starts_the_delays_of_that_row_alone(post: Post, queue: Queue) -> None:
    queue(3)
    post.script.at_recipient["person1@"] = ["451 4.2.1 Later"]
    assert drainer.drain() == 2
    row = Notice.objects.get(address="person1@members.example")
    assert (row.state, row.attempts, row.answer) == (NoticeState.QUEUED, 1, "451 4.2.1 Later")
    wait = row.due_at - timezone.now()
    assert dt.timedelta(seconds=55) < wait <= dt.timedelta(seconds=73)
    assert not Pause.objects.exists()


def test_drain_451_after_the_text_starts_the_delays(post: Post, queue: Queue) -> None:
    queue(1)
    post.script.at_text["person0@"] = ["451 Later"]
    assert drainer.drain() == 0
    assert (only().state, only().attempts) == (NoticeState.QUEUED, 1)


def test_drain_550_fails_that_row_alone(post: Post, queue: Queue) -> None:
    queue(3)
    post.script.at_recipient["person1@"] = ["550 5.1.1 No such mailbox"]
    assert drainer.drain() == 2
    row = Notice.objects.get(address="person1@members.example")
    assert (row.state, row.answer) == (NoticeState.FAILED, "550 5.1.1 No such mailbox")
    assert post.connections == 1


def test_drain_fails_after_the_last_delay(post: Post, queue: Queue) -> None:
    queue(1)
    post.script.at_recipient["person0@"] = ["450 Later"] * 6
    for tries in range(1, 7):
        Notice.objects.update(due_at=timezone.now())
        drainer.drain()
        assert only().attempts == tries
    assert only().state == NoticeState.FAILED
    assert not post.accepted


def test_drain_an_address_that_cannot_be_used_fails_without_a_word_to_the_server(post: Post, queue: Queue) -> None:
    queue(2)
    Notice.objects.filter(address="person0@members.example").update(address="two words@members.example")
    assert drainer.drain() == 1
    assert states() == {NoticeState.ACCEPTED: 1, NoticeState.FAILED: 1}


def fails(post: Post, word: str) -> None:
    if word == "421 sender":
        post.script.at_sender = ["421 4.3.2 Closing"]
    elif word == "451 sender":
        post.script.at_sender = ["451 4.3.2 System trouble"]
    elif word.startswith("421"):
        post.script.at_recipient["person1@"] = ["421 4.3.2 Closing"]
    else:
        post.script.at_recipient["person1@"] = [word]


@pytest.mark.parametrize("word", ["421", "421 sender", "451 sender", "cut", "slow"])
def test_drain_a_failure_of_the_server_pauses_and_costs_no_row_a_try(post: Post, queue: Queue, word: str) -> None:
    queue(4)
    fails(post, word)
    sent = drainer.drain()
    assert sent == (0 if "sender" in word else 1)
    assert states().get(NoticeState.QUEUED) == 4 - sent
    assert not Notice.objects.filter(state=NoticeState.QUEUED.value).exclude(attempts=0, lease=None).exists()
    pause = Pause.objects.get()
    assert dt.timedelta(seconds=12) < pause.until - timezone.now() <= drainer.PAUSE
    assert pause.reason
    assert drainer.drain() == 0, "the drain is paused"
    Pause.objects.update(until=timezone.now())
    assert drainer.drain() == 4 - sent
    assert max(post.times.values()) == 1


def test_drain_no_connection_pauses_and_costs_no_row_a_try(queue: Queue, settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    queue(2)
    assert drainer.drain() == 0
    assert (states(), set(Notice.objects.values_list("attempts", flat=True))) == ({NoticeState.QUEUED: 2}, {0})
    assert Pause.objects.get().reason.startswith("connect: ")
    assert "refused" in str(health.paused())


@pytest.mark.parametrize("word", ["cut", "slow"])
def test_drain_cut_in_the_text_sends_it_again_later_behind_the_others(post: Post, queue: Queue, word: str) -> None:
    rows = queue(3)
    post.script.at_text["person1@"] = [word]
    assert drainer.drain() == 1
    cut = Notice.objects.get(address="person1@members.example")
    assert (cut.state, cut.attempts) == (NoticeState.QUEUED, 0)
    assert cut.due_at > timezone.now() + dt.timedelta(seconds=20)
    Pause.objects.all().delete()
    assert drainer.drain() == 1
    Notice.objects.update(due_at=timezone.now())
    assert drainer.drain() == 1
    assert {row.message_id for row in rows} == set(post.times)
    assert max(post.times.values()) <= 2, "what the server took though we heard no word is sent again, the same"


def test_drain_stops_in_time_and_frees_the_rest(post: Post, queue: Queue) -> None:
    queue(20)
    post.script.delay = 0.1
    begun = time.monotonic()
    sent = drainer.drain(seconds=0.5)
    assert time.monotonic() - begun < 1.5
    assert 2 <= sent <= 6
    assert states() == {NoticeState.ACCEPTED: sent, NoticeState.QUEUED: 20 - sent}
    assert drainer.has_work()


def test_drain_leaves_what_is_not_due(post: Post, queue: Queue) -> None:
    queue(1)
    Notice.objects.update(due_at=timezone.now() + dt.timedelta(minutes=1))
    assert drainer.drain() == 0


def test_drain_takes_up_what_a_dead_process_left(post: Post, queue: Queue) -> None:
    (row,) = queue(1)
    assert drainer.claim() is not None
    assert drainer.drain() == 0, "the lease still holds"
    Notice.objects.update(lease_until=timezone.now())
    assert drainer.drain() == 1
    assert post.accepted == [row.message_id]


def test_drain_one_at_a_time_speaks_to_the_server(post: Post, queue: Queue) -> None:
    queue(10)
    post.script.delay = 0.05
    done: list[int] = []

    def run() -> None:
        try:
            done.append(drainer.drain())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 10
    assert post.connections == 1
    assert max(post.times.values()) == 1


def claim_without_lock(between: Callable[[], Any]) -> list[int]:
    """The twin of `claim`: the rows are read without a lock, and another drainer comes between reading and writing."""
    with transaction.atomic():
        keys = list(drainer.due().order_by("pk").values_list("pk", flat=True)[: drainer.BATCH])
        between()
        Notice.objects.filter(pk__in=keys).update(lease=uuid.uuid4(), state=NoticeState.IN_FLIGHT.value)
        return keys


def in_a_thread(work: Callable[[], Any]) -> Any:
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    return found[0]


def claimed() -> list[int]:
    batch = drainer.claim()
    return [row.pk for row in batch.rows] if batch else []


def test_claim_takes_no_row_that_another_is_taking(queue: Queue) -> None:
    queue(60)
    with transaction.atomic():
        first = set(drainer.due().select_for_update(skip_locked=True).order_by("due_at", "pk").values_list("pk")[:50])
        second = in_a_thread(claimed)
    assert len(first) == 50
    assert len(second) == 10
    assert not {key for (key,) in first} & set(second)


def test_claim_twin_without_the_lock_takes_rows_twice(queue: Queue) -> None:
    queue(20)
    taken: list[int] = []
    first = claim_without_lock(lambda: taken.extend(in_a_thread(claimed)))
    assert set(first) & set(taken), "without the lock two drainers hold the same rows"


def record(batch: drainer.Batch, verdict: Verdict, words: str) -> None:
    """One answer for each row of a batch, in one go."""
    drainer.record(batch.lease, [Result(row, Answer(verdict, words), time.monotonic()) for row in batch.rows])


def test_record_only_by_the_holder_of_the_lease(queue: Queue) -> None:
    queue(1)
    old = drainer.claim()
    assert old is not None
    Notice.objects.update(lease_until=timezone.now())
    new = drainer.claim()
    assert new is not None
    record(old, Verdict.REFUSED, "550 from the past")
    assert (only().state, only().lease, only().attempts) == (NoticeState.IN_FLIGHT, new.lease, 0)
    record(new, Verdict.ACCEPTED, "250 OK")
    assert (only().state, only().attempts, only().answer) == (NoticeState.ACCEPTED, 1, "250 OK")
    record(new, Verdict.REFUSED, "550 again")
    assert (only().state, only().attempts) == (NoticeState.ACCEPTED, 1)


def test_record_twin_by_row_alone_lets_the_past_overwrite(queue: Queue) -> None:
    queue(1)
    old = drainer.claim()
    assert old is not None
    Notice.objects.update(lease_until=timezone.now())
    new = drainer.claim()
    assert new is not None
    record(new, Verdict.ACCEPTED, "250 OK")
    Notice.objects.filter(pk=old.rows[0].pk).update(state=NoticeState.FAILED.value)
    assert only().state == NoticeState.FAILED, "without the lease a late process undoes what was sent"


def test_hold_renews_an_old_lease_and_notices_a_lost_one(queue: Queue) -> None:
    queue(1)
    batch = drainer.claim()
    assert batch is not None
    before = only().lease_until
    assert batch.hold()
    assert only().lease_until == before, "a young lease is left alone"
    batch.held_since -= 11
    assert batch.hold()
    after = only().lease_until
    assert before is not None
    assert after is not None
    assert after > before
    Notice.objects.update(lease=uuid.uuid4())
    batch.held_since -= 11
    assert not batch.hold()


def test_logs_name_no_address_and_no_text(post: Post, queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    queue(3)
    post.script.at_recipient["person1@"] = ["550 No"]
    post.script.at_recipient["person2@"] = ["421 Closing"]
    with caplog.at_level("DEBUG", logger="notifications"):
        drainer.drain()
    assert caplog.text
    assert "@members.example" not in caplog.text
    assert "A body" not in caplog.text
