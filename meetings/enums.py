"""Words of meetings."""

from enum import StrEnum


class MeetingState(StrEnum):
    PLANNED = "planned"
    INVITED = "invited"
    IN_SESSION = "in_session"
    CLOSED = "closed"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


PUBLIC = frozenset({MeetingState.PUBLISHED})


class Format(StrEnum):
    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    HYBRID = "hybrid"


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


class Mode(StrEnum):
    IN_THE_ROOM = "in_the_room"
    REMOTE = "remote"


class Capacity(StrEnum):
    """In what capacity a participant sat at the meeting; kept apart from its standing in the forum."""

    MEMBER = "member"
    OBSERVER = "observer"
    GUEST = "guest"
    RESOURCE_PERSON = "resource_person"
