"""Steps that write the audit log, the access log and submission keys."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.db.models import Max, Min

from audit.models import AccessEntry, AuditEntry, Submission


def record_audit(
    action: str,
    *,
    actor: AbstractBaseUser | None,
    kind: str,
    ref: str,
    label: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one audit row. Inside a transaction: the deed and its row stand or fall together."""
    return AuditEntry.objects.create(
        action=action,
        actor_id=actor.pk if actor else None,
        subject_kind=kind,
        subject_ref=ref,
        subject_label=label[:250],
        detail=detail or {},
    )


def record_access(user: AbstractBaseUser, *, kind: str, ref: str, on_behalf_of: str = "") -> None:
    """Note that a signed-in person opened a restricted thing."""
    AccessEntry.objects.create(user_id=user.pk, subject_kind=kind, subject_ref=ref, on_behalf_of=on_behalf_of)


@dataclass(frozen=True)
class Opening:
    """When a person opened a thing for the first and the last time, and for which participant."""

    participant_code: str
    user_id: int
    first_at: dt.datetime
    last_at: dt.datetime


def openings(kind: str, ref: str) -> list[Opening]:
    """Who of the participants opened the thing, by participant and person. One query."""
    rows = AccessEntry.objects.filter(subject_kind=kind, subject_ref=ref).exclude(on_behalf_of="").order_by()
    found = rows.values_list("on_behalf_of", "user_id").annotate(Min("at"), Max("at"))
    return [Opening(*row) for row in found]


def opened_by(kind: str, ref: str, *, before: dt.datetime) -> set[str]:
    """Codes of the participants of whom a signed-in person opened the thing before an instant."""
    rows = AccessEntry.objects.filter(subject_kind=kind, subject_ref=ref, at__lt=before).exclude(on_behalf_of="")
    return set(rows.values_list("on_behalf_of", flat=True).distinct())


def once(key: uuid.UUID, *, actor: AbstractBaseUser, action: str) -> str | None:
    """Result of the first submission with this key, or None when this is the first.

    Inside a transaction. Takes a lock on the pair (person, key) that lasts to the end of the transaction, so that two
    copies of one submission sent in parallel run one after the other and the second sees what the first did.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"{actor.pk}:{key}"])
    done = Submission.objects.filter(actor_id=actor.pk, key=key, action=action).values_list("result_ref", flat=True)
    return done.first()


def done(key: uuid.UUID, *, actor: AbstractBaseUser, action: str, result_ref: str) -> None:
    """Remember the result of this submission. Inside the deed's transaction, after `once` answered None."""
    Submission.objects.create(actor_id=actor.pk, key=key, action=action, result_ref=result_ref)
