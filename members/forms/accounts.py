"""Forms of sign-in and passwords: allauth's, in the portal's words."""

import time
from typing import Any

from allauth.account import forms as account
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from members.names import plain_address

ADDRESS_ERRORS = {
    "required": "Type your e-mail address.",
    "invalid": "Type the whole address, as name@ministry.example.",
}
SAME_TIME_SECONDS = 0.25
"""Longer than it takes to make a link and to queue its mail."""
RULES = "At least 12 characters. Three or four words that do not belong together are good."


class DressedField(forms.BoundField):
    """Bootstrap's class on the control, and the mark of an error. What is ticked keeps the portal's look."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        if isinstance(self.field.widget, forms.CheckboxInput | forms.RadioSelect):
            return attrs
        look = "form-select" if isinstance(self.field.widget, forms.Select) else "form-control"
        attrs["class"] = f"{look} is-invalid" if self.errors else look
        return attrs


def dress(
    field: forms.Field, *, label: str, autocomplete: str, empty: str = "Type the password.", help_text: str = ""
) -> None:
    """Label, browser's hint and errors of one field; no placeholder, since it would vanish while one types."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["autocomplete"] = autocomplete
    if isinstance(field, forms.EmailField):
        field.error_messages |= ADDRESS_ERRORS
    else:
        field.error_messages["required"] = empty


def dress_new(form: forms.Form) -> None:
    """The new password, and the same again."""
    first, second = form.fields["password1"], form.fields["password2"]
    dress(first, label="New password", autocomplete="new-password", empty="Type a new password.", help_text=RULES)
    dress(second, label="New password again", autocomplete="new-password", empty="Type the new password again.")


def one_form(address: str) -> str:
    """The address as accounts keep it; as it was typed where it has no such form, and so belongs to nobody."""
    try:
        return plain_address(address)
    except ValueError:
        return address


class SignInForm(account.LoginForm):
    """E-mail address and password. One sentence for every way in which the two do not fit."""

    bound_field_class = DressedField
    does_not_fit = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        dress(self.fields["login"], label="E-mail address", autocomplete="username")
        dress(self.fields["password"], label="Password", autocomplete="current-password")

    def clean_login(self) -> str:
        return one_form(super().clean_login())

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError as error:
            # At the field where it is mended; said of the pair, so it tells nothing about the address.
            self.add_error("password", error)
            self.does_not_fit = True
            return self.cleaned_data


class ResetAskForm(account.ResetPasswordForm):
    """Ask for a link. An address without an account gets no mail, and the page says the same."""

    bound_field_class = DressedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["email"], label="E-mail address", autocomplete="username")

    def clean_email(self) -> str:
        self.cleaned_data["email"] = one_form(self.cleaned_data["email"])
        return str(super().clean_email())

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link where there is an account. Both ways take the same time, or the clock would tell them apart."""
        begun = time.monotonic()
        if self.users:
            super().save(request, **kwargs)
        time.sleep(max(0.0, SAME_TIME_SECONDS - (time.monotonic() - begun)))
        return str(self.cleaned_data["email"])


class PasswordSetForm(account.ResetPasswordKeyForm):
    """A new password, twice, by who came with a link."""

    bound_field_class = DressedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_new(self)


class PasswordChangeForm(account.ChangePasswordForm):
    """The present password, then the new one twice."""

    bound_field_class = DressedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.fields["oldpassword"]
        dress(present, label="Present password", autocomplete="current-password", empty="Type your present password.")
        dress_new(self)


class SignInAgainForm(account.ReauthenticateForm):
    """The password once more, before a decisive act."""

    bound_field_class = DressedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["password"], label="Password", autocomplete="current-password")
