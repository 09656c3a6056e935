"""Pages of a corrigendum, and what every page of a corrected circulation shows of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from endorsements.contexts.common import head, text_of
from endorsements.contexts.deciding import told
from endorsements.models import Circulation, ClockRequest
from members.access import Reader
from members.models import Forum, Participant

EXCERPT = 80


def correcting(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """The page on which an officer mends a slip: the text beside the form, and whom it tells."""
    found = text_of(circulation)
    choices = [
        (number, f"{number}. {text[:EXCERPT]}{'…' if len(text) > EXCERPT else ''}")
        for is_heading, number, _, text in found["paragraphs"]
        if not is_heading
    ]
    return {**told(circulation, reader, forum, now), **found, "paragraph_choices": choices}


def asking(
    circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime, participant: Participant
) -> dict[str, Any]:
    """The page before a participant asks for a new clock."""
    return {**head(circulation, reader, forum, now), "participant": participant}


@dataclass(frozen=True)
class Clock:
    """What the page of one participant offers and says about a new clock."""

    may_ask: bool
    asked: ClockRequest | None


def clock_of(circulation: Circulation, participant: Participant | None, *, may_reply: bool) -> Clock:
    """May this participant ask, and when it last did. No query while nothing is corrected."""
    if circulation.corrected_at is None or participant is None:
        return Clock(may_ask=False, asked=None)
    last = circulation.clock_requests.filter(on_behalf_of=participant).order_by("-pk").first()
    has_asked = last is not None and last.recorded_at > circulation.corrected_at
    return Clock(may_ask=may_reply and not has_asked, asked=last)
