"""Words of the agenda of a meeting."""

from enum import StrEnum

from meetings.enums import MeetingState


class AgendaState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    FROZEN = "frozen"


class ItemKind(StrEnum):
    ITEM = "item"
    BREAK = "break"


class Purpose(StrEnum):
    """What the meeting is to do with an item. The last three ask for a decision, in the words of the forum."""

    INFORMATION = "information"
    DISCUSSION = "discussion"
    DECISION = "decision"
    ENDORSEMENT = "endorsement"
    ADOPTION = "adoption"


DECIDES = frozenset({Purpose.DECISION, Purpose.ENDORSEMENT, Purpose.ADOPTION})
PURPOSE_NAMES = {one: f"For {one.value}" for one in Purpose}


class AgendaVerb(StrEnum):
    CHANGE = "change"
    PUBLISH = "publish"
    FREEZE = "freeze"
    THAW = "thaw"
    TAKE_BACK = "take_back"


class Move(StrEnum):
    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


OPEN_TO_READERS = frozenset({AgendaState.PUBLISHED, AgendaState.FROZEN})
TAKES_CHANGES = frozenset({MeetingState.PLANNED, MeetingState.INVITED, MeetingState.POSTPONED, MeetingState.IN_SESSION})
"""States of the meeting in which its agenda is worked on."""
MOST_MINUTES = 600
"""Ten hours: a longer item is a slip of the keyboard."""
MOST_DEPTH = 3
"""Item, sub-item, and one level under it: 3 (b) (ii)."""
MOST_DAYS = 14
"""Days offered while the days of the meeting are not fixed."""
MOST_ITEMS = 200
