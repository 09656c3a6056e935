"""Words of the states of meetings and delegations: (class, word) for chips."""

import datetime as dt

from meetings.enums import Capacity, DelegationState, MeetingState
from meetings.models import Delegation, Meeting, MeetingInvitation
from members.enums import Kind

MEETINGS = {
    MeetingState.PLANNED: ("s-draft", "Planned"),
    MeetingState.INVITED: ("s-open", "Registration open"),
    MeetingState.IN_SESSION: ("s-running", "In session"),
    MeetingState.CLOSED: ("s-closed", "Record not published yet"),
    MeetingState.PUBLISHED: ("s-endorsed", "Published"),
    MeetingState.POSTPONED: ("s-extended", "Postponed"),
    MeetingState.CANCELLED: ("s-withdrawn", "Cancelled"),
}
OVER = ("s-closed", "Registration date passed")
DELEGATIONS = {
    DelegationState.INVITED: ("a-asked", "No answer yet"),
    DelegationState.CONFIRMED: ("a-yes", "Comes"),
    DelegationState.DECLINED: ("a-no", "Does not come"),
}
LATE = ("s-extended", "Late")
"""A note beside the answer."""


GROUPS = {
    (Capacity.MEMBER, Kind.STATE): "Member States",
    (Capacity.MEMBER, Kind.ORGANISATION): "Member organisations",
    (Capacity.OBSERVER, Kind.STATE): "Observer States",
    (Capacity.OBSERVER, Kind.ORGANISATION): "Observer organisations",
    **dict.fromkeys([(Capacity.GUEST, one) for one in Kind], "Guests"),
    **dict.fromkeys([(Capacity.RESOURCE_PERSON, one) for one in Kind], "Resource persons"),
}
GROUP_ORDER = tuple(dict.fromkeys(GROUPS.values()))


def group_of(capacity: Capacity, kind: Kind) -> str:
    """Under which heading a delegation is listed."""
    return GROUPS[capacity, kind]


def meeting_chip(meeting: Meeting, invitation: MeetingInvitation | None, now: dt.datetime) -> tuple[str, str]:
    state = MeetingState(meeting.state)
    if state == MeetingState.INVITED and invitation and now >= invitation.answer_by:
        return OVER
    return MEETINGS[state]


def delegation_chip(delegation: Delegation) -> tuple[str, str]:
    return DELEGATIONS[DelegationState(delegation.state)]
