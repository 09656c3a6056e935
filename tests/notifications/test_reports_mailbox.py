"""The mailbox of reports: a folder, and a real IMAP server."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from imaplib import IMAP4
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from notifications import drainer
from notifications.models import DeliveryReport, Notice
from notifications.reports import mailbox
from notifications.reports.mailbox import MailboxFailed, read_mailbox
from notifications.reports.reading import MOST_BYTES
from notifications.tasks import read_reports
from tests.notifications.conftest import queue_notices
from tests.notifications.machinery import wait_for
from tests.notifications.returned_mail import AWAY, POSTFIX, Sent, about
from tests.notifications.server import Post, _free_port

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a:b@c/d"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.BOUNCE_ADDRESS = "bounces@portal.example"
    settings.BOUNCE_MAILBOX = f"maildir:{tmp_path / 'returned'}"
    (tmp_path / "returned" / "new").mkdir(parents=True)
    return tmp_path / "returned"


def sent(number: int) -> list[Notice]:
    rows = queue_notices(number)
    Notice.objects.update(state="accepted", accepted_at=Now())
    return rows


def states() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("state", flat=True))


def test_reports_in_a_folder_are_read_once_and_put_aside(folder: Path) -> None:
    first, second = sent(2)
    (folder / "new" / "1.host").write_bytes(about(POSTFIX, Sent.of(first)))
    (folder / "new" / "2.host").write_bytes(about(AWAY, Sent.of(second)))
    assert read_mailbox() == 2
    assert read_mailbox() == 0
    assert states() == ["bounced", "accepted"]
    assert sorted(file.name for file in (folder / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]
    assert DeliveryReport.objects.count() == 2


def test_a_bad_message_does_not_stop_the_others(folder: Path) -> None:
    (row,) = sent(1)
    (folder / "new" / "1").write_bytes(b"\xff\0" * 1000)
    (folder / "new" / "2").write_bytes(b"x" * (MOST_BYTES * 3))
    (folder / "new" / "3").write_bytes(about(POSTFIX, Sent.of(row)))
    assert read_mailbox() == 3
    assert states() == ["bounced"]


def test_a_crash_before_a_message_is_put_aside_counts_it_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = sent(1)
    (folder / "new" / "1").write_bytes(about(POSTFIX, Sent.of(row)))

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", full)
        with pytest.raises(MailboxFailed):
            read_mailbox()
    assert read_mailbox() == 1
    assert (states(), DeliveryReport.objects.count()) == (["bounced"], 1)


def test_a_report_on_what_is_being_sent_waits_in_the_mailbox(folder: Path) -> None:
    first, second = sent(2)
    Notice.objects.filter(pk=first.pk).update(state="in_flight")
    (folder / "new" / "1").write_bytes(about(POSTFIX, Sent.of(first)))
    (folder / "new" / "2").write_bytes(about(POSTFIX, Sent.of(second)))
    assert read_mailbox() == 1
    assert states() == ["in_flight", "bounced"]
    Notice.objects.filter(pk=first.pk).update(state="accepted")
    assert read_mailbox() == 1
    assert states() == ["bounced", "bounced"]


def test_without_the_database_a_report_stays_where_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "new" / "1").write_bytes(b"x")

    def away(**kwargs: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(DeliveryReport.objects, "get_or_create", away)
        with pytest.raises(DatabaseError):
            read_mailbox()
    assert (folder / "new" / "1").exists()


def test_one_reader_at_a_time(folder: Path, django_db_blocker: Any) -> None:
    import psycopg

    (folder / "new" / "1").write_bytes(b"x")
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"],
        port=known["PORT"] or None,
        user=known["USER"],
        password=known["PASSWORD"],
        dbname=known["NAME"],
    ) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [mailbox.SLOT])
        assert read_mailbox() == 0
        # Not by leaving: the server ends a session a moment after its client has gone.
        other.execute("SELECT pg_advisory_unlock(%s)", [mailbox.SLOT])
    assert read_mailbox() == 1


@pytest.mark.parametrize(
    "address", ["maildir:/nowhere", "imap://a:secret@127.0.0.1:1/INBOX", "imaps://a:secret@127.0.0.1:1/INBOX"]
)
def test_a_mailbox_that_is_away_is_said_without_its_password(settings: Any, address: str, caplog: Any) -> None:
    settings.BOUNCE_MAILBOX = address
    read_reports()
    assert "the mailbox of reports cannot be read" in caplog.text
    assert "secret" not in caplog.text


def test_without_a_mailbox_nothing_is_read(settings: Any) -> None:
    settings.BOUNCE_MAILBOX = ""
    assert read_mailbox() == 0


def test_the_envelope_of_each_mail_bears_the_address_of_its_reports(post: Post, folder: Path, settings: Any) -> None:
    seen: list[str] = []
    plain = post.handle_MAIL

    async def handle(server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        seen.append(address)
        return await plain(server, session, envelope, address, options)

    post.handle_MAIL = handle  # type: ignore[method-assign]
    rows = queue_notices(2)
    assert drainer.drain() == 2
    assert sorted(seen) == sorted(Sent.of(row).came_to for row in rows)
    assert len(set(seen)) == 2


# ---- IMAP ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def imap(settings: Any) -> Iterator[int]:
    """A real IMAP server that keeps its mail in memory."""
    port = _free_port()
    command = [
        str(Path(sys.executable).with_name("pymap")),
        "--no-tls",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "dict",
        "--demo-data",
    ]
    process = subprocess.Popen(
        [*command, "--demo-user", "reports", "--demo-password", PASSWORD],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert wait_for(lambda: _answers(port), 20)
        settings.BOUNCE_ADDRESS = "bounces@portal.example"
        settings.BOUNCE_MAILBOX = f"imap://reports:a%3Ab%40c%2Fd@127.0.0.1:{port}/INBOX"
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with suppress(OSError, IMAP4.error):
        IMAP4("127.0.0.1", port).logout()
        return True
    return False


def letters_in(port: int, name: str) -> int:
    client = IMAP4("127.0.0.1", port)
    client.login("reports", PASSWORD)
    status, found = client.select(name, readonly=True)
    client.logout()
    return int(found[0] or 0) if status == "OK" else 0


def put(port: int, *messages: bytes) -> None:
    client = IMAP4("127.0.0.1", port)
    client.login("reports", PASSWORD)
    for one in messages:
        client.append("INBOX", "", "", one.replace(b"\n", b"\r\n"))  # type: ignore[arg-type]
    client.logout()


@pytest.mark.slow
def test_reports_are_read_by_imap_and_moved(imap: int) -> None:
    first, second = sent(2)
    put(imap, about(POSTFIX, Sent.of(first)), b"Subject: big\n\n" + b"x\n" * MOST_BYTES, about(AWAY, Sent.of(second)))
    before = letters_in(imap, "INBOX")
    assert before >= 3
    assert read_mailbox() == before
    assert states() == ["bounced", "accepted"]
    assert (letters_in(imap, "INBOX"), letters_in(imap, "Read")) == (0, before)
    assert read_mailbox() == 0


@pytest.mark.slow
def test_a_wrong_password_is_a_mailbox_that_cannot_be_read(imap: int, settings: Any) -> None:
    settings.BOUNCE_MAILBOX = f"imap://reports:wrong@127.0.0.1:{imap}/INBOX"
    with pytest.raises(MailboxFailed):
        read_mailbox()
