"""The register: each deed of a circulation is one row of an append-only chain, one chain for the portal."""

import datetime as dt
import secrets
from collections.abc import Iterator
from typing import Any

from django.db import connection

from endorsements.chain import GENESIS, canonical, digest, export_line, in_utc
from endorsements.enums import Act
from endorsements.models import Circulation, RegisterActor, RegisterEntry
from members.models import Appointment, User

LOCK = 0x52454749
"""Key of the advisory lock that makes `seq` gapless; the series of numbers takes the same one."""


def append(
    act: Act,
    circulation: Circulation,
    *,
    at: dt.datetime,
    actor: User | None = None,
    appointment: Appointment | None = None,
    participant_code: str = "",
    facts: dict[str, Any] | None = None,
) -> RegisterEntry:
    """Write the next entry. Inside a transaction, after every row lock of the deed: the register's lock is the last.

    `at` is the database time of the deed. Persons enter as a salted commitment; texts as SHA-256 in `facts`.
    """
    lock()
    last = RegisterEntry.objects.order_by("-seq").values_list("seq", "head").first()
    seq, prev = (last[0] + 1, last[1]) if last else (1, GENESIS)
    salt = secrets.token_hex(16)
    content = canonical(
        {
            "seq": seq,
            "prev": prev,
            "at": in_utc(at),
            "act": act.value,
            "circulation": circulation.ref,
            "document": circulation.version.document.symbol,
            "version": circulation.version.number,
            "text_sha256": circulation.version.text_sha256,
            "file_sha256": circulation.version.file_sha256,
            "participant": participant_code,
            "actor": commitment(salt, actor) if actor else "",
            "appointment": appointment.pk if appointment else 0,
            "facts": facts or {},
        }
    )
    entry = RegisterEntry.objects.create(
        seq=seq,
        at=at,
        act=act.value,
        circulation=circulation,
        participant_code=participant_code,
        content=content,
        prev=prev,
        head=digest(content),
    )
    if actor:
        RegisterActor.objects.create(entry=entry, user=actor, salt=salt)
    return entry


def lock() -> None:
    """One at a time from here to the end of the transaction; taken twice it does no harm."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def commitment(salt: str, user: User) -> str:
    """What stands for a person: without the salt, which can be erased, it says nothing."""
    return digest(f"{salt}:{user.pk}:{user.email}")


def export_lines() -> Iterator[str]:
    """Every entry as a line of the export, in order."""
    rows = RegisterEntry.objects.order_by("seq").values_list("content", "head")
    for content, head in rows.iterator(chunk_size=2000):
        yield export_line(content, head)
