"""Words of circulations. Endorsed, never adopted: that word belongs to meetings."""

from enum import StrEnum


class Mode(StrEnum):
    SILENCE = "silence"


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    WAITING = "waiting"
    ENDORSED = "endorsed"
    ENDORSED_WITH_PROPOSALS = "endorsed_with_proposals"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


RUNNING = frozenset({State.OPEN})
CIRCULATED = frozenset(State) - {State.DRAFT}
ENDED = frozenset({State.ENDORSED, State.ENDORSED_WITH_PROPOSALS, State.BROKEN, State.WITHDRAWN})
"""Endings. Waiting for the co-chair is not one: its exits are deeds of a co-chair."""
SUCCESSFUL = frozenset({State.ENDORSED, State.ENDORSED_WITH_PROPOSALS})
"""Endings that bring a number of the series between meetings."""


class PositionKind(StrEnum):
    """What a participant says. Called a reply on pages and in mails."""

    ENDORSE = "endorse"
    ENDORSE_WITH_PROPOSALS = "endorse_with_proposals"
    MORE_TIME = "more_time"
    OBJECTION = "objection"
    NO_POSITION = "no_position"


class Verb(StrEnum):
    ASK_APPROVAL = "ask_approval"
    CHANGE = "change"
    APPROVE = "approve"
    RECORD_POSITION = "record_position"
    TELL_OTHERWISE = "tell_otherwise"
    CLOSE = "close"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    OPEN_AGAIN = "open_again"


class Act(StrEnum):
    """What a row of the register says happened."""

    OPENED = "circulation.opened"
    NOTICES = "circulation.notices"
    POSITION = "position.recorded"
    TOLD = "participant.told"
    EXTENDED = "circulation.extended"
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
    NO_REPLY = "no_reply"
    NOT_REACHED = "not_reached"
    NOT_ELIGIBLE = "not_eligible"
