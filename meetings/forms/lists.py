"""Forms of the list of participants."""

from django import forms

from members.forms.directory import DeedForm


class FreezeForm(DeedForm):
    """Nothing is typed."""


class ReopenForm(DeedForm):
    reason = forms.CharField(
        label="Why it is taken back",
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Write why the list is taken back. It is kept with the list."},
    )
