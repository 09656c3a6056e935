"""Forms of the deeds on a circulation that runs or waits."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from audit.forms import KeyedForm


class ReasonForm(KeyedForm):
    """Why: read by everyone who was sent the draft."""

    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        help_text="Everyone who was sent the draft reads it, also by e-mail. Do not quote the draft.",
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
        error_messages={"required": "Write the reason. Everyone who was sent the draft reads it."},
    )


class DeadlineForm(ReasonForm):
    """A new deadline, day and hour in the forum's time, and why."""

    day = forms.DateField(
        label="New deadline, day", widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(widget=forms.TimeInput({"type": "time", "step": 1, "class": "form-control"}, format="%H:%M"))
    field_order = ["day", "time", "reason"]

    def __init__(self, *args: Any, zone: str, city: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.fields["time"].label = f"Time in {city}"

    def deadline(self) -> dt.datetime:
        """The instant, in UTC; only for a valid form."""
        local = dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=self.zone)
        return local.astimezone(dt.UTC)


class ConfirmForm(KeyedForm):
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The newest reply in doubt that the page showed."""
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=1000,
        help_text="Everyone who was sent the draft reads it.",
        widget=forms.Textarea({"rows": 2, "class": "form-control"}),
    )


class _StillAsked(forms.MultipleChoiceField):
    """Who replied while the page was open is no mistake of the officer: the service leaves them out."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 20


class RemindForm(KeyedForm):
    """Whom to remind, all ticked at first."""

    participants = _StillAsked(
        label="Remind",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one, or go back to the board."},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"participants": [value for value, _ in choices]}})
        self.fields["participants"].choices = choices  # type: ignore[attr-defined]
