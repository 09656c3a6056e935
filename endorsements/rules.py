"""The silence procedure as arithmetic: pure functions over plain values, the time passed in.

Source of the rules: the forum's procedure as kept with each circulation (domain of the portal, docs/glossary.md).
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from endorsements.enums import ENDED, SAYS, Mode, PositionKind, Share, State, Verb


class NotAllowed(Exception):
    """The deed is not possible now. The message is a sentence for the person who tried; `field` is where it belongs."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class SaidMeanwhile(NotAllowed):
    """Another reply of the same participant was recorded since the page was shown; `last` is its key."""

    def __init__(self, sentence: str, last: int) -> None:
        super().__init__(sentence)
        self.last = last


@dataclass(frozen=True)
class Terms:
    """The procedure as snapshot with the circulation."""

    objections_that_stop: int = 1
    stops_at_once: bool = True
    proposals_stop: bool = False
    unreached_hold: bool = True
    mode: Mode = Mode.SILENCE
    quorum: int | None = None
    """Answers that an explicit endorsement needs when not all endorse; None: of all who are eligible."""
    closes_early: bool = False


@dataclass(frozen=True)
class Window:
    """When replies count: [opens, closes), both aware."""

    opens_at: dt.datetime
    closes_at: dt.datetime

    def holds(self, at: dt.datetime) -> bool:
        return self.opens_at <= at < self.closes_at


BY_REPLIES = ENDED - {State.WITHDRAWN}
"""Endings that the replies bring."""
TRANSITIONS: Mapping[tuple[Verb, State], frozenset[State]] = {
    (Verb.CHANGE, State.DRAFT): frozenset({State.DRAFT}),
    (Verb.ASK_APPROVAL, State.DRAFT): frozenset({State.DRAFT}),
    (Verb.APPROVE, State.DRAFT): frozenset({State.OPEN}),
    (Verb.RECORD_POSITION, State.OPEN): frozenset({State.OPEN}) | BY_REPLIES,
    (Verb.TELL_OTHERWISE, State.OPEN): frozenset({State.OPEN}),
    (Verb.TELL_OTHERWISE, State.WAITING): frozenset({State.WAITING}),
    (Verb.CLOSE, State.OPEN): frozenset({State.WAITING}) | BY_REPLIES,
    (Verb.EXTEND, State.OPEN): frozenset({State.OPEN}),
    (Verb.CORRECT, State.OPEN): frozenset({State.OPEN}),
    (Verb.ASK_NEW_CLOCK, State.OPEN): frozenset({State.OPEN}),
    (Verb.WITHDRAW, State.OPEN): frozenset({State.WITHDRAWN}),
    (Verb.CONFIRM, State.WAITING): BY_REPLIES - {State.COMMENTS_CLOSED},
    (Verb.SET_ASIDE, State.WAITING): BY_REPLIES - {State.COMMENTS_CLOSED},
    (Verb.OPEN_AGAIN, State.WAITING): frozenset({State.WITHDRAWN}),
}
"""(verb, state) → states it may lead to. A pair that is not here is refused."""

REFUSALS: Mapping[Verb, str] = {
    Verb.CHANGE: "The circulation was opened. Its terms cannot change any more.",
    Verb.ASK_APPROVAL: "The circulation was opened already. Nothing is left to approve.",
    Verb.APPROVE: "The circulation was opened already. Nothing was sent a second time.",
    Verb.RECORD_POSITION: "This circulation takes no replies now.",
    Verb.TELL_OTHERWISE: "This circulation is not open. Nothing was recorded.",
    Verb.CLOSE: "This circulation is not running.",
    Verb.EXTEND: "This circulation is not running. Its deadline stays.",
    Verb.CORRECT: "This circulation is not running. Its text stays as it was.",
    Verb.ASK_NEW_CLOCK: "This circulation is not running. Nothing was recorded.",
    Verb.WITHDRAW: "This circulation is not running. It cannot be withdrawn any more.",
    Verb.CONFIRM: "This circulation does not wait for a co-chair any more. Nothing was changed.",
    Verb.SET_ASIDE: "This circulation does not wait for a co-chair any more. Nothing was changed.",
    Verb.OPEN_AGAIN: "This circulation does not wait for a co-chair any more. Nothing was opened.",
}


def require(verb: Verb, state: State) -> None:
    """Raise NotAllowed unless the table has the pair."""
    if (verb, state) not in TRANSITIONS:
        raise NotAllowed(REFUSALS[verb])


def check_reply(kind: PositionKind, text: str, *, no_reason_given: bool, mode: Mode) -> None:
    """What a reply must carry: proposals their wording, an objection its reason or a tick at "no reason given", a
    comment its text. And it must be one that this mode asks for."""
    if kind not in SAYS[mode]:
        raise NotAllowed("This is no reply to what is asked here. Choose one from the list.", "kind")
    if kind == PositionKind.COMMENT and not text.strip():
        raise NotAllowed("Write your comment. If you have none, choose No comments.", "comment")
    if kind == PositionKind.ENDORSE_WITH_PROPOSALS and not text.strip():
        raise NotAllowed("Write what you propose. To agree without proposals, choose Endorse.", "proposals")
    if kind == PositionKind.OBJECTION and not text.strip() and not no_reason_given:
        raise NotAllowed("Write the reason, or tick “No reason given”.", "reason")


def check_deadline(expires_at: dt.datetime, *, now: dt.datetime, earliest: dt.datetime, period: str) -> None:
    """A deadline must be in the future and not before the minimum period ends. `period` is that period in words."""
    if expires_at <= now:
        raise NotAllowed("This deadline has passed already. Choose a later day.", "day")
    if expires_at < earliest:
        raise NotAllowed(f"This is too soon: the procedure asks for {period}. Choose a later day or hour.", "day")


def approve(state: State, *, was_asked: bool, is_drafter: bool, evidence: str) -> None:
    """May this circulation be approved (and so opened)? Never by the person who drafted it."""
    require(Verb.APPROVE, state)
    if not was_asked:
        raise NotAllowed("Approval was not asked yet. The officer is still working on this draft.")
    if is_drafter:
        raise NotAllowed("You prepared this circulation. Another person must approve it.")
    if not evidence.strip():
        raise NotAllowed("Say how the co-chair approved: by which letter, e-mail or call, and on what day.", "evidence")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed("Write the reason. Everyone who was sent the draft reads it.", "reason")


def while_running(verb: Verb, state: State, window: Window | None, now: dt.datetime) -> None:
    """Deeds of the secretariat on a running circulation: from the instant of expiry on none is possible."""
    require(verb, state)
    if window is None or not window.holds(now):
        raise NotAllowed("The deadline has passed, and the result is being counted. Nothing was changed.")


def extend(
    state: State, window: Window, now: dt.datetime, until: dt.datetime, *, may_extend: bool, latest: dt.datetime | None
) -> None:
    """May the deadline move to `until`, with the same text? Before expiry only, and only later; earlier replies stand.

    `latest`: the last deadline that the procedure permits, None without a limit.
    """
    while_running(Verb.EXTEND, state, window, now)
    if not may_extend:
        raise NotAllowed("This procedure knows no extension.")
    if until <= window.closes_at:
        raise NotAllowed("The new deadline must be later than the present one.", "day")
    if latest is not None and until > latest:
        raise NotAllowed("This is later than the procedure permits. Choose an earlier day.", "day")


def tell_otherwise(state: State, opened_at: dt.datetime | None, *, told_at: dt.datetime, now: dt.datetime) -> None:
    """May it be recorded at `now` that a participant was told at `told_at` by another way than e-mail?

    Also after the deadline, until the ending: it counts only when recorded before it, but the co-chair reads it. Times
    are typed by the minute, so the minute of the opening is in time.
    """
    require(Verb.TELL_OTHERWISE, state)
    if told_at > now:
        raise NotAllowed("This time has not come yet. Record a call after it was made.", "day")
    if opened_at is None or told_at < opened_at.replace(second=0, microsecond=0):
        raise NotAllowed("The circulation was not open at this time. Choose a later day or hour.", "day")


def check_note(note: str) -> None:
    """It is evidence only when it says who was told."""
    if not note.strip():
        raise NotAllowed("Write who was told, and what they said.", "note")


def close(state: State, window: Window, now: dt.datetime) -> bool:
    """Is it time to close? False when it is closed already: late, twice or on two workers, nothing more happens."""
    if state != State.OPEN:
        return False
    if now < window.closes_at:
        raise NotAllowed("The deadline has not passed yet.")
    return True


def share(position: PositionKind | None, *, eligible: bool, reached: bool | None, state: State) -> Share:
    """Where one participant stands in the tally. Silence is never shown as a vote in favour."""
    if not eligible:
        return Share.NOT_ELIGIBLE
    if position is not None:
        return {
            PositionKind.ENDORSE: Share.ENDORSED,
            PositionKind.ENDORSE_WITH_PROPOSALS: Share.WITH_PROPOSALS,
            PositionKind.MORE_TIME: Share.MORE_TIME,
            PositionKind.OBJECTION: Share.OBJECTED,
            PositionKind.NO_POSITION: Share.NO_POSITION,
            PositionKind.COMMENT: Share.COMMENTED,
            PositionKind.NO_COMMENTS: Share.NO_COMMENTS,
        }[position]
    if reached is False:
        return Share.NOT_REACHED
    return Share.SILENT if state in {State.ENDORSED, State.ENDORSED_WITH_PROPOSALS} else Share.NO_REPLY


# ---- time -----------------------------------------------------------------------------------------------------------


def is_working_day(day: dt.date, holidays: Collection[dt.date]) -> bool:
    """Monday to Friday, less the holidays given."""
    return day.weekday() < 5 and day not in holidays


def working_days_between(opened: dt.datetime, closes: dt.datetime, hour: dt.time, holidays: Collection[dt.date]) -> int:
    """Working days of a period, both ends in the forum's local time.

    The day of opening does not count, the day of expiry does. Opened after the usual hour or on a day off counts as the
    next working day. A day of expiry before the usual hour is not a full one and does not count.
    """
    day = _first_day(opened, hour, holidays)
    last = closes.date() if closes.time() >= hour else closes.date() - dt.timedelta(days=1)
    count = 0
    while day < last:
        day += dt.timedelta(days=1)
        count += is_working_day(day, holidays)
    return count


def earliest_expiry(
    opened: dt.datetime, working_days: int, hour: dt.time, holidays: Collection[dt.date]
) -> dt.datetime:
    """First permitted expiry, naive local time in and out: `working_days` after the opening, at the usual hour."""
    day = _first_day(opened, hour, holidays)
    while working_days:
        day += dt.timedelta(days=1)
        working_days -= is_working_day(day, holidays)
    return dt.datetime.combine(day, hour)


def _first_day(opened: dt.datetime, hour: dt.time, holidays: Collection[dt.date]) -> dt.date:
    day = opened.date()
    if is_working_day(day, holidays) and opened.time() <= hour:
        return day
    day += dt.timedelta(days=1)
    while not is_working_day(day, holidays):
        day += dt.timedelta(days=1)
    return day
