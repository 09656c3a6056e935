"""Words of notices."""

from enum import StrEnum


class Kind(StrEnum):
    """What a notice is about. Each has its subject and text in templates/emails/."""

    CIRCULATION_APPROVAL = "circulation.approval"
    CIRCULATION_OPENED = "circulation.opened"
    CIRCULATION_REMINDER = "circulation.reminder"
    CIRCULATION_EXTENDED = "circulation.extended"
    CIRCULATION_CORRECTED = "circulation.corrected"
    NEW_CLOCK_ASKED = "circulation.new_clock_asked"
    CIRCULATION_DECISION = "circulation.decision"
    CIRCULATION_ENDED = "circulation.ended"
    MEETING_APPROVAL = "meeting.approval"
    MEETING_INVITED = "meeting.invited"
    MEETING_REMINDER = "meeting.reminder"
    MEETING_POSTPONED = "meeting.postponed"
    MEETING_CANCELLED = "meeting.cancelled"
    DELEGATION_ANSWERED = "delegation.answered"
    DELEGATION_OTHERWISE = "delegation.otherwise"
    PAPER_ASKED = "paper.asked"
    PAPER_REMINDER = "paper.reminder"
    POSITION_RECORDED = "position.recorded"
    POSITION_OTHERWISE = "position.otherwise"
    POSITION_CONTESTED = "position.contested"
    POSITION_LATE = "position.late"
    POSITION_NOTED = "position.noted"
    TIME_REQUESTED = "position.time_requested"
    TIME_OPEN = "position.time_open"
    ACCOUNT = "account"
    PEOPLE_INVITED = "people.invited"
    POST_ENDED = "people.post_ended"
    TERM_ENDING = "people.term_ending"
    CONFIRM_ASKED = "people.confirm_asked"
    POST_KEPT = "people.post_kept"
    DIGEST = "digest"
    REGISTER_HEAD = "register.head"


class Channel(StrEnum):
    EMAIL = "email"


class NoticeState(StrEnum):
    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    WITHHELD = "withheld"


class Cadence(StrEnum):
    """When a person is mailed what is not a duty. Never: it stands in the inbox of the portal alone."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


CADENCES = [
    (Cadence.AT_ONCE.value, "At once"),
    (Cadence.DAILY.value, "Once a day, together"),
    (Cadence.WEEKLY.value, "Once a week, together"),
    (Cadence.NEVER.value, "Not by e-mail"),
]


class Handling(StrEnum):
    """What the secretariat did about a notice that did not arrive."""

    TRIED_AGAIN = "tried_again"
    ADDRESS_CHANGED = "address_changed"
    TOLD_OTHERWISE = "told_otherwise"


class Way(StrEnum):
    """How a participant was told when not by e-mail."""

    PHONE = "phone"
    NOTE_VERBALE = "note_verbale"
    IN_PERSON = "in_person"


class ReportAction(StrEnum):
    """Action of a delivery report (RFC 3464, 2.3.3); a full complaint or relay counts as none of them."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


class ReportVerdict(StrEnum):
    """What the portal made of a report. Only an applied one changed a notice."""

    APPLIED = "applied"
    NO_CHANGE = "no_change"
    UNKNOWN = "unknown"
    UNPROVEN = "unproven"


ARRIVED = frozenset({NoticeState.ACCEPTED, NoticeState.DELIVERED})
"""A mail server took it, and nothing came back."""
RETURNED = frozenset({NoticeState.FAILED, NoticeState.BOUNCED})
CHOOSABLE = frozenset({Kind.CIRCULATION_OPENED, Kind.CIRCULATION_ENDED})
"""Kinds a person may have at once, daily, weekly or not at all, when not addressed by duty: an opening asks those who
reply, and then always goes at once. All other kinds are duties or about the account."""
INBOX_ALONE = frozenset({Kind.DELEGATION_ANSWERED})
"""Stand in the inbox of the portal and are not mailed, whatever a person chose."""
NOT_IN_INBOX = frozenset({Kind.ACCOUNT, Kind.PEOPLE_INVITED, Kind.DIGEST})
WAITING = frozenset({NoticeState.QUEUED, NoticeState.IN_FLIGHT})
"""Still to be sent, or claimed by a worker whose lease may run out."""
KIND_NAMES = {
    Kind.CIRCULATION_APPROVAL: "Approval asked for",
    Kind.CIRCULATION_OPENED: "Circulation opened",
    Kind.CIRCULATION_REMINDER: "Reminder",
    Kind.CIRCULATION_EXTENDED: "Deadline extended",
    Kind.CIRCULATION_CORRECTED: "Slip corrected",
    Kind.NEW_CLOCK_ASKED: "New deadline asked for",
    Kind.CIRCULATION_DECISION: "Waits for the co-chair",
    Kind.CIRCULATION_ENDED: "Circulation ended",
    Kind.MEETING_APPROVAL: "Approval of an invitation asked for",
    Kind.MEETING_INVITED: "Invitation to a meeting",
    Kind.MEETING_REMINDER: "Reminder of an invitation",
    Kind.MEETING_POSTPONED: "Meeting postponed",
    Kind.MEETING_CANCELLED: "Meeting cancelled",
    Kind.DELEGATION_ANSWERED: "Answer of a delegation",
    Kind.DELEGATION_OTHERWISE: "Answer recorded by the secretariat",
    Kind.PAPER_ASKED: "Paper asked for",
    Kind.PAPER_REMINDER: "Reminder of a paper",
    Kind.POSITION_RECORDED: "Reply recorded",
    Kind.POSITION_OTHERWISE: "Reply recorded by the secretariat",
    Kind.POSITION_CONTESTED: "Reply contested",
    Kind.POSITION_LATE: "Late reply",
    Kind.POSITION_NOTED: "Co-chair took note of a reply",
    Kind.TIME_REQUESTED: "More time requested",
    Kind.TIME_OPEN: "Request for more time still open",
    Kind.ACCOUNT: "Account",
    Kind.PEOPLE_INVITED: "Invitation",
    Kind.POST_ENDED: "Post ended",
    Kind.TERM_ENDING: "Term ends soon",
    Kind.CONFIRM_ASKED: "Confirmation asked for",
    Kind.POST_KEPT: "Post not confirmed",
    Kind.DIGEST: "Digest",
    Kind.REGISTER_HEAD: "Head of the register",
}
CHIPS = {
    NoticeState.QUEUED: ("n-sent", "Queued"),
    NoticeState.IN_FLIGHT: ("n-sent", "Sending"),
    NoticeState.ACCEPTED: ("n-sent", "Sent"),
    NoticeState.DELIVERED: ("n-delivered", "Delivered"),
    NoticeState.FAILED: ("n-returned", "Returned"),
    NoticeState.BOUNCED: ("n-returned", "Returned"),
    NoticeState.WITHHELD: ("n-sent", "Withheld"),
}
"""Class and word of the status label. Delivered is said only by a delivery report, Opened only by the access log."""
STATE_SENTENCES = {
    NoticeState.QUEUED: "This message waits to be sent.",
    NoticeState.IN_FLIGHT: "This message is being sent.",
    NoticeState.ACCEPTED: "The mail server accepted this message.",
    NoticeState.DELIVERED: "The mail server of the other side reported that it delivered this message.",
    NoticeState.FAILED: "The mail server refused this message. Correct the address or tell the person in another way.",
    NoticeState.BOUNCED: "This message came back. Correct the address or tell the person in another way.",
    NoticeState.WITHHELD: "This message is held back and is not sent.",
}
WAY_NAMES = {
    Way.PHONE: "By telephone",
    Way.NOTE_VERBALE: "By note verbale",
    Way.IN_PERSON: "In person",
}
WITHHELD_SENTENCES = {
    Cadence.DAILY: "This message waits for the daily digest of its reader.",
    Cadence.WEEKLY: "This message waits for the weekly digest of its reader.",
    Cadence.NEVER: "This message stands in the inbox of its reader alone and is not sent.",
}
