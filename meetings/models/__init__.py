"""What the record keeps of meetings."""

from meetings.models.attendance import Attendance, Session
from meetings.models.called import Delegate, Delegation, MeetingInvitation, PaperRequest
from meetings.models.meetings import Meeting, MeetingNote, MeetingOutcome, Series, usual_reminders

__all__ = [
    "Attendance",
    "Delegate",
    "Delegation",
    "Meeting",
    "MeetingInvitation",
    "MeetingNote",
    "MeetingOutcome",
    "PaperRequest",
    "Series",
    "Session",
    "usual_reminders",
]
