"""Words that the pages of the directory share: periods, lists of names, numbers of participants."""

import datetime as dt
from collections.abc import Sequence

from meetings.days import day_in_words
from meetings.queries import in_room
from members.enums import BodyKind, Kind, Mark, StandingKind

UNKNOWN = "date not known"
CONFIRM = "to be confirmed by the secretariat"
MARK_NOTES = {Mark.B.value: "follows from lists that were read", Mark.C.value: CONFIRM}
"""What a page adds to a fact of a body's history; a fact that a public source states needs nothing."""
BODY_KINDS = {
    BodyKind.CONFERENCE.value: "Conference",
    BodyKind.SENIOR_OFFICIALS.value: "Senior officials",
    BodyKind.STEERING_GROUP.value: "Steering group",
    BodyKind.AD_HOC_GROUP.value: "Ad hoc group",
    BodyKind.WORKING_GROUP.value: "Working group",
    BodyKind.TASK_FORCE.value: "Task force",
    BodyKind.EXPERTS_GROUP.value: "Experts’ group",
    BodyKind.FORUM.value: "Forum",
    BodyKind.SECRETARIAT.value: "Secretariat",
    BodyKind.MECHANISM.value: "Mechanism",
}
GROUPS = {
    (StandingKind.MEMBER.value, Kind.STATE.value): "Member States",
    (StandingKind.MEMBER.value, Kind.ORGANISATION.value): "Member organisations",
    (StandingKind.OBSERVER.value, Kind.STATE.value): "Observer States",
    (StandingKind.OBSERVER.value, Kind.ORGANISATION.value): "Observer organisations",
}
NO_STANDING = "No standing on this day"


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1] if names else "") if part)


def period_in_words(first: dt.date | None, last: dt.date | None) -> str:
    """ "2019 to 2021", "since 12 October 2011", "date not known". A first or last day of a year is said as the year."""
    begin = "" if first is None else str(first.year) if (first.month, first.day) == (1, 1) else day_in_words(first)
    end = "" if last is None else str(last.year) if (last.month, last.day) == (12, 31) else day_in_words(last)
    if begin and end:
        return begin if begin == end else f"{begin} to {end}"
    return f"since {begin}" if begin else f"until {end}" if end else UNKNOWN


def number_in_words(numbers: dict[str, int]) -> str:
    """ "13 States, 3 organisations" of numbers by kind; empty when there are none."""
    return in_room(numbers.get(Kind.STATE.value, 0), numbers.get(Kind.ORGANISATION.value, 0))
