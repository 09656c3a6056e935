"""What the record keeps of meetings."""

from meetings.models.agenda import Agenda, AgendaItem, AgendaPaper
from meetings.models.attendance import Attendance, Session
from meetings.models.called import Delegate, Delegation, MeetingInvitation, PaperRequest
from meetings.models.checklists import PreparationTask, SeriesTask
from meetings.models.lists import DelegationChange, FinalList, InformationNote, NominationLetter
from meetings.models.meetings import Meeting, MeetingNote, MeetingOutcome, Series, usual_reminders
from meetings.models.running import ItemRun

__all__ = [
    "Agenda",
    "AgendaItem",
    "AgendaPaper",
    "Attendance",
    "Delegate",
    "Delegation",
    "DelegationChange",
    "FinalList",
    "InformationNote",
    "ItemRun",
    "Meeting",
    "MeetingInvitation",
    "MeetingNote",
    "MeetingOutcome",
    "NominationLetter",
    "PaperRequest",
    "PreparationTask",
    "Series",
    "SeriesTask",
    "Session",
    "usual_reminders",
]
