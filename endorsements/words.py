"""The status vocabulary of circulations: (class, word) for chips, and the sentence that says what happens next.

The same words stand on pages, in mails and in exports.
"""

import datetime as dt
from collections.abc import Mapping

from endorsements.enums import Mode, PositionKind, Share, State, Verb
from endorsements.models import Circulation

STATES: Mapping[State, tuple[str, str]] = {
    State.DRAFT: ("s-draft", "Draft"),
    State.OPEN: ("s-open", "Open for response"),
    State.WAITING: ("s-wait", "Waiting for the co-chair"),
    State.ENDORSED: ("s-endorsed", "Endorsed"),
    State.ENDORSED_WITH_PROPOSALS: ("s-proposals", "Endorsed with proposals"),
    State.ENDORSED_BY_ANSWERS: ("s-endorsed", "Endorsed by those who answered"),
    State.BROKEN: ("s-broken", "Silence broken"),
    State.NOT_ENDORSED: ("s-objected", "Not endorsed"),
    State.LAPSED: ("s-lapsed", "Lapsed"),
    State.COMMENTS_CLOSED: ("s-closed", "Comments closed"),
    State.WITHDRAWN: ("s-withdrawn", "Withdrawn"),
}
OPEN: Mapping[Mode, tuple[str, str]] = {
    Mode.SILENCE: ("s-running", "Silence running"),
    Mode.EXPLICIT: STATES[State.OPEN],
    Mode.COMMENT: ("s-open", "Open for comments"),
}
"""The open state by what is asked."""
EXTENDED = ("s-extended", "Extended")
"""A note beside the state, not a state."""
EXITS: Mapping[Verb, str] = {Verb.CONFIRM: "result confirmed", Verb.OPEN_AGAIN: "new deadline given"}
"""What a co-chair decided when a circulation waited."""
REPLIES: Mapping[PositionKind, tuple[str, str]] = {
    PositionKind.ENDORSE: ("r-endorsed", "Endorsed"),
    PositionKind.ENDORSE_WITH_PROPOSALS: ("r-proposals", "Endorsed with proposals"),
    PositionKind.OBJECTION: ("r-objection", "Objection"),
    PositionKind.MORE_TIME: ("r-time", "More time requested"),
    PositionKind.NO_POSITION: ("r-nopos", "No position"),
    PositionKind.COMMENT: ("r-proposals", "Commented"),
    PositionKind.NO_COMMENTS: ("r-nopos", "No comments"),
}
NO_REPLY = ("r-none", "No reply yet")
SHARES: Mapping[Share, tuple[str, str]] = {
    Share.ENDORSED: REPLIES[PositionKind.ENDORSE],
    Share.WITH_PROPOSALS: REPLIES[PositionKind.ENDORSE_WITH_PROPOSALS],
    Share.SILENT: ("r-silent", "No objection by silence"),
    Share.OBJECTED: REPLIES[PositionKind.OBJECTION],
    Share.MORE_TIME: REPLIES[PositionKind.MORE_TIME],
    Share.NO_POSITION: REPLIES[PositionKind.NO_POSITION],
    Share.COMMENTED: REPLIES[PositionKind.COMMENT],
    Share.NO_COMMENTS: REPLIES[PositionKind.NO_COMMENTS],
    Share.NO_REPLY: NO_REPLY,
    Share.NOT_REACHED: ("r-unreached", "Not reached"),
    Share.NOT_ELIGIBLE: ("r-na", "Not eligible"),
}


def state_chip(circulation: Circulation, now: dt.datetime) -> tuple[str, str]:
    """Chip of a circulation. From the deadline on it is closed, whether or not the task that counts has run."""
    state = State(circulation.state)
    if state == State.OPEN and now >= circulation.expires_at:
        return ("s-closed", "Closed, being counted")
    return OPEN[Mode(circulation.mode)] if state == State.OPEN else STATES[state]


def reply_chip(kind: str | None) -> tuple[str, str]:
    return REPLIES[PositionKind(kind)] if kind else NO_REPLY


def tally_rows(tally: Mapping[str, int]) -> list[tuple[str, int]]:
    """(word, number) of each share in a kept tally, in the order of the vocabulary."""
    return [(SHARES[share][1], tally[share.value]) for share in Share if tally.get(share.value)]


def next_sentence(circulation: Circulation, now: dt.datetime) -> str:
    """What is missing and what happens next, in one sentence; the same on page, mail and board."""
    state = State(circulation.state)
    if state == State.DRAFT:
        if circulation.asked_at:
            return (
                "A co-chair must approve it, or a manager record that approval; then it opens and the notices go out."
            )
        return "Nothing is sent yet: read it once more, then ask for approval."
    if state == State.OPEN:
        if now >= circulation.expires_at:
            return "The deadline has passed and no more replies are taken; the result is being counted."
        return circulation.sentence
    return {
        State.WAITING: "Some members may not have been reached, so a co-chair decides how this ends.",
        State.ENDORSED: "No member objected by the deadline, so the draft is endorsed.",
        State.ENDORSED_WITH_PROPOSALS: "No member objected by the deadline, so the draft is endorsed, with proposals.",
        State.BROKEN: "A member objected, so the draft is not endorsed; the secretariat consults and may send a new "
        "version.",
        State.ENDORSED_BY_ANSWERS: "Enough members answered and none objected, so the draft is endorsed by those who "
        "answered.",
        State.NOT_ENDORSED: "A member objected, so the draft is not endorsed; the secretariat consults and may send a "
        "new version.",
        State.LAPSED: "Not enough members answered by the deadline, so the draft is not endorsed.",
        State.COMMENTS_CLOSED: "Comments are closed, and nothing is endorsed; the secretariat works on the draft.",
        State.WITHDRAWN: "This circulation was withdrawn, so nothing is decided.",
    }[state]
