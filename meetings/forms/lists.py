"""Forms of the list of participants."""

from django import forms

from meetings.services import Information
from members.forms.directory import DeedForm

TEXTS = ("venue", "hotel", "contact", "dress", "visas")


def _text(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=3000, help_text=help_text, widget=forms.Textarea({"rows": 4})
    )


class FreezeForm(DeedForm):
    """Nothing is typed."""


class ReopenForm(DeedForm):
    reason = forms.CharField(
        label="Why it is taken back",
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Write why the list is taken back. It is kept with the list."},
    )


class InformationForm(DeedForm):
    """What those who come need to know; a blank line begins a paragraph."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    venue = _text("Venue", "Building, address, room, how to get there, when the doors open.")
    hotel = _text("Hotel", "Where rooms are kept, until when, at what rate.")
    contact = _text("Contact", "An office, its telephone and address. Everybody invited reads it.")
    dress = _text("Dress")
    visas = _text("Visas", "Who needs one, where to ask, how long it takes, whom to ask for a letter of support.")

    def information(self) -> Information:
        return Information(**{name: self.cleaned_data[name].replace("\r\n", "\n") for name in TEXTS})
