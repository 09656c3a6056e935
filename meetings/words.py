"""Words of the states of meetings and delegations: (class, word) for chips."""

import datetime as dt

from meetings.enums import DelegationState, MeetingState
from meetings.models import Delegation, Meeting, MeetingInvitation

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


def meeting_chip(meeting: Meeting, invitation: MeetingInvitation | None, now: dt.datetime) -> tuple[str, str]:
    state = MeetingState(meeting.state)
    if state == MeetingState.INVITED and invitation and now >= invitation.answer_by:
        return OVER
    return MEETINGS[state]


def delegation_chip(delegation: Delegation) -> tuple[str, str]:
    return DELEGATIONS[DelegationState(delegation.state)]
