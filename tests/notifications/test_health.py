"""The health of notices: red within 90 seconds when scheduler or worker stand still."""

import datetime as dt
import time
import uuid
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from notifications import health, tasks
from notifications.enums import NoticeState
from notifications.models import Notice, Tick
from notifications.tasks import SCHEDULER, record_tick
from portal.celery import app
from tests.notifications.conftest import queue_notices

pytestmark = pytest.mark.django_db


def ago(seconds: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(seconds=seconds)


@pytest.fixture
def ticked() -> None:
    record_tick()


def test_status_is_green_when_all_runs(ticked: None) -> None:
    found = health.status()
    assert found.is_ok, found.problems
    assert (found.database, found.redis, found.oldest_due_seconds) == (True, True, None)
    assert found.last_tick_seconds is not None
    assert found.last_tick_seconds < 5


def test_status_before_the_first_tick() -> None:
    found = health.status()
    assert found.last_tick_seconds is None
    assert found.problems == ["The scheduler has not run yet."]


@pytest.mark.parametrize(("seconds", "is_ok"), [(55, True), (65, False)])
def test_status_turns_red_with_an_old_tick(seconds: int, is_ok: bool) -> None:
    Tick.objects.create(name=SCHEDULER, at=ago(seconds))
    assert health.status().is_ok is is_ok


@pytest.mark.parametrize(("seconds", "is_ok"), [(55, True), (65, False)])
def test_status_turns_red_with_a_notice_long_due(ticked: None, seconds: int, is_ok: bool) -> None:
    queue_notices(2)
    Notice.objects.update(due_at=ago(seconds))
    found = health.status()
    assert found.is_ok is is_ok
    assert found.oldest_due_seconds is not None
    assert seconds - 1 < found.oldest_due_seconds < seconds + 5


def test_status_counts_a_claimed_row_from_the_end_of_its_lease(ticked: None) -> None:
    queue_notices(1)
    Notice.objects.update(state=NoticeState.IN_FLIGHT.value, lease=uuid.uuid4(), lease_until=ago(-30), due_at=ago(500))
    assert health.status().oldest_due_seconds is None
    Notice.objects.update(lease_until=ago(65))
    assert not health.status().is_ok


@pytest.mark.parametrize("state", [NoticeState.ACCEPTED, NoticeState.FAILED, NoticeState.WITHHELD])
def test_status_does_not_wait_for_what_is_done(ticked: None, state: NoticeState) -> None:
    queue_notices(1)
    Notice.objects.update(state=state.value, due_at=ago(500))
    assert health.status().is_ok


def test_status_says_when_redis_is_down(ticked: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    found = health.status()
    assert (found.is_ok, found.redis, found.database) == (False, False, True)
    assert found.problems == ["Redis does not answer."]


def test_status_says_when_the_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise OperationalError

    monkeypatch.setattr(health, "_last_tick", down)
    found = health.status()
    assert (found.is_ok, found.database, found.last_tick_seconds) == (False, False, None)


def test_record_tick_keeps_one_row() -> None:
    record_tick()
    record_tick()
    assert Tick.objects.count() == 1


def test_wake_drainer_never_raises_when_the_broker_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app, "connection_for_write", partial(app.connection_for_write, "redis://127.0.0.1:9/0"))
    begun = time.monotonic()
    tasks.wake_drainer()
    assert time.monotonic() - begun < 1
    assert "broker away" in caplog.text
