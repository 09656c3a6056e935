"""A form that changes something carries a key: sent twice, it is carried out once."""

import uuid

from django import forms


class KeyedForm(forms.Form):
    """The base of each form that changes something; `audit.services.once` takes `cleaned_data["key"]`."""

    key = forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={
            "required": "This page is out of date. Load it again and send the form once more.",
            "invalid": "This page is out of date. Load it again and send the form once more.",
        },
    )
