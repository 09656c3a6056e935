"""Forms of the second step: codes, passkeys; allauth's, in the portal's words."""

import struct
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError

from members.forms.accounts import DressedField, dress

CODE_SECONDS = 90
"""As long as a code of the app is taken: its own half minute and the ones beside it."""
NO_ANSWER = "Your device did not answer. Try again, or use another way."
BROKEN = (LookupError, ValueError, TypeError, AttributeError, struct.error)
"""What the library meets when an answer is no answer of a device."""


def _dress_code(field: forms.Field, *, label: str) -> None:
    dress(field, label=label, autocomplete="one-time-code", empty="Type the code.")
    field.widget.attrs["inputmode"] = "numeric"


class _OneTimeCode(mfa.BaseAuthenticateForm):
    """A code of the app or a recovery code; each is taken once."""

    bound_field_class = DressedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self.fields["code"], label="Code")

    def clean_code(self) -> str:
        code: str = super().clean_code()
        used = f"code-used:{self.user.pk}:{normalize_user_code(code)}"
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(used, 1, CODE_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_OneTimeCode, mfa.AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_OneTimeCode, mfa.ReauthenticateForm):
    """A code once more, before a decisive act."""


class AppSetUpForm(ActivateTOTPForm):
    """The first code of an app shows that it has the secret."""

    bound_field_class = DressedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self.fields["code"], label="Six-digit code of the app")


class _PasskeyAsked(webauthn.AuthenticateWebAuthnForm):
    """The device's answer; one that is broken is refused as a wrong one is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {"required": NO_ANSWER, "invalid": NO_ANSWER}

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except BROKEN:
            raise ValidationError(NO_ANSWER)


class PasskeyForm(_PasskeyAsked):
    """The second step of signing in."""


class PasskeySignInForm(_PasskeyAsked, webauthn.LoginWebAuthnForm):
    """Signing in by a passkey alone."""


class PasskeyAgainForm(_PasskeyAsked, webauthn.ReauthenticateWebAuthnForm):
    """A passkey once more, before a decisive act."""


class PasskeyAddForm(webauthn.AddWebAuthnForm):
    """A name for the passkey, and what the device answered. It always signs in on its own."""

    bound_field_class = DressedField
    name = forms.CharField(required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["credential"].error_messages |= {"required": NO_ANSWER, "invalid": NO_ANSWER}
        help_text = "So that you know it again, as: office phone."
        dress(self.fields["name"], label="Name", autocomplete="off", help_text=help_text)

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except BROKEN:
            raise ValidationError(NO_ANSWER)


class PasskeyNameForm(webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    bound_field_class = DressedField
    name = forms.CharField(max_length=60, error_messages={"required": "Type a name."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["name"], label="Name", autocomplete="off", empty="Type a name.")
