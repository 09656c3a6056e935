"""Fixtures of the outbox: a mail server, and rows to send."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from notifications.enums import Kind
from notifications.models import Notice
from notifications.services import Addressee, notify
from tests.notifications.server import Post, running


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A real SMTP server that the portal sends to."""
    with running() as (server, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1
        yield server


def queue_notices(count: int, name: str = "person") -> list[Notice]:
    """That many notices of one event, by the one door."""
    to = [Addressee(f"{name}{number}@members.example") for number in range(count)]
    with transaction.atomic():
        return notify(
            Kind.ACCOUNT, event=f"test:{name}", to=to, context={"subject": "A subject", "body": "A body.\n\n.\n.dot"}
        )


@pytest.fixture
def queue() -> Callable[..., list[Notice]]:
    return queue_notices
