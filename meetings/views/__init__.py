"""Pages and verbs of meetings: fetch through access, bind a form, call one service, redirect or render."""

from meetings.views.agenda import (
    agenda_detail,
    agenda_freeze,
    agenda_hours,
    agenda_item_add,
    agenda_item_change,
    agenda_item_move,
    agenda_item_remove,
    agenda_publish,
    agenda_take_back,
    agenda_thaw,
)
from meetings.views.agenda_files import agenda_annotated_save, agenda_file_save, meeting_calendar
from meetings.views.answers import meeting_answers
from meetings.views.calling_off import meeting_cancel, meeting_postpone
from meetings.views.checklists import checklist_take, meeting_checklist, task_drop, task_finish, task_reopen
from meetings.views.delegations import delegation_answer, delegation_detail, delegation_letter, delegation_own
from meetings.views.evidence import meeting_evidence, meeting_evidence_file
from meetings.views.heat import attendance_table
from meetings.views.information import (
    delegate_visa,
    delegation_note,
    information_change,
    information_detail,
    information_file_view,
)
from meetings.views.invitations import (
    invitation_approve,
    invitation_ask,
    invitation_detail,
    invitation_prepare,
)
from meetings.views.lists import (
    participant_list,
    participant_list_file,
    participant_list_freeze,
    participant_list_reopen,
)
from meetings.views.papers import meeting_papers, paper_receive
from meetings.views.past import meeting_publish, meeting_record
from meetings.views.planning import meeting_change, meeting_next, meeting_plan
from meetings.views.public import meeting_detail, meeting_list
from meetings.views.recording import delegation_letter_note, delegation_record
from meetings.views.roll import badge_detail, roll_call, roll_live, roll_tick
from meetings.views.running import item_finish, item_start, meeting_run
from meetings.views.sessions import (
    meeting_close,
    meeting_open,
    meeting_sessions,
    meeting_step_back,
    session_change,
    session_remove,
)
from meetings.views.sheets import meeting_sheet

__all__ = [
    "agenda_annotated_save",
    "agenda_detail",
    "agenda_file_save",
    "agenda_freeze",
    "agenda_hours",
    "agenda_item_add",
    "agenda_item_change",
    "agenda_item_move",
    "agenda_item_remove",
    "agenda_publish",
    "agenda_take_back",
    "agenda_thaw",
    "attendance_table",
    "badge_detail",
    "checklist_take",
    "delegate_visa",
    "delegation_answer",
    "delegation_detail",
    "delegation_letter",
    "delegation_letter_note",
    "delegation_note",
    "delegation_own",
    "delegation_record",
    "information_change",
    "information_detail",
    "information_file_view",
    "invitation_approve",
    "invitation_ask",
    "invitation_detail",
    "invitation_prepare",
    "item_finish",
    "item_start",
    "meeting_answers",
    "meeting_calendar",
    "meeting_cancel",
    "meeting_change",
    "meeting_checklist",
    "meeting_close",
    "meeting_detail",
    "meeting_evidence",
    "meeting_evidence_file",
    "meeting_list",
    "meeting_next",
    "meeting_open",
    "meeting_papers",
    "meeting_plan",
    "meeting_postpone",
    "meeting_publish",
    "meeting_record",
    "meeting_run",
    "meeting_sessions",
    "meeting_sheet",
    "meeting_step_back",
    "paper_receive",
    "participant_list",
    "participant_list_file",
    "participant_list_freeze",
    "participant_list_reopen",
    "roll_call",
    "roll_live",
    "roll_tick",
    "session_change",
    "session_remove",
    "task_drop",
    "task_finish",
    "task_reopen",
]
