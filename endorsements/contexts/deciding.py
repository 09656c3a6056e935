"""Pages before a deed on a circulation that runs or waits: what will happen, whom it tells, and on what it rests."""

import datetime as dt
from typing import Any

from endorsements import endings, positions, words
from endorsements.contexts.common import head
from endorsements.enums import PositionKind
from endorsements.models import Circulation
from endorsements.services.running import latest
from endorsements.services.steps import everyone_told
from members.access import Reader
from members.directory import participants_with_speaker
from members.models import Forum


def told(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """How many mails to how many participants the deed will send."""
    to = everyone_told(circulation)
    return {
        **head(circulation, reader, forum, now),
        "mails": len(to),
        "told_participants": len({one.participant_code for one in to}),
        "latest": latest(circulation),
    }


def decision(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """Who was not reached and why, what the counting replies are, and which ending they give."""
    seats = positions.seats(circulation)
    rows = [row for row in circulation.eligible.select_related("participant") if row.reached is False]
    speaking = participants_with_speaker(row.participant_id for row in rows)
    kinds = [PositionKind(seat.position.kind) for seat in seats if seat.position]
    eligible = sum(seat.counts for seat in seats)
    ending = endings.ending(kinds, circulation.terms, eligible=eligible, unreached=0)
    return {
        **told(circulation, reader, forum, now),
        "unreached": [
            (
                row.participant,
                "No notice was accepted for any of its addresses, and nobody of it opened the draft."
                if row.participant_id in speaking
                else "Nobody is in office who could reply: the post is vacant.",
            )
            for row in rows
        ],
        "tally": [(words.share_chip(share, circulation), number) for share, number in positions.tally(seats).items()],
        "ending": words.STATES[ending],
        "texts": [seat for seat in seats if seat.position and seat.position.text],
    }
