"""The mailbox of reports: read every minute, by IMAP or from a folder. What is recorded is put aside there.

`imaps://user:password@host/INBOX` (993), `imap://…` (143, for a server on this machine), or `maildir:/path`. A message
is put aside only after its row is written; a crash in between has it read again, and it counts once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from imaplib import IMAP4
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import connection
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted

from notifications.reports.applying import TooEarly, apply_report, key_of
from notifications.reports.reading import MOST_BYTES, read_report

MOST_A_RUN = 200
READ_FOLDER = "Read"
TIMEOUT_SECONDS = 15
SLOT = 7_230_002
"""Advisory lock: one reader at a time. What counts once does so by its key, with or without it."""
SOURCE = "mailbox"

Letter = tuple[bytes, Callable[[], object]]
"""A message as it came (cut where it is too large), and what puts it aside."""


class MailboxFailed(Exception):
    """The mailbox cannot be read: no connection, wrong password, no such folder."""


def read_mailbox() -> int:
    """Record what has come since. Returns how many messages; 0 without a mailbox. Raises MailboxFailed."""
    if not settings.BOUNCE_MAILBOX:
        return 0
    place = urlsplit(settings.BOUNCE_MAILBOX)
    letters = _in_folder(Path(unquote(place.path))) if place.scheme == "maildir" else _by_imap(place)
    number = 0
    with _slot() as is_free:
        try:
            for raw, put_aside in letters if is_free else ():
                with suppress(TooEarly):  # it stays for the next minute
                    apply_report(read_report(raw), source=SOURCE, key=key_of(raw))
                    put_aside()
                    number += 1
        except (ImapToolsError, IMAP4.error, OSError, EOFError) as error:
            # Never the address: it holds the password.
            raise MailboxFailed(f"{place.scheme}: {type(error).__name__}") from error
    return number


def _in_folder(folder: Path) -> Iterator[Letter]:
    """Of a maildir: what lies in new/, the oldest first, moved to cur/ as seen."""
    waiting = sorted((folder / "new").iterdir(), key=lambda file: file.stat().st_mtime)
    (folder / "cur").mkdir(exist_ok=True)
    for file in waiting[:MOST_A_RUN]:
        with file.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
        yield raw, partial(file.rename, folder / "cur" / f"{file.name.partition(':')[0]}:2,S")


def _by_imap(place: SplitResult) -> Iterator[Letter]:
    """Of an IMAP folder: everything in it, moved to the folder Read."""
    kind = MailBoxUnencrypted if place.scheme == "imap" else MailBox
    with kind(place.hostname or "", place.port or (143 if place.scheme == "imap" else 993), TIMEOUT_SECONDS).login(
        unquote(place.username or ""), unquote(place.password or ""), unquote(place.path.strip("/")) or "INBOX"
    ) as box:
        waiting = box.uids()[:MOST_A_RUN]
        if waiting and not box.folder.exists(READ_FOLDER):
            box.folder.create(READ_FOLDER)
        for uid in waiting:
            yield _fetch(box, uid), partial(box.move, uid, READ_FOLDER)


def _fetch(box: BaseMailBox, uid: str) -> bytes:
    """At most so many bytes: a message of any size may lie there."""
    _, found = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
    return next((bytes(one[1]) for one in found if isinstance(one, tuple)), b"")


@contextmanager
def _slot() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SLOT])
        (is_free,) = cursor.fetchone()
    try:
        yield is_free
    finally:
        if is_free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SLOT])
