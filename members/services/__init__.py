"""Deeds of the directory: accounts and appointments, admissions, names and mergers."""

from members.services.accounts import (
    change_profile,
    choose_theme,
    delete_account,
    sign_out_everywhere,
    take_second_steps,
)
from members.services.admissions import drop_admission, propose_admission, record_admission_step
from members.services.appointments import change_appointment, confirm_appointments, end_appointment
from members.services.batches import check_batch, run_batches, send_batch
from members.services.handover import confirm_handover, write_note
from members.services.invitations import (
    accept_as_newcomer,
    accept_invitation,
    invite_person,
    renew_invitation,
    revoke_invitation,
)
from members.services.participants import add_participant, merge_participants, rename_participant
from members.services.terms import review_posts, warn_ending_terms

__all__ = [
    "accept_as_newcomer",
    "accept_invitation",
    "add_participant",
    "change_appointment",
    "change_profile",
    "check_batch",
    "choose_theme",
    "confirm_appointments",
    "confirm_handover",
    "delete_account",
    "drop_admission",
    "end_appointment",
    "invite_person",
    "merge_participants",
    "propose_admission",
    "record_admission_step",
    "rename_participant",
    "renew_invitation",
    "review_posts",
    "revoke_invitation",
    "run_batches",
    "send_batch",
    "sign_out_everywhere",
    "take_second_steps",
    "warn_ending_terms",
    "write_note",
]
