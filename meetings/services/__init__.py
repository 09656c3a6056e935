"""The deeds of a meeting that is to come. Each verb is durable and outermost; it locks the meeting, reads the clock,
asks the rule, writes, records and tells, all in one transaction."""

from meetings.services.agenda import (
    copy_agenda,
    freeze_agenda,
    publish_agenda,
    set_agenda_hours,
    step_agenda_back,
)
from meetings.services.agenda_items import ItemIsStale, ItemPlan, add_item, change_item, move_item, remove_item
from meetings.services.agenda_steps import AgendaIsStale
from meetings.services.answering import Answer, DelegationIsStale, LetterCopy, Person, Source
from meetings.services.calling_off import cancel_meeting, postpone_meeting
from meetings.services.checklists import TaskLine, add_task, drop_task, finish_task, reopen_task, take_usual_tasks
from meetings.services.delegations import answer_invitation
from meetings.services.information import Information, change_information
from meetings.services.inviting import (
    InvitationPlan,
    approve_invitation,
    approve_invitation_as_chair,
    ask_invitation_approval,
    prepare_invitation,
)
from meetings.services.lists import freeze_list, reopen_list
from meetings.services.opening import close_meeting, open_meeting, step_meeting_back
from meetings.services.papers import Paper, ask_paper, receive_paper
from meetings.services.past import Evidence, publish_record, record_meeting
from meetings.services.planning import MeetingIsStale, MeetingPlan, change_meeting, plan_meeting
from meetings.services.recording import note_letter, record_answer
from meetings.services.reminding import remind_due
from meetings.services.removing import remove_names_due
from meetings.services.roll import Tick, TickRefused, mark_attendance, mark_attendances, mark_present
from meetings.services.running import OutcomePlan, finish_item, note_outcome, start_item
from meetings.services.sessions import SessionPlan, remove_session, save_session

__all__ = [
    "AgendaIsStale",
    "Answer",
    "DelegationIsStale",
    "Evidence",
    "Information",
    "InvitationPlan",
    "ItemIsStale",
    "ItemPlan",
    "LetterCopy",
    "MeetingIsStale",
    "MeetingPlan",
    "OutcomePlan",
    "Paper",
    "Person",
    "SessionPlan",
    "Source",
    "TaskLine",
    "Tick",
    "TickRefused",
    "add_item",
    "add_task",
    "answer_invitation",
    "approve_invitation",
    "approve_invitation_as_chair",
    "ask_invitation_approval",
    "ask_paper",
    "cancel_meeting",
    "change_information",
    "change_item",
    "change_meeting",
    "close_meeting",
    "copy_agenda",
    "drop_task",
    "finish_item",
    "finish_task",
    "freeze_agenda",
    "freeze_list",
    "mark_attendance",
    "mark_attendances",
    "mark_present",
    "move_item",
    "note_letter",
    "note_outcome",
    "open_meeting",
    "plan_meeting",
    "postpone_meeting",
    "prepare_invitation",
    "publish_agenda",
    "publish_record",
    "receive_paper",
    "record_answer",
    "record_meeting",
    "remind_due",
    "remove_item",
    "remove_names_due",
    "remove_session",
    "reopen_list",
    "reopen_task",
    "save_session",
    "set_agenda_hours",
    "start_item",
    "step_agenda_back",
    "step_meeting_back",
    "take_usual_tasks",
]
