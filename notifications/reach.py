"""Whom the notices about a thing reached, by participant. Reads only."""

from notifications.enums import NoticeState
from notifications.models import Notice


def accepted_for(subject_kind: str, subject_ref: str) -> set[str]:
    """Codes of the participants for which a mail server accepted a notice about the thing, and none of it came back."""
    rows = Notice.objects.filter(
        subject_kind=subject_kind, subject_ref=subject_ref, state=NoticeState.ACCEPTED.value
    ).exclude(participant_code="")
    return set(rows.values_list("participant_code", flat=True).distinct())


def states_for(subject_kind: str, subject_ref: str) -> dict[str, int]:
    """How many notices about the thing stand in which state."""
    rows = Notice.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref).values_list("state", flat=True)
    counted: dict[str, int] = {}
    for state in rows.order_by():
        counted[state] = counted.get(state, 0) + 1
    return counted
