"""What no longer needs an answer: replied to, decided or ended."""

import datetime as dt

from django.db.models import QuerySet
from django.db.models.functions import Now

from notifications.models import Notice


def settle(subject_kind: str, subject_ref: str, *, participant_code: str | None = None) -> int:
    """Mark the notices about a thing that asked for an answer as settled, for one participant or (None) for all.

    Inside the deed's transaction. Returns how many were open till now.
    """
    rows = _open(subject_kind, subject_ref)
    if participant_code is not None:
        rows = rows.filter(participant_code=participant_code)
    return rows.update(settled_at=Now())


def postpone(subject_kind: str, subject_ref: str, *, answer_by: dt.datetime) -> int:
    """A later deadline for every notice about a thing that still asks for an answer. Inside the deed's transaction."""
    return _open(subject_kind, subject_ref).update(answer_by=answer_by)


def _open(subject_kind: str, subject_ref: str) -> QuerySet[Notice]:
    """Notices about a thing that still ask for an answer."""
    return Notice.objects.filter(
        subject_kind=subject_kind, subject_ref=subject_ref, needs_answer=True, settled_at__isnull=True
    )
