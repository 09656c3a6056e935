"""Words of the directory."""

from enum import StrEnum


class Kind(StrEnum):
    STATE = "state"
    ORGANISATION = "organisation"


class StandingKind(StrEnum):
    MEMBER = "member"
    OBSERVER = "observer"


class Mark(StrEnum):
    """How sure a fact is: A stated in a public source, B follows from lists that were read, C to be confirmed."""

    A = "A"
    B = "B"
    C = "C"


class Role(StrEnum):
    FOCAL_POINT = "focal_point"
    ALTERNATE = "alternate"
    REVIEWER = "reviewer"
    OBSERVER_DELEGATE = "observer_delegate"
    CO_CHAIR = "co_chair"
    OFFICER = "officer"
    MANAGER = "manager"


ROLE_NAMES = {
    Role.FOCAL_POINT: "Focal point",
    Role.ALTERNATE: "Alternate",
    Role.REVIEWER: "Reviewer",
    Role.OBSERVER_DELEGATE: "Observer delegate",
    Role.CO_CHAIR: "Co-chair",
    Role.OFFICER: "Officer",
    Role.MANAGER: "Manager",
}
SPEAKS = frozenset({Role.FOCAL_POINT, Role.ALTERNATE})
"""Only these submit the position of a participant."""
TOLD = SPEAKS | {Role.REVIEWER}
"""Who of a participant is mailed what concerns it, beside its official addresses."""
OF_PARTICIPANT = SPEAKS | {Role.REVIEWER, Role.OBSERVER_DELEGATE}
STAFF = frozenset({Role.OFFICER, Role.MANAGER})


class BodyKind(StrEnum):
    CONFERENCE = "conference"
    SENIOR_OFFICIALS = "senior_officials"
    STEERING_GROUP = "steering_group"
    AD_HOC_GROUP = "ad_hoc_group"
    WORKING_GROUP = "working_group"
    TASK_FORCE = "task_force"
    EXPERTS_GROUP = "experts_group"
    FORUM = "forum"
    SECRETARIAT = "secretariat"
    MECHANISM = "mechanism"


class AdmissionState(StrEnum):
    """Where the admission of a participant stands. Which steps lie between is the forum's data."""

    OPEN = "open"
    COMPLETED = "completed"
    DROPPED = "dropped"
