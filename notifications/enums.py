"""Words of notices."""

from enum import StrEnum


class Kind(StrEnum):
    """What a notice is about. Each has its subject and text in templates/emails/."""

    CIRCULATION_APPROVAL = "circulation.approval"
    CIRCULATION_OPENED = "circulation.opened"
    CIRCULATION_ENDED = "circulation.ended"
    POSITION_RECORDED = "position.recorded"
    TIME_REQUESTED = "position.time_requested"
    ACCOUNT = "account"
    PEOPLE_INVITED = "people.invited"
    POST_ENDED = "people.post_ended"
    TERM_ENDING = "people.term_ending"
    CONFIRM_ASKED = "people.confirm_asked"
    POST_KEPT = "people.post_kept"


class Channel(StrEnum):
    EMAIL = "email"


class NoticeState(StrEnum):
    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    ACCEPTED = "accepted"
    FAILED = "failed"
    BOUNCED = "bounced"
    WITHHELD = "withheld"


WAITING = frozenset({NoticeState.QUEUED, NoticeState.IN_FLIGHT})
"""Still to be sent, or claimed by a worker whose lease may run out."""
KIND_NAMES = {
    Kind.CIRCULATION_APPROVAL: "Approval asked for",
    Kind.CIRCULATION_OPENED: "Circulation opened",
    Kind.CIRCULATION_ENDED: "Circulation ended",
    Kind.POSITION_RECORDED: "Reply recorded",
    Kind.TIME_REQUESTED: "More time requested",
    Kind.ACCOUNT: "Account",
    Kind.PEOPLE_INVITED: "Invitation",
    Kind.POST_ENDED: "Post ended",
    Kind.TERM_ENDING: "Term ends soon",
    Kind.CONFIRM_ASKED: "Confirmation asked for",
    Kind.POST_KEPT: "Post not confirmed",
}
CHIPS = {
    NoticeState.QUEUED: ("n-sent", "Queued"),
    NoticeState.IN_FLIGHT: ("n-sent", "Sending"),
    NoticeState.ACCEPTED: ("n-sent", "Sent"),
    NoticeState.FAILED: ("n-returned", "Returned"),
    NoticeState.BOUNCED: ("n-returned", "Returned"),
    NoticeState.WITHHELD: ("n-sent", "Withheld"),
}
"""Class and word of the status label. Delivered is said only by a delivery report, Opened only by the access log."""
STATE_SENTENCES = {
    NoticeState.QUEUED: "This message waits to be sent.",
    NoticeState.IN_FLIGHT: "This message is being sent.",
    NoticeState.ACCEPTED: "The mail server accepted this message.",
    NoticeState.FAILED: "The mail server refused this message. Correct the address or tell the person in another way.",
    NoticeState.BOUNCED: "This message came back. Correct the address or tell the person in another way.",
    NoticeState.WITHHELD: "This message is held back and is not sent.",
}
