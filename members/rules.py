"""Rules of the directory: which step of an admission comes next, which days a change may bear."""

import datetime as dt
from collections.abc import Sequence

Period = tuple[dt.date | None, dt.date | None]
"""First and last day; a day that is not known counts as always."""


class NotAllowed(Exception):
    """The deed does not fit what the directory holds; the message says why, `field` which input it concerns."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def overlap(one: Period, other: Period) -> bool:
    """Do two periods share a day?"""
    first, last = (
        max(one[0] or dt.date.min, other[0] or dt.date.min),
        min(one[1] or dt.date.max, other[1] or dt.date.max),
    )
    return first <= last


def next_stage(stages: Sequence[int], taken: Sequence[int]) -> int | None:
    """The position of the stage that an admission takes next: the first after the furthest it took. None: all taken.

    `stages` are the positions of all stages, `taken` those with a step; a stage that was skipped is not made up for.
    """
    furthest = max(taken, default=None)
    return min((one for one in stages if furthest is None or one > furthest), default=None)


def check_step_day(on: dt.date, *, earlier: Sequence[dt.date], today: dt.date) -> None:
    """A step is dated neither before one taken earlier nor in the future."""
    if on > today:
        raise NotAllowed("This day is still to come. Record the step once it was taken.", "on")
    latest = max(earlier, default=None)
    if latest and on < latest:
        raise NotAllowed(f"An earlier step was taken on {latest:%-d %B %Y}; this one cannot lie before it.", "on")


def ended_by(current: Period, on: dt.date) -> dt.date:
    """The last day of what a new standing replaces: the day before. NotAllowed when it would end before it began."""
    last = on - dt.timedelta(days=1)
    if current[0] and current[0] > last:
        raise NotAllowed(f"The present standing began on {current[0]:%-d %B %Y}; the new one must begin later.", "on")
    return last


def check_last_day(last: dt.date, *, former: Sequence[dt.date], today: dt.date) -> None:
    """The last day of a name: after the last day of every name before it, and not in the future."""
    if last > today:
        raise NotAllowed("This day is still to come. Record the new name once it is in use.", "last_day")
    latest = max(former, default=None)
    if latest and last <= latest:
        raise NotAllowed(
            f"The name before this one was in use until {latest:%-d %B %Y}; choose a later day.", "last_day"
        )
