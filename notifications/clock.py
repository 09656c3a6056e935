"""The clock of the outbox is the database's: what is due, leased or paced is compared there."""

import datetime as dt

from django.db import connection


def clock() -> dt.datetime:
    """Now, by the database (aware, UTC)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now
