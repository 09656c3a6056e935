"""When the list of participants may be frozen, and taken back. Pure functions over plain values."""

import datetime as dt

from meetings.enums import MeetingState
from members.rules import NotAllowed

FREEZABLE = frozenset({MeetingState.INVITED, MeetingState.IN_SESSION, MeetingState.CLOSED, MeetingState.PUBLISHED})


def check_freeze(state: MeetingState, *, stands: bool, people: int) -> None:
    if state not in FREEZABLE:
        raise NotAllowed("This meeting is not called, or does not take place. Its list stays provisional.")
    if stands:
        raise NotAllowed("The list is final already.")
    if not people:
        raise NotAllowed("Nobody is on the list yet. Nothing was frozen.")


NOT_FINAL = "The list is not final. Nothing was taken back."


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed("Write why the list is taken back. It is kept with the list.", "reason")


def names_are_due(ends: dt.datetime, days: int, now: dt.datetime) -> bool:
    """Are the names of a meeting to be removed? `ends`: the instant after its last day; that many days later they
    are."""
    return now >= ends + dt.timedelta(days=days)
