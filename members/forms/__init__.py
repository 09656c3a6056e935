"""Forms of accounts and of the directory's deeds."""

from members.forms.accounts import PasswordChangeForm, PasswordSetForm, ResetAskForm, SignInAgainForm, SignInForm
from members.forms.directory import (
    AdmissionDropForm,
    AdmissionProposeForm,
    AdmissionStepForm,
    ParticipantMergeForm,
    ParticipantRenameForm,
)
from members.forms.handover import HandoverNoteForm

__all__ = [
    "AdmissionDropForm",
    "AdmissionProposeForm",
    "AdmissionStepForm",
    "HandoverNoteForm",
    "ParticipantMergeForm",
    "ParticipantRenameForm",
    "PasswordChangeForm",
    "PasswordSetForm",
    "ResetAskForm",
    "SignInAgainForm",
    "SignInForm",
]
