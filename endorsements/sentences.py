"""What is missing and what happens next, in one or two sentences for each mode, state and side of the deadline.

The same stand on page, board, list and mail. Pure: no count of what others said is in them while a circulation runs.
"""

from endorsements.enums import Mode, PositionKind, State
from endorsements.rules import BY_REPLIES, Terms

NOT_COUNTED = "A member that does not answer is not counted as agreeing."
"""What silence means in an explicit endorsement: nothing."""
STOPPED_AT_ONCE = frozenset({State.BROKEN, State.NOT_ENDORSED})


def draft(*, is_asked: bool) -> str:
    if is_asked:
        return "A co-chair must approve it, or a manager record that approval; then it opens and the notices go out."
    return "Nothing is sent yet: read it once more, then ask for approval."


def is_early(state: State, terms: Terms, *, before_deadline: bool) -> bool:
    """Did it close early because all had answered, not because an objection stopped it?"""
    by_objection = terms.stops_at_once and state in STOPPED_AT_ONCE
    return terms.closes_early and before_deadline and state in BY_REPLIES and not by_objection


def counting(mode: Mode) -> str:
    """Between the deadline and the ending."""
    if mode == Mode.COMMENT:
        return "The deadline has passed and what comes now is late; the comments are being counted."
    return "The deadline has passed and what comes now is late; the result is being counted."


def ended(state: State, terms: Terms, *, early: bool) -> str:
    """Sentence of an ending. `early`: it closed before the deadline because all had answered."""
    if state == State.WITHDRAWN:
        return "This circulation was withdrawn, so nothing is decided."
    if state == State.COMMENTS_CLOSED:
        why = "All who were asked have answered" if early else "The deadline has passed"
        return f"{why}, so comments are closed. Nothing is endorsed; the secretariat works through the comments."
    if state in STOPPED_AT_ONCE:
        return f"{_stopped(terms)}, so the draft is not endorsed; the secretariat consults and may send a new version."
    if state == State.LAPSED:
        return _lapsed(early=early)
    if terms.mode == Mode.EXPLICIT:
        return _explicit(state, terms, early=early)
    proposals = ", with proposals" if state == State.ENDORSED_WITH_PROPOSALS else ""
    if early:
        return f"All members have answered and {_none_stopped(terms)}, so the draft is endorsed early{proposals}."
    return f"{_upper(_none_stopped(terms))} by the deadline, so the draft is endorsed{proposals}."


def _stopped(terms: Terms) -> str:
    objected = "A member" if terms.objections_that_stop == 1 else f"At least {terms.objections_that_stop} members"
    if terms.proposals_stop:
        return f"{objected} objected or a member proposed a change"
    return f"{objected} objected"


def _none_stopped(terms: Terms) -> str:
    """In small letters, as after a comma."""
    few = terms.objections_that_stop
    objected = "no member objected" if few == 1 else f"fewer than {few} members objected"
    return f"{objected} and none proposed a change" if terms.proposals_stop else objected


def _lapsed(*, early: bool) -> str:
    if early:
        return (
            "All members have answered and none endorsed the draft, so it lapses: it is neither endorsed nor refused."
        )
    return f"Too few members endorsed or answered by the deadline, so the draft lapses. {NOT_COUNTED}"


def _explicit(state: State, terms: Terms, *, early: bool) -> str:
    if state != State.ENDORSED_BY_ANSWERS:
        proposals = ", with proposals" if state == State.ENDORSED_WITH_PROPOSALS else ""
        return f"All members have endorsed the draft, so it is endorsed{' early' if early else ''}{proposals}."
    if early or terms.quorum is None:
        return "All members have answered and none objected, so the draft is endorsed by those who answered."
    answered = "At least one member" if terms.quorum == 1 else f"At least {terms.quorum} members"
    return (
        f"{answered} answered by the deadline and none objected, so the draft is endorsed by those who answered. "
        + NOT_COUNTED
    )


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


# ---- beside each way to reply ---------------------------------------------------------------------------------------

NOTES = {
    PositionKind.ENDORSE: "We agree with the draft as it is.",
    PositionKind.ENDORSE_WITH_PROPOSALS: "We agree. We ask the secretariat to look at our proposals.",
    PositionKind.MORE_TIME: "The secretariat decides. The deadline stays until it answers.",
    PositionKind.NO_POSITION: "We do not take a position. This does not stop the draft.",
    PositionKind.COMMENT: "We say what we think of the draft as a whole.",
    PositionKind.NO_COMMENTS: "We have read the draft and have nothing to add.",
}


def note_of(kind: PositionKind, terms: Terms) -> str:
    """What a reply means and does, for who is about to choose it."""
    if kind == PositionKind.OBJECTION:
        return _objection_note(terms)
    if kind == PositionKind.ENDORSE_WITH_PROPOSALS and terms.proposals_stop:
        return "We agree only with changes. Under this procedure a proposal stops the draft."
    if kind == PositionKind.NO_POSITION and terms.mode == Mode.EXPLICIT:
        return "We do not take a position. We count as having answered, not as agreeing."
    return NOTES[kind]


def _objection_note(terms: Terms) -> str:
    if terms.mode == Mode.EXPLICIT:
        if terms.stops_at_once:
            return "We do not agree. This ends the circulation at once. The draft is not endorsed."
        return "We do not agree. If our objection stands at the deadline, the draft is not endorsed."
    if terms.objections_that_stop > 1:
        return f"We do not agree. {terms.objections_that_stop} objections stop the draft."
    if terms.stops_at_once:
        return "This breaks the silence at once. The draft is not endorsed."
    return "This breaks the silence. The draft is not endorsed at the deadline."
