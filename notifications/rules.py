"""Rules of sending: what an answer of the mail server means, and when to try again. No clock, no network."""

import datetime as dt
from enum import StrEnum

from notifications.enums import Cadence, Kind

ASK_ALL = frozenset({Kind.CIRCULATION_APPROVAL, Kind.CIRCULATION_DECISION, Kind.MEETING_APPROVAL, Kind.CONFIRM_ASKED})
ASK_SPEAKERS = frozenset(
    {
        Kind.CIRCULATION_OPENED,
        Kind.CIRCULATION_REMINDER,
        Kind.MEETING_INVITED,
        Kind.MEETING_REMINDER,
        Kind.PAPER_ASKED,
        Kind.PAPER_REMINDER,
    }
)

RETRY_DELAYS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
"""Waits before the second to the sixth try of one message; after the sixth it has failed."""
JITTER = 0.2
"""A wait grows by up to this share, so that what failed together does not come back together."""
DIGEST_HOUR = dt.time(8)
"""Of the person's own day."""


class Stage(StrEnum):
    """Where a conversation with the mail server stands."""

    CONNECT = "connect"
    GREET = "greet"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    TEXT = "text"


class Verdict(StrEnum):
    """What an answer means for the message and for the drain."""

    ACCEPTED = "accepted"
    CONTINUE = "continue"
    TRY_LATER = "try_later"
    REFUSED = "refused"
    SERVER_FAILED = "server_failed"
    CUT = "cut"


ABOUT_RECIPIENT = frozenset({Stage.RECIPIENT, Stage.DATA, Stage.TEXT})
"""Each conversation has one recipient, so an answer from here on is about that one message."""


def judge(stage: Stage, code: int | None) -> Verdict:
    """Meaning of an answer (RFC 5321) at a stage; None when the connection broke or the server fell silent.

    421 closes the service wherever it comes. Before a recipient is named, any refusal is the server's own trouble. When
    the connection breaks after the text was sent nobody knows whether the message was taken: it is sent again under the
    same Message-ID.
    """
    if code is None:
        return Verdict.CUT if stage is Stage.TEXT else Verdict.SERVER_FAILED
    if 200 <= code < 300 and stage is not Stage.DATA:
        return Verdict.ACCEPTED if stage is Stage.TEXT else Verdict.CONTINUE
    if code == 354 and stage is Stage.DATA:
        return Verdict.CONTINUE
    if code == 421 or stage not in ABOUT_RECIPIENT:
        return Verdict.SERVER_FAILED
    if 400 <= code < 500:
        return Verdict.TRY_LATER
    return Verdict.REFUSED if 500 <= code < 600 else Verdict.SERVER_FAILED


def retry_delay(tries: int, chance: float) -> dt.timedelta | None:
    """Wait after this many refused tries, None when it was the last. `chance` in [0, 1) sets the jitter."""
    if not 1 <= tries <= len(RETRY_DELAYS):
        return None
    return RETRY_DELAYS[tries - 1] * (1 + JITTER * chance)


def asks(kind: Kind, *, may_reply: bool) -> bool:
    """Does a notice of this kind ask its reader for an answer? Such a notice is a duty and always goes at once."""
    return kind in ASK_ALL or (kind in ASK_SPEAKERS and may_reply)


def digest_due_at(queued_at: dt.datetime, cadence: Cadence, zone: dt.tzinfo) -> dt.datetime:
    """The first eight o'clock (weekly: of a Monday) in the person's zone after a notice was queued, in UTC."""
    local = queued_at.astimezone(zone)
    day = local.date()
    if local.time() >= DIGEST_HOUR:
        day += dt.timedelta(days=1)
    if cadence is Cadence.WEEKLY:
        day += dt.timedelta(days=-day.weekday() % 7)
    return dt.datetime.combine(day, DIGEST_HOUR, tzinfo=zone).astimezone(dt.UTC)
