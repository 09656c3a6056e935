"""The portal's own receiver: a real SMTP server that keeps every message."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as project
from django.db import DatabaseError, connection, transaction

from notifications import drainer
from notifications.enums import Kind, NoticeState
from notifications.models import KeptMail, Notice
from notifications.receiver import Keeper, controller
from notifications.reports.mailbox import read_mailbox
from notifications.returning import return_to_sender
from notifications.services import Addressee, notify
from tests.notifications.conftest import queue_notices
from tests.notifications.machinery import other_path, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def keeper(settings: Any) -> Iterator[int]:
    server = controller(free_port())
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_KEPT_BY_PORTAL = "127.0.0.1", server.port, True
    yield server.port
    server.stop()
    server.handler.close()


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"Subject": "Hällo", "From": "a@b.example", "To": "c@d.example", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content("Text ü.\n")
    return message


def test_drained_notices_are_kept(keeper: int) -> None:
    (row,) = queue_notices(1)
    Notice.objects.update(is_secret=True)
    assert drainer.drain() == 1
    kept = KeptMail.objects.get()
    assert (kept.message_id, kept.recipient, kept.sender) == (row.message_id, row.address, "notices@portal.example")
    assert (kept.subject, kept.is_secret) == (row.subject, True)
    assert kept.body == row.body


def test_each_copy_and_each_recipient_is_kept(keeper: int) -> None:
    with smtplib.SMTP("127.0.0.1", keeper) as server:
        for _ in range(2):
            server.send_message(letter(Message_ID="<1@x>"), to_addrs=["c@d.example", "e@f.example"])
    assert KeptMail.objects.filter(message_id="<1@x>", subject="Hällo", body="Text ü.\n").count() == 4
    assert not KeptMail.objects.filter(is_secret=True).exists()


def test_a_store_that_is_away_is_the_servers_failure(keeper: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Keeper, envelope: Any) -> None:
        raise DatabaseError

    queue_notices(1)
    monkeypatch.setattr(Keeper, "keep", away)
    assert drainer.drain() == 0
    assert (Notice.objects.get().state, Notice.objects.get().attempts) == (NoticeState.QUEUED, 0)


def test_mail_to_the_sample_addresses_is_refused_and_returned_by_a_real_report(
    keeper: int, settings: Any, tmp_path: Path
) -> None:
    settings.BOUNCE_ADDRESS = "bounces@portal.example"
    settings.BOUNCE_MAILBOX = f"maildir:{quote(str(tmp_path / 'a folder'))}"
    to = [Addressee(f"consular@{name}.example") for name in ("refused", "returned", "members")]
    with transaction.atomic():
        notify(Kind.ACCOUNT, event="test:1", to=to, context={"subject": "A subject ü", "body": "Words ü."})
    assert drainer.drain() == 2
    assert read_mailbox() == 1
    states = {row.domain: (row.state, row.answer) for row in Notice.objects.all()}
    assert states == {
        "refused.example": ("failed", "550 5.1.1 No such mailbox (sample)"),
        "returned.example": ("bounced", "550 5.1.1 No such mailbox (sample)"),
        "members.example": ("accepted", "250 2.0.0 Kept"),
    }
    assert KeptMail.objects.count() == 2


def test_nothing_is_returned_to_nobody_or_without_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.BOUNCE_MAILBOX = f"maildir:{tmp_path}"
    assert not return_to_sender(letter(), "", "a@returned.example")
    assert not return_to_sender(letter(), "a@b.example", "a@members.example")
    settings.BOUNCE_MAILBOX = "imaps://a:b@c.example/INBOX"
    assert not return_to_sender(letter(), "a@b.example", "a@returned.example")


@pytest.mark.slow
def test_receivemail_runs_until_sigterm_and_survives_lost_connections() -> None:
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": other_path(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]),
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "receivemail", "--port", str(port)],
        cwd=project.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"receiving mail on 127.0.0.1:{port}\n"
        for number in range(2):
            with smtplib.SMTP("127.0.0.1", port) as server:
                server.send_message(letter(Message_ID=f"<{number}@x>"))
            with connection.cursor() as cursor:  # as when the database restarts
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database() AND usename = current_user"
                )
        assert KeptMail.objects.count() == 2
        second = [sys.executable, "manage.py", "receivemail", "--port", str(port)]
        refused = subprocess.run(second, cwd=project.BASE_DIR, env=environment, capture_output=True, text=True)
        assert refused.returncode == 1
        assert f"Port {port} on 127.0.0.1 cannot be used" in refused.stderr
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert wait_for(lambda: process.poll() is not None, 5)
        assert (process.returncode, time.monotonic() - begun < 3) == (0, True)
    finally:
        process.kill()
        process.communicate()
