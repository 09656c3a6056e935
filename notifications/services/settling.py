"""What no longer needs an answer: replied to, decided or ended."""

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet
from django.db.models.functions import Now

from notifications.models import Notice
from notifications.services.locking import lock_in_order


def settle(subject_kind: str, *subject_refs: str, participant_code: str | None = None) -> int:
    """Mark the notices about these things that asked for an answer as settled, for one participant or (None) for all.

    Inside the deed's transaction. Returns how many were open till now. Those of the other participants are locked too:
    the deed may settle them next (a reply that ends a circulation), and would then lock out of order.
    """
    rows = Notice.objects.filter(pk__in=lock_in_order(_open(subject_kind, subject_refs)))
    if participant_code is not None:
        rows = rows.filter(participant_code=participant_code)
    return rows.update(settled_at=Now())


def postpone(subject_kind: str, subject_ref: str, *, answer_by: dt.datetime) -> int:
    """A later deadline for every notice about a thing that still asks for an answer. Inside the deed's transaction."""
    keys = lock_in_order(_open(subject_kind, [subject_ref]))
    return Notice.objects.filter(pk__in=keys).update(answer_by=answer_by)


def _open(subject_kind: str, subject_refs: Collection[str]) -> QuerySet[Notice]:
    """Notices about these things that still ask for an answer."""
    return Notice.objects.filter(
        subject_kind=subject_kind, subject_ref__in=subject_refs, needs_answer=True, settled_at__isnull=True
    )
