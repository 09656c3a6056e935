"""Words of circulations. Endorsed, never adopted: that word belongs to meetings."""

from collections.abc import Mapping
from enum import StrEnum


class Mode(StrEnum):
    """What is asked: not to object, to endorse, or to comment."""

    SILENCE = "silence"
    EXPLICIT = "explicit"
    COMMENT = "comment"


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    WAITING = "waiting"
    ENDORSED = "endorsed"
    ENDORSED_WITH_PROPOSALS = "endorsed_with_proposals"
    ENDORSED_BY_ANSWERS = "endorsed_by_answers"
    BROKEN = "broken"
    NOT_ENDORSED = "not_endorsed"
    LAPSED = "lapsed"
    COMMENTS_CLOSED = "comments_closed"
    WITHDRAWN = "withdrawn"


RUNNING = frozenset({State.OPEN})
CIRCULATED = frozenset(State) - {State.DRAFT}
ENDED = CIRCULATED - {State.OPEN, State.WAITING}
"""Endings. Waiting for the co-chair is not one: its exits are deeds of a co-chair."""
SUCCESSFUL = frozenset({State.ENDORSED, State.ENDORSED_WITH_PROPOSALS, State.ENDORSED_BY_ANSWERS})
"""Endings that bring a number of the series between meetings."""


class PositionKind(StrEnum):
    """What a participant says. Called a reply on pages and in mails."""

    ENDORSE = "endorse"
    ENDORSE_WITH_PROPOSALS = "endorse_with_proposals"
    MORE_TIME = "more_time"
    OBJECTION = "objection"
    NO_POSITION = "no_position"
    COMMENT = "comment"
    NO_COMMENTS = "no_comments"


ON_THE_DRAFT = (
    PositionKind.ENDORSE,
    PositionKind.ENDORSE_WITH_PROPOSALS,
    PositionKind.MORE_TIME,
    PositionKind.OBJECTION,
    PositionKind.NO_POSITION,
)
SAYS: Mapping[Mode, tuple[PositionKind, ...]] = {
    Mode.SILENCE: ON_THE_DRAFT,
    Mode.EXPLICIT: ON_THE_DRAFT,
    Mode.COMMENT: (PositionKind.COMMENT, PositionKind.NO_COMMENTS, PositionKind.MORE_TIME),
}
"""What a participant may say in each mode, in the order of the form."""


class Timing(StrEnum):
    """When a position came, judged once, as it was recorded."""

    IN_TIME = "in_time"
    LATE = "late"
    RECORDED_AFTER = "recorded_after"


class Means(StrEnum):
    """By which a position came that the secretariat recorded for a participant."""

    NOTE_VERBALE = "note_verbale"
    LETTER = "letter"
    MAIL = "mail"
    TELEPHONE = "telephone"
    FLOOR = "floor"


class WaitReason(StrEnum):
    """Why a circulation waits for the co-chair."""

    UNREACHED = "unreached"
    RECORDED_AFTER = "recorded_after"
    CONTESTED = "contested"


class Remark(StrEnum):
    """What a co-chair said of one position: taken note of (late), or, when it waited, that it counts or is left out."""

    NOTED = "noted"
    COUNTS = "counts"
    LEFT_OUT = "left_out"


class Verb(StrEnum):
    ASK_APPROVAL = "ask_approval"
    CHANGE = "change"
    APPROVE = "approve"
    RECORD_POSITION = "record_position"
    TELL_OTHERWISE = "tell_otherwise"
    CLOSE = "close"
    EXTEND = "extend"
    CORRECT = "correct"
    ASK_NEW_CLOCK = "ask_new_clock"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    SET_ASIDE = "set_aside"
    OPEN_AGAIN = "open_again"


class Act(StrEnum):
    """What a row of the register says happened."""

    OPENED = "circulation.opened"
    NOTICES = "circulation.notices"
    POSITION = "position.recorded"
    CONTESTED = "position.contested"
    NOTED = "position.noted"
    TOLD = "participant.told"
    EXTENDED = "circulation.extended"
    CORRECTED = "circulation.corrected"
    CLOCK_ASKED = "circulation.new_clock_asked"
    WAITING = "circulation.waiting"
    DECIDED = "circulation.decided"
    ENDED = "circulation.ended"


class Share(StrEnum):
    """Where one participant stands in the tally."""

    ENDORSED = "endorsed"
    WITH_PROPOSALS = "with_proposals"
    SILENT = "silent"
    OBJECTED = "objected"
    MORE_TIME = "more_time"
    NO_POSITION = "no_position"
    COMMENTED = "commented"
    NO_COMMENTS = "no_comments"
    NO_REPLY = "no_reply"
    NOT_REACHED = "not_reached"
    NOT_ELIGIBLE = "not_eligible"
