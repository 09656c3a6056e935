"""Two connections at once, for the tests of locks and their twins."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from endorsements import rules as of_circulations
from members import rules as of_the_directory

REFUSED = (of_circulations.NotAllowed, of_the_directory.NotAllowed)


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Run on a connection of its own; the list gets the result or the refusal."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        except REFUSED as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def waits_for_a_lock(timeout: float = 10) -> None:
    """Wait until another session of this database waits for a lock."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if _somebody_waits():
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


def waits_or_ends(thread: threading.Thread) -> None:
    """Until the thread waits for a lock of the database, or has ended (where the lock was taken out)."""
    until = time.monotonic() + 10
    while thread.is_alive() and time.monotonic() < until:
        if _somebody_waits():
            return
        thread.join(0.01)
