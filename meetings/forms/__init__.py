"""Forms of meetings that are to come: what was typed becomes clean values; whether the deed is possible is for the
rules."""

from meetings.forms.agenda import AgendaBackForm, HoursForm, ItemForm, MoveForm, OfVersion
from meetings.forms.calling_off import CancelForm, PostponeForm
from meetings.forms.checklists import TaskForm
from meetings.forms.delegations import MORE_LINES, DelegationForm, LetterNoteForm, RecordForm, lines_for
from meetings.forms.invitations import InvitationForm
from meetings.forms.lists import FreezeForm, InformationForm, ReopenForm
from meetings.forms.papers import PaperForm
from meetings.forms.past import MeetingRecordForm
from meetings.forms.planning import MeetingForm, MeetingPlanForm
from meetings.forms.running import OutcomeForm
from meetings.forms.sessions import SessionChooseForm, SessionForm, StepBackForm

__all__ = [
    "MORE_LINES",
    "AgendaBackForm",
    "CancelForm",
    "DelegationForm",
    "FreezeForm",
    "HoursForm",
    "InformationForm",
    "InvitationForm",
    "ItemForm",
    "LetterNoteForm",
    "MeetingForm",
    "MeetingPlanForm",
    "MeetingRecordForm",
    "MoveForm",
    "OfVersion",
    "OutcomeForm",
    "PaperForm",
    "PostponeForm",
    "RecordForm",
    "ReopenForm",
    "SessionChooseForm",
    "SessionForm",
    "StepBackForm",
    "TaskForm",
    "lines_for",
]
