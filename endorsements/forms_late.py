"""Forms of what comes late, by letter, or is contested."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from audit.forms import KeyedForm
from endorsements.enums import Means
from endorsements.forms import ReplyForm
from endorsements.services import Source
from endorsements.words import MEANS
from members.models import Participant


class PositionOtherwiseForm(ReplyForm):
    """A reply that came by another way: whose, by which means, when (in the forum's time), by what evidence."""

    participant = forms.ChoiceField(  # type: ignore[assignment]  # chosen, not given
        label="Whose reply", error_messages={"required": "Choose whose reply it is."}, widget=forms.Select
    )
    means = forms.ChoiceField(
        label="How it came",
        choices=[("", "Choose"), *((one.value, words) for one, words in MEANS.items())],
        error_messages={"required": "Choose how it came."},
    )
    day = forms.DateField(
        label="Received, day",
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day.", "invalid": "Write the day as 2026-07-23."},
    )
    at = forms.TimeField(
        widget=forms.TimeInput({"type": "time", "class": "form-control"}, format="%H:%M"),
        error_messages={"required": "Write the time.", "invalid": "Write the time as 17:00."},
    )
    evidence = forms.CharField(
        max_length=1000,
        help_text="Which letter, message or call, of what day, from whom, and where it is filed. The participant reads "
        "it. It stays as it is.",
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
        error_messages={"required": "Say which letter, message or call this rests on, and where it is filed."},
    )

    def __init__(self, *args: Any, seats: list[Participant], zone: str, city: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        choices = [("", "Choose a participant"), *((one.code, one.short_name) for one in seats)]
        self.fields["participant"].choices = choices  # type: ignore[attr-defined]
        self.fields["at"].label = f"Time in {city}" if city else f"Time, {zone}"
        for name in ("participant", "means"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def source(self) -> Source:
        """How it came; only for a valid form. The instant is in UTC."""
        data = self.cleaned_data
        local = dt.datetime.combine(data["day"], data["at"], tzinfo=self.zone)
        return Source(Means(data["means"]), local.astimezone(dt.UTC), data["evidence"].replace("\r\n", "\n").strip())


class PositionContestForm(KeyedForm):
    reason = forms.CharField(
        label="Why it is not right",
        max_length=1000,
        help_text="The secretariat and the co-chairs read it, also by e-mail. Do not quote the draft.",
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
        error_messages={"required": "Say in a sentence why it is not right."},
    )


class PositionNoteForm(KeyedForm):
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=1000,
        help_text="The participant reads it, also by e-mail.",
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
    )


class SetAsideForm(KeyedForm):
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Why",
        max_length=1000,
        help_text="Everyone who was sent the draft reads it, also by e-mail. Do not quote the draft.",
        widget=forms.Textarea({"rows": 3, "class": "form-control", "id": "id_aside_note"}),
        error_messages={"required": "Write the reason. Everyone who was sent the draft reads it."},
    )
