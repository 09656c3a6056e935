"""Deeds of the directory: accounts and appointments, admissions, names and mergers."""

from members.services.accounts import choose_theme, end_appointment
from members.services.admissions import drop_admission, propose_admission, record_admission_step
from members.services.handover import confirm_handover, write_note
from members.services.participants import add_participant, merge_participants, rename_participant

__all__ = [
    "add_participant",
    "choose_theme",
    "confirm_handover",
    "drop_admission",
    "end_appointment",
    "merge_participants",
    "propose_admission",
    "record_admission_step",
    "rename_participant",
    "write_note",
]
