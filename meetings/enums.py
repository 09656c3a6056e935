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


class Mark(StrEnum):
    """What a roll call says of one participant or delegate: presence and mode in one word."""

    NONE = ""
    ROOM = "room"
    REMOTE = "remote"
    ABSENT = "absent"
    EXCUSED = "excused"


class Capacity(StrEnum):
    """In what capacity a participant sat at the meeting; kept apart from its standing in the forum."""

    MEMBER = "member"
    OBSERVER = "observer"
    GUEST = "guest"
    RESOURCE_PERSON = "resource_person"


class Verb(StrEnum):
    """What is done with a meeting that is to come."""

    CHANGE = "change"
    TICK = "tick"
    PUBLISH_RECORD = "publish_record"
    PREPARE = "prepare"
    ASK_APPROVAL = "ask_approval"
    APPROVE = "approve"
    REGISTER = "register"
    REMIND = "remind"
    ASK_PAPER = "ask_paper"
    RECEIVE_PAPER = "receive_paper"
    POSTPONE = "postpone"
    CANCEL = "cancel"
    OPEN = "open"
    CLOSE = "close"
    STEP_BACK = "step_back"
    SET_SESSIONS = "set_sessions"
    MARK = "mark"
    RUN = "run"


class DelegationState(StrEnum):
    """What a participant answered to the invitation."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class DelegateRole(StrEnum):
    HEAD = "head"
    ALTERNATE = "alternate"
    ADVISER = "adviser"
    OBSERVER = "observer"


DELEGATE_ROLE_NAMES = {
    DelegateRole.HEAD: "Head of delegation",
    DelegateRole.ALTERNATE: "Alternate",
    DelegateRole.ADVISER: "Adviser",
    DelegateRole.OBSERVER: "Observer",
}


class LetterState(StrEnum):
    """What the secretariat has of the letter that nominates a delegation. An original: its paper was seen."""

    NONE = "none"
    COPY = "copy"
    ORIGINAL = "original"
    NOT_REQUIRED = "not_required"


LETTER_NAMES = {
    LetterState.NONE: "No letter",
    LetterState.COPY: "Copy",
    LetterState.ORIGINAL: "Original seen",
    LetterState.NOT_REQUIRED: "Not required",
}


class Means(StrEnum):
    """By which way an answer came that the secretariat recorded."""

    NOTE_VERBALE = "note_verbale"
    LETTER = "letter"
    EMAIL = "email"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


MEANS_NAMES = {
    Means.NOTE_VERBALE: "By note verbale",
    Means.LETTER: "By letter",
    Means.EMAIL: "By e-mail",
    Means.TELEPHONE: "By telephone",
    Means.IN_PERSON: "In person",
}
STILL_TO_INVITE = frozenset({MeetingState.PLANNED, MeetingState.POSTPONED})
TAKES_DELEGATIONS = frozenset({MeetingState.INVITED, MeetingState.IN_SESSION})
STILL_AHEAD = frozenset({MeetingState.PLANNED, MeetingState.INVITED, MeetingState.POSTPONED})
SUBJECT, DELEGATION, PAPER = "meeting", "delegation", "paper"
"""Kinds of subject of notices: what was told of the meeting, of an answer, of a paper."""
