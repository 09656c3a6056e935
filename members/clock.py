"""The database's clock: the one by which a deed is stamped, and by which a page says how much time is left."""

import datetime as dt

from django.db import connection


def clock() -> dt.datetime:
    """The database's clock at this moment, in UTC. A deed reads it once every lock it needs is held, never before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment.astimezone(dt.UTC)
