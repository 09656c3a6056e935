"""Rows of notices and of what came back, for the admin's pages."""

from typing import Any

from members.models import User
from notifications.models import DeliveryReport, Notice, Preference, ToldOtherwise
from tests.portal.admin_days import at


def put_notices(rows: Any) -> None:
    of = rows.of
    rows.put(
        Notice,
        lambda n: {
            "event": f"e:{n}",
            "kind": "account",
            "user": of(User, n),
            "address": f"u{n}@members.example",
            "subject": f"About {n}",
            "body": "b",
            "message_id": f"<{n}@portal.example>",
            "queued_at": at(n),
            "due_at": at(n),
        },
    )
    rows.put(
        DeliveryReport,
        lambda n: {
            "key": f"{n:064}",
            "source": "mailbox",
            "notice": of(Notice, n),
            "action": "failed",
            "verdict": "applied",
            "received_at": at(n),
        },
    )
    rows.put(
        ToldOtherwise,
        lambda n: {
            "subject_kind": "circulation",
            "subject_ref": f"c{n}",
            "participant_code": f"P{n}",
            "way": "phone",
            "told_at": at(n),
            "note": f"Told {n}",
            "recorded_by": of(User, n),
        },
    )
    rows.put(Preference, lambda n: {"user": of(User, n), "kind": "circulation.ended", "cadence": "daily"})
