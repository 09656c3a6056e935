"""Wake-up calls. Each may run late, twice or not at all: the rows decide what is sent."""

import logging
import time

from celery import shared_task
from django.db.models.functions import Now
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from notifications import drainer
from notifications.models import Tick
from notifications.reports.mailbox import MailboxFailed, read_mailbox
from notifications.services.purging import purge_kept

logger = logging.getLogger("notifications")

DRAIN_SECONDS = 4.0
"""A task drains this long and then calls again, so that a worker that is told to stop need not be killed."""
STALE_SECONDS = 30
"""A wake-up call that waited longer is dropped: beat has long sent the next."""
IMPATIENT = {"max_retries": 0, "interval_start": 0, "socket_connect_timeout": 1, "socket_timeout": 2}
SCHEDULER = "scheduler"


@shared_task(expires=STALE_SECONDS)
def drain_notices() -> None:
    """Send what is due. Sent by `notify` after commit, and by beat for what a crash left unsent."""
    begun = time.monotonic()
    drainer.drain(seconds=DRAIN_SECONDS)
    # Only when the time ran out: while another process drains there is nothing to call for.
    if time.monotonic() - begun >= DRAIN_SECONDS and drainer.has_work():
        wake_drainer()


@shared_task(expires=STALE_SECONDS)
def read_reports() -> None:
    """Read the mailbox of delivery reports, where one is set. The next call tries again what failed."""
    try:
        read_mailbox()
    except MailboxFailed as error:
        logger.warning("the mailbox of reports cannot be read (%s)", error)


@shared_task(expires=STALE_SECONDS)
def record_tick() -> None:
    """Note that scheduler, broker and a worker are alive: the health page reads it."""
    Tick.objects.update_or_create(name=SCHEDULER, defaults={"at": Now()})


@shared_task(expires=STALE_SECONDS)
def purge_kept_mail() -> None:
    """Delete what the portal's own receiver has kept for its time. Sent by beat each hour."""
    if gone := purge_kept():
        logger.info("%d kept messages deleted", gone)


def wake_drainer() -> None:
    """Send the task. Never raises when the broker is away: the beat sweep sends the rows then."""
    try:
        # A connection of its own: the pooled one would try for seconds, and a person waits for this page.
        with drain_notices.app.connection_for_write(transport_options=IMPATIENT) as broker:
            drain_notices.apply_async(connection=broker, retry=False)
    except (KombuError, RedisError, OSError) as error:
        logger.warning("broker away, the next sweep sends the notices (%s)", type(error).__name__)
