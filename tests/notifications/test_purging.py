"""What is kept for a set time only."""

import datetime as dt

import pytest
from django.utils import timezone

from notifications.models import KeptMail, Notice, Tick
from notifications.rates import name_of
from notifications.tasks import SCHEDULER, purge_kept_mail, record_tick
from portal.celery import app
from tests.notifications.conftest import queue_notices

pytestmark = pytest.mark.django_db


def kept(hours: float, *, is_secret: bool = False) -> KeptMail:
    return KeptMail.objects.create(
        received_at=timezone.now() - dt.timedelta(hours=hours),
        message_id="<a@portal.example>",
        sender="notices@portal.example",
        recipient="person@members.example",
        subject="A subject",
        body="A body",
        is_secret=is_secret,
    )


@pytest.mark.parametrize(
    ("hours", "is_secret", "stays"),
    [(23, True, True), (25, True, False), (25, False, True), (29 * 24, False, True), (31 * 24, False, False)],
)
def test_purge_takes_what_is_older_than_its_time(hours: float, is_secret: bool, stays: bool) -> None:
    kept(hours, is_secret=is_secret)
    purge_kept_mail()
    assert KeptMail.objects.exists() is stays


def test_purge_leaves_notices_and_what_is_still_counted() -> None:
    queue_notices(1)
    Notice.objects.update(queued_at=timezone.now() - dt.timedelta(days=4000))
    record_tick()
    for domain, hours in (("new.example", 1), ("old.example", 30)):
        Tick.objects.create(name=name_of(domain), at=timezone.now() - dt.timedelta(hours=hours))
    purge_kept_mail()
    assert Notice.objects.count() == 1
    assert set(Tick.objects.values_list("name", flat=True)) == {SCHEDULER, name_of("new.example")}


def test_purge_is_called_each_hour() -> None:
    entry = app.conf.beat_schedule["purge-kept-mail"]
    assert (entry["task"], entry["schedule"]) == (purge_kept_mail.name, 3600.0)
