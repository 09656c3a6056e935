"""Forms of accounts and of the directory's deeds."""

from members.forms.accounts import PasswordChangeForm, PasswordSetForm, ResetAskForm, SignInAgainForm, SignInForm
from members.forms.directory import (
    AdmissionDropForm,
    AdmissionProposeForm,
    AdmissionStepForm,
    ParticipantMergeForm,
    ParticipantRenameForm,
)

__all__ = [
    "AdmissionDropForm",
    "AdmissionProposeForm",
    "AdmissionStepForm",
    "ParticipantMergeForm",
    "ParticipantRenameForm",
    "PasswordChangeForm",
    "PasswordSetForm",
    "ResetAskForm",
    "SignInAgainForm",
    "SignInForm",
]
