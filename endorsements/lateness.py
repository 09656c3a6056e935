"""Replies that come late, by letter, or are contested, as arithmetic over plain values, the time passed in.

Source: the forum's procedure. The window is [opened, expiry). What is stamped at or after expiry is kept, marked late
and counts for nothing; what was received before it and recorded after makes the circulation wait for the co-chair, and
so does an ending that rests on a position which its participant contests.
"""

import datetime as dt
from collections.abc import Iterable

from endorsements.enums import ENDED, State, Timing, WaitReason
from endorsements.rules import NotAllowed, Window

NOT_OPEN = "This circulation is not open yet. Nothing was recorded."
WITHDRAWN = "This circulation was withdrawn, so nothing more is recorded. Look for a newer one of the same draft."


def takes_replies(state: State) -> None:
    """Raise NotAllowed for a draft and for a circulation that was withdrawn; every other keeps what comes."""
    if state == State.DRAFT:
        raise NotAllowed(NOT_OPEN)
    if state == State.WITHDRAWN:
        raise NotAllowed(WITHDRAWN)


def timing_of_reply(state: State, window: Window, now: dt.datetime) -> Timing:
    """Does a reply count that is sent at `now`, the database's clock read under the circulation's lock?

    Expiry itself is outside. After an ending every reply is late, also before expiry: after a break the withdrawal of
    an objection revives nothing. A circulation that waits before its deadline, since what broke it is contested, still
    takes replies: its members have the time that they were given.
    """
    takes_replies(state)
    return Timing.IN_TIME if state not in ENDED and window.holds(now) else Timing.LATE


def timing_of_record(
    state: State,
    window: Window,
    now: dt.datetime,
    *,
    received_at: dt.datetime,
    ended_at: dt.datetime | None,
    has_successor: bool,
) -> Timing:
    """The same for a position that came by another way at `received_at` and is recorded at `now`.

    `ended_at`: when it ended, which may be before expiry. `has_successor`: the document is before members again, in a
    later circulation; this one cannot wait any more, so what comes for it is late.
    """
    takes_replies(state)
    over = ended_at if state in ENDED and ended_at else window.closes_at
    if received_at >= min(over, window.closes_at):
        return Timing.LATE
    if timing_of_reply(state, window, now) is Timing.IN_TIME:
        return Timing.IN_TIME
    return Timing.LATE if has_successor else Timing.RECORDED_AFTER


def check_received(received_at: dt.datetime, *, opened_at: dt.datetime | None, now: dt.datetime) -> None:
    """A letter answers what was sent: neither from before the opening nor from the future. Times are typed by the
    minute, so the minute of the opening is in time."""
    if received_at > now:
        raise NotAllowed("This time has not come yet. Write when it was received, as the evidence says.", "day")
    if opened_at is None or received_at < opened_at.replace(second=0, microsecond=0):
        raise NotAllowed("The circulation was not open at this time. Choose a later day or hour.", "day")


def check_evidence(evidence: str) -> None:
    if not evidence.strip():
        raise NotAllowed("Say which letter, message or call this rests on, and where it is filed.", "evidence")


def contest(state: State, *, is_recorded_otherwise: bool, is_contested: bool, is_decided: bool, reason: str) -> None:
    """May a participant say that a position is not its own? Of what the secretariat recorded, once, until a co-chair
    has decided on it."""
    takes_replies(state)
    if not is_recorded_otherwise:
        raise NotAllowed("This reply was sent by your own people. Send another reply instead.")
    if is_contested:
        raise NotAllowed("This reply is contested already. It does not count.")
    if is_decided:
        raise NotAllowed("A co-chair has decided on this reply already. Write to the secretariat.")
    if not reason.strip():
        raise NotAllowed("Say in a sentence why it is not right.", "reason")


def take_note(timing: Timing, *, is_noted: bool) -> None:
    """A co-chair takes note of what came late, once."""
    if timing is not Timing.LATE:
        raise NotAllowed("This reply did not come late. There is nothing to take note of.")
    if is_noted:
        raise NotAllowed("A co-chair has taken note of this reply already.")


def confirm(window: Window, now: dt.datetime) -> None:
    """Silence is confirmed only when its time has run out. Before that it waits because what broke it is contested."""
    if window.holds(now):
        raise NotAllowed(
            "The deadline has not passed: members may still reply. Confirm after it, set the result aside, or give a "
            "new deadline."
        )


def set_aside(doubtful: int) -> None:
    """There must be a position in doubt to go by."""
    if not doubtful:
        raise NotAllowed("No reply is in doubt, so there is nothing to set aside. Confirm, or give a new deadline.")


def warning(*, past_deadline: bool) -> str:
    """What is said before a late reply is sent."""
    why = "The deadline has passed." if past_deadline else "This circulation has ended."
    return f"{why} Your reply will be kept and marked late; it does not change the result."


def reasons(*, unreached: int, recorded_after: bool, contested: bool) -> list[WaitReason]:
    """Why it waits, in the order in which the sentence names them."""
    found = [
        (WaitReason.UNREACHED, unreached > 0),
        (WaitReason.RECORDED_AFTER, recorded_after),
        (WaitReason.CONTESTED, contested),
    ]
    return [reason for reason, holds in found if holds]


def sentence(found: Iterable[str], *, before_deadline: bool, has_number: bool) -> str:
    """What is missing and what happens next while it waits."""
    words = {
        WaitReason.UNREACHED: "some members may not have been reached",
        WaitReason.RECORDED_AFTER: "a reply that came in time was recorded after the deadline",
        WaitReason.CONTESTED: "a member says that a reply recorded in its name is not its own",
    }
    named = [words[WaitReason(one)] for one in found] or [words[WaitReason.UNREACHED]]
    said = f"{named[0][0].upper()}{named[0][1:]}" + "".join(f", and {one}" for one in named[1:])
    number = " Its number stays reserved." if has_number else ""
    if before_deadline:
        return f"{said}; a co-chair decides how this ends, and replies are taken until the deadline.{number}"
    return f"{said}, so a co-chair decides how this ends.{number}"
