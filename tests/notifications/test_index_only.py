"""What stands on every page of the portal or of the outbox is answered by an index alone: as quick right after a round
of thousands as on a quiet day. A column that the index lacks would fetch each row."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from members.access import reader_of
from members.clock import clock
from notifications import inbox, queries
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db


def plan_of(ask: Any) -> str:
    """The plan of the last query that is asked, where rows are many enough for an index."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_messages_of_each_hour() -> None:
    assert "Index Only Scan using notice_accepted" in plan_of(lambda: queries.throughput(clock()))


def test_number_of_new_messages() -> None:
    reader = reader_of(Stage().focal_point)
    assert "Index Only Scan using notice_new" in plan_of(lambda: inbox.unread(reader))
