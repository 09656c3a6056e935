"""The deeds of a meeting that is to come. Each verb is durable and outermost; it locks the meeting, reads the clock,
asks the rule, writes, records and tells, all in one transaction."""

from meetings.services.answering import Answer, DelegationIsStale, LetterCopy, Person, Source
from meetings.services.calling_off import cancel_meeting, postpone_meeting
from meetings.services.delegations import answer_invitation
from meetings.services.inviting import (
    InvitationPlan,
    approve_invitation,
    approve_invitation_as_chair,
    ask_invitation_approval,
    prepare_invitation,
)
from meetings.services.papers import Paper, ask_paper, receive_paper
from meetings.services.recording import note_letter, record_answer
from meetings.services.reminding import remind_due

__all__ = [
    "Answer",
    "DelegationIsStale",
    "InvitationPlan",
    "LetterCopy",
    "Paper",
    "Person",
    "Source",
    "answer_invitation",
    "approve_invitation",
    "approve_invitation_as_chair",
    "ask_invitation_approval",
    "ask_paper",
    "cancel_meeting",
    "note_letter",
    "postpone_meeting",
    "prepare_invitation",
    "receive_paper",
    "record_answer",
    "remind_due",
]
