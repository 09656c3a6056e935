"""What stands on every page of the portal or of the outbox is answered by an index alone: as quick right after a round
of thousands as on a quiet day. A column that the index lacks would fetch each row.

Which index the planner takes for the few rows of a test is chance; what an index holds is not.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.access import reader_of
from members.clock import clock
from notifications import inbox, queries
from tests.factories.circulations import Stage

pytestmark = pytest.mark.django_db


def asked_for(ask: Any) -> set[str]:
    """Columns of the notices that the last query names."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    found = set(re.findall(r'"notifications_notice"\."(\w+)"', asked.captured_queries[-1]["sql"]))
    assert found
    return found


def held_by(index: str) -> set[str]:
    """Columns that an index holds, as a key or beside it, and those that its condition speaks of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass", [index])
        columns = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = %s::regclass", [index])
        predicate = cursor.fetchone()[0] or ""
    return columns | set(re.findall(r"\w+", predicate))


def test_messages_of_each_hour() -> None:
    assert asked_for(lambda: queries.throughput(clock())) <= held_by("notice_accepted")


def test_number_of_new_messages() -> None:
    reader = reader_of(Stage().focal_point)
    assert asked_for(lambda: inbox.unread(reader)) <= held_by("notice_new")


def test_twin_an_index_of_other_columns_does_not_do() -> None:
    reader = reader_of(Stage().focal_point)
    assert not asked_for(lambda: inbox.unread(reader)) <= held_by("notice_accepted")
