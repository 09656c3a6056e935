"""The status vocabulary of circulations: (class, word) for chips, and the sentence that says what happens next.

The same words stand on pages, in mails and in exports.
"""

import datetime as dt
from collections.abc import Mapping

from endorsements import lateness, sentences
from endorsements.enums import SUCCESSFUL, Means, Mode, PositionKind, Remark, Share, State, Timing, Verb
from endorsements.models import Circulation, Position

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
MODES: Mapping[Mode, tuple[str, str]] = {
    Mode.SILENCE: ("Silence procedure", "under the silence procedure"),
    Mode.EXPLICIT: ("Explicit endorsement", "for explicit endorsement"),
    Mode.COMMENT: ("Comments only", "for comments"),
}
"""What is asked: by name, and as in "is before the body for comments"."""
NO_ANSWER: Mapping[Mode, str] = {
    Mode.SILENCE: "What silence means",
    Mode.EXPLICIT: "What no answer means",
    Mode.COMMENT: "What no comment means",
}
"""Heading of the procedure's own sentence."""
EXTENDED = ("s-extended", "Extended")
"""A note beside the state, not a state."""
EXITS: Mapping[Verb, str] = {
    Verb.CONFIRM: "result confirmed",
    Verb.SET_ASIDE: "result set aside",
    Verb.OPEN_AGAIN: "new deadline given",
}
"""What a co-chair decided when a circulation waited."""
REPLIES: Mapping[PositionKind, tuple[str, str]] = {
    PositionKind.ENDORSE: ("r-endorsed", "Endorsed"),
    PositionKind.ENDORSE_WITH_PROPOSALS: ("r-proposals", "Endorsed with proposals"),
    PositionKind.OBJECTION: ("r-objection", "Objection"),
    PositionKind.MORE_TIME: ("r-time", "More time requested"),
    PositionKind.NO_POSITION: ("r-nopos", "No position"),
    PositionKind.COMMENT: ("r-comment", "Commented"),
    PositionKind.NO_COMMENTS: ("r-nopos", "No comments"),
}
MEANS: Mapping[Means, str] = {
    Means.NOTE_VERBALE: "By note verbale",
    Means.LETTER: "By letter",
    Means.MAIL: "By e-mail",
    Means.TELEPHONE: "By telephone",
    Means.FLOOR: "From the floor of a meeting",
}
REMARKS: Mapping[str, str] = {
    Remark.NOTED: "took note of it",
    Remark.COUNTS: "decided that it counts",
    Remark.LEFT_OUT: "decided that it does not count",
}
LATE = ("r-na", "Late")
RECORDED_AFTER = ("r-time", "Recorded after the deadline")
CONTESTED = ("e-vacant", "Contested")
LEFT_OUT = ("r-na", "Left out by the co-chair")
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


def share_chip(share: Share, circulation: Circulation) -> tuple[str, str]:
    """Chip of a share. After the end no reply comes any more, and in an explicit endorsement that means nothing."""
    if share != Share.NO_REPLY or State(circulation.state) == State.OPEN:
        return SHARES[share]
    is_explicit = circulation.mode == Mode.EXPLICIT
    return (NO_REPLY[0], "No reply, not counted as agreeing" if is_explicit else "No reply")


def tally_rows(circulation: Circulation) -> list[tuple[str, int]]:
    """(word, number) of each share in the kept tally, in the order of the vocabulary."""
    kept = circulation.tally
    return [(share_chip(share, circulation)[1], kept[share.value]) for share in Share if kept.get(share.value)]


def next_sentence(circulation: Circulation, now: dt.datetime) -> str:
    """What is missing and what happens next; the same on page, board, list and mail."""
    state, mode = State(circulation.state), Mode(circulation.mode)
    if state == State.DRAFT:
        return sentences.draft(is_asked=circulation.asked_at is not None)
    if state == State.OPEN:
        return sentences.counting(mode) if now >= circulation.expires_at else circulation.sentence
    if state == State.WAITING:
        return why_it_waits(circulation, now)
    return sentences.ended(state, circulation.terms, early=ended_early(circulation))


def ended_early(circulation: Circulation) -> bool:
    """Closed before its deadline because all had answered."""
    before = circulation.ended_at is not None and circulation.ended_at < circulation.expires_at
    return sentences.is_early(State(circulation.state), circulation.terms, before_deadline=before)


def why_it_waits(circulation: Circulation, now: dt.datetime | None = None) -> str:
    """Names the reasons for which it waits; `now` tells whether members still may reply."""
    return lateness.sentence(
        circulation.waits_for,
        before_deadline=now is not None and now < circulation.expires_at,
        has_number=circulation.outcome_id is not None,
    )


def note_chips(position: Position) -> list[tuple[str, str]]:
    """What must be known of a reply beside what it says: that it is late, recorded later, contested or left out."""
    remark = getattr(position, "remark", None)
    found = []
    if position.timing == Timing.LATE:
        found.append(LATE)
    if position.timing == Timing.RECORDED_AFTER:
        found.append(RECORDED_AFTER)
    if hasattr(position, "contest"):
        found.append(CONTESTED)
    if remark and remark.remark == Remark.LEFT_OUT:
        found.append(LEFT_OUT)
    return found


def recording_does(circulation: Circulation, now: dt.datetime) -> list[str]:
    """What follows when the secretariat records a reply now, by when it was received."""
    in_window = State(circulation.state) in {State.OPEN, State.WAITING} and now < circulation.expires_at
    if in_window:
        return ["It counts as if it had been sent in the portal at the time of receipt; the latest one counts."]
    found = ["Received after the deadline or the ending: it is kept, marked late, and changes no result."]
    if circulation.mode == Mode.COMMENT:
        return found
    number = " Its number stays reserved." if circulation.outcome_id else ""
    return [
        "Received before: the circulation waits for the co-chair, who decides whether it counts, and everyone is told."
        + number,
        *found,
    ]


def exit_words(circulation: Circulation, ending: State) -> str:
    """What becomes of the number when a circulation that waits ends so."""
    number = circulation.outcome.number if circulation.outcome else ""
    same = circulation.outcome is not None and circulation.outcome.verb.word == STATES[ending][1].lower()
    if not number:
        return "It gets its number then." if ending in SUCCESSFUL else "It gets no number."
    if same:
        return f"Its number stays {number}."
    again = " It gets another one." if ending in SUCCESSFUL else ""
    return f"Its number {number} is marked as set aside and never used again.{again}"
