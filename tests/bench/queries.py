"""How many queries a page takes."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import User


def queries_of(person: User | None, path: str) -> int:
    """Of a second visit. Raises AssertionError where the page does not answer with 200 or 204."""
    client = Client(headers={"host": "testserver"})
    if person:
        client.force_login(person)
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        status = client.get(path).status_code
    if status not in {200, 204}:
        raise AssertionError(f"{path} answered {status}")
    return len(found)
