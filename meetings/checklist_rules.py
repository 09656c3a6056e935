"""When the lines of a meeting's checklist are due. Pure functions, the day passed in."""

import datetime as dt

from members.rules import NotAllowed

DAYS_IN_SIGHT = 7
"""What is due from today on for so many days stands on the secretariat's desk."""
MOST_DAYS_BEFORE = 730


def due_on(opens_on: dt.date, days_before: int) -> dt.date:
    """Counted back from the first day of the meeting, as it stands now."""
    return opens_on - dt.timedelta(days=days_before)


def is_overdue(due: dt.date, *, is_done: bool, today: dt.date) -> bool:
    """The day itself is still in time."""
    return not is_done and due < today


def is_in_sight(due: dt.date, *, is_done: bool, today: dt.date) -> bool:
    """Overdue, or due within the next seven days, today among them."""
    return not is_done and due < today + dt.timedelta(days=DAYS_IN_SIGHT)


def check_line(text: str, days_before: int) -> None:
    if not text.strip():
        raise NotAllowed("Write what is to be done.", "text")
    if not 0 <= days_before <= MOST_DAYS_BEFORE:
        raise NotAllowed(f"Choose from 0 to {MOST_DAYS_BEFORE} days.", "days_before")
