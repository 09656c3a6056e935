"""Pages before a deed on a circulation that runs or waits: what will happen, whom it tells, and on what it rests."""

import datetime as dt
from typing import Any

from endorsements import positions, words
from endorsements.contexts.common import head
from endorsements.contexts.late import row_of
from endorsements.enums import SUCCESSFUL, State
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
    """What is in doubt and why, what the counting replies are, and which ending each exit gives."""
    seats = positions.seats(circulation)
    rows = positions.silent_and_unreached(circulation)
    speaking = participants_with_speaker(row.participant_id for row in rows)
    confirmed = positions.ending(circulation)
    doubtful = positions.doubtful(circulation)
    aside = positions.ending(circulation, positions.SUPPOSED) if doubtful else None
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
        "withdrawn": words.STATES[State.WITHDRAWN],
        "newest_doubtful": max((one.pk for one in doubtful), default=0),
        "doubtful": [row_of(one) for one in doubtful],
        "ending": words.STATES[confirmed],
        "if_confirmed": words.exit_words(circulation, confirmed),
        "may_confirm": now >= circulation.expires_at,
        "aside_ending": words.STATES[aside] if aside else None,
        "if_aside": words.exit_words(circulation, aside) if aside else "",
        "may_set_aside": aside is not None and (now >= circulation.expires_at or aside not in SUCCESSFUL),
        "texts": [seat for seat in seats if seat.position and seat.position.text],
    }
