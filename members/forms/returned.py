"""Forms on mail that did not arrive."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from members.access import forum
from members.forms.accounts import ADDRESS_ERRORS
from members.forms.directory import DeedForm
from notifications.enums import Way

WAYS = [
    (Way.PHONE.value, "By phone"),
    (Way.NOTE_VERBALE.value, "By note verbale"),
    (Way.IN_PERSON.value, "In person"),
]


class NoticeResendForm(DeedForm):
    reason = forms.CharField(
        label="Why it should arrive now",
        max_length=300,
        help_text="As in: the mailbox was full, and they have made room.",
        error_messages={"required": "Say in a sentence why it should arrive now."},
    )


class NoticeReaddressForm(DeedForm):
    address = forms.EmailField(
        label="New address",
        max_length=254,
        error_messages=ADDRESS_ERRORS,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )


class NoticeTellForm(DeedForm):
    """How, when and whom; the moment is read in the forum's time."""

    way = forms.ChoiceField(
        label="How", choices=[("", "Choose"), *WAYS], error_messages={"required": "Choose how it was told."}
    )
    day = forms.DateField(
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day.", "invalid": "Write the day as 2026-07-23."},
    )
    at = forms.TimeField(
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": "Write the time.", "invalid": "Write the time as 17:00."},
    )
    note = forms.CharField(
        label="Who was told, and what they said",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Name who was told."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].label = f"Time in {forum().secretariat_place or forum().time_zone}"

    def deed(self) -> dict[str, Any]:
        """The keywords of the service."""
        data = self.cleaned_data
        told_at = dt.datetime.combine(data["day"], data["at"], ZoneInfo(forum().time_zone))
        return {"way": Way(data["way"]), "told_at": told_at, "note": data["note"], "key": data["key"]}
