"""Rules of sessions and of a roll call: when a session may stand, what a tick says, who is present.

Pure functions over plain values. Source: the forum's rules on attendance (one row for each session and participant, or
delegate where delegates are known; a participant is present if it or any of its delegates is).
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from meetings.enums import Mark, Mode, Presence
from members.rules import NotAllowed

PRESENT = frozenset({Mark.ROOM, Mark.REMOTE})
ROW_OF = {
    Mark.ROOM: (Presence.PRESENT, Mode.IN_THE_ROOM.value),
    Mark.REMOTE: (Presence.PRESENT, Mode.REMOTE.value),
    Mark.ABSENT: (Presence.ABSENT, ""),
    Mark.EXCUSED: (Presence.EXCUSED, ""),
}
MARK_NAMES = {
    Mark.NONE: "not marked",
    Mark.ROOM: "in the room",
    Mark.REMOTE: "remote",
    Mark.ABSENT: "absent",
    Mark.EXCUSED: "excused",
}
MOST_SESSIONS = 60


def check_step_back(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed("Write why the meeting goes back. A step back without a reason is refused.", "reason")


def check_session(
    day: dt.date,
    start: dt.datetime,
    end: dt.datetime,
    *,
    first: dt.date,
    last: dt.date,
    others: int,
    sits_on: Sequence[dt.date] = (),
) -> None:
    """A session lies within the days of its meeting and ends after it starts. `others`: sessions besides it.
    `sits_on`: the days of a meeting that do not follow each other."""
    if not first <= day <= last or (sits_on and day not in sits_on):
        raise NotAllowed("The meeting does not sit on this day. Choose one of its days.", "day")
    if end <= start:
        raise NotAllowed("The end is before the start. Write a later end.", "ends")
    if others >= MOST_SESSIONS:
        raise NotAllowed(f"A meeting has {MOST_SESSIONS} sessions at most.")


def check_outcome_day(day: dt.date, *, first: dt.date, last: dt.date) -> None:
    if not first <= day <= last:
        raise NotAllowed("An outcome is not dated outside its meeting. Choose one of its days.", "day")


def time_left(minutes: int | None, started: dt.datetime, now: dt.datetime) -> int | None:
    """Whole minutes that an item has left; less than nothing: overrun. None: its length is not planned."""
    if minutes is None:
        return None
    return minutes - int((now - started).total_seconds() // 60)


def mark_of(presence: str, mode: str) -> Mark:
    """What the row of a roll call says. A row without mode is of the room: only the remote are told apart."""
    if presence == Presence.PRESENT:
        return Mark.REMOTE if mode == Mode.REMOTE else Mark.ROOM
    return Mark(presence)


def wanted(was: Mark, *, ticked: bool, how: Mark) -> Mark:
    """What one line of the whole form asks for. `was`: what the page showed; `how`: chosen beside the box (remote,
    excused, or nothing). What differs from what was shown is what was meant; of two changes the choice counts."""
    shown_how = was if was in {Mark.REMOTE, Mark.EXCUSED} else Mark.NONE
    if how != shown_how and how != Mark.NONE:
        return how
    if ticked == (was in PRESENT) and how == shown_how:
        return was
    if ticked:
        return Mark.ROOM
    return Mark.ABSENT if was in PRESENT or was != Mark.NONE else Mark.NONE


def tick(now: Mark, *, was: Mark, to: Mark) -> bool:
    """May this tick be written over what stands? True: write; False: it stands so already. Raises NotAllowed where
    somebody else marked the same line otherwise since the officer's page showed it: that tick is not lost."""
    if to == Mark.NONE:
        raise NotAllowed("Choose what the roll call shall say.")
    if now == to:
        return False
    if now != was:
        raise NotAllowed(f"marked {MARK_NAMES[now]} by another person in the meantime")
    return True


def presence_of(marks: Iterable[Mark]) -> Mark:
    """Of a participant, from its own row and those of its delegates: in the room before remote, before excused, before
    absent."""
    found = set(marks)
    order = (Mark.ROOM, Mark.REMOTE, Mark.EXCUSED, Mark.ABSENT)
    return next((one for one in order if one in found), Mark.NONE)
