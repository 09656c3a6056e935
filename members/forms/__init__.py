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
from members.forms.secondstep import (
    AppSetUpForm,
    CodeAgainForm,
    CodeForm,
    PasskeyAddForm,
    PasskeyAgainForm,
    PasskeyForm,
    PasskeyNameForm,
    PasskeySignInForm,
)

__all__ = [
    "AdmissionDropForm",
    "AdmissionProposeForm",
    "AdmissionStepForm",
    "AppSetUpForm",
    "CodeAgainForm",
    "CodeForm",
    "HandoverNoteForm",
    "ParticipantMergeForm",
    "ParticipantRenameForm",
    "PasskeyAddForm",
    "PasskeyAgainForm",
    "PasskeyForm",
    "PasskeyNameForm",
    "PasskeySignInForm",
    "PasswordChangeForm",
    "PasswordSetForm",
    "ResetAskForm",
    "SignInAgainForm",
    "SignInForm",
]
