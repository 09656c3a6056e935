"""Two connections at once."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from meetings.models import Meeting
from members.rules import NotAllowed


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Run on a connection of its own; the list gets the result or the refusal."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        except NotAllowed as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def waits_or_ends(thread: threading.Thread) -> None:
    """Until the thread waits for a lock of the database, or has ended (where the lock was taken out)."""
    until = time.monotonic() + 10
    while thread.is_alive() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        thread.join(0.01)


def without_lock(slug: str) -> Meeting:
    """In the place of `lock_meeting`, for the twins."""
    return Meeting.objects.select_related("series__body").get(slug=slug)
