"""Who reads lists of participants and takes out what is made of them: the secretariat. Names of persons are never
public, and no other participant reads them here."""

from meetings.enums import MeetingState
from meetings.list_rules import FREEZABLE
from meetings.models import Meeting
from members.access import Reader


def can_freeze(reader: Reader, meeting: Meeting) -> bool:
    """In this state of the meeting; whether a list stands is asked under the lock."""
    return reader.is_staff and MeetingState(meeting.state) in FREEZABLE
