"""The form that asks for a paper."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from meetings.forms.fields import day_field
from meetings.services import Paper
from members.forms.directory import DeedForm
from members.models import Participant


class PaperForm(DeedForm):
    participant = forms.ModelChoiceField(
        Participant.objects.none(),
        label="Of whom",
        empty_label="Choose a participant",
        error_messages={"required": "Choose a participant.", "invalid_choice": "Choose a participant of the list."},
    )
    title = forms.CharField(
        label="Title of the paper", max_length=200, error_messages={"required": "Say what the paper is about."}
    )
    due_on = day_field("Until the end of")

    def __init__(self, *args: Any, participants: QuerySet[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participant"].queryset = participants  # type: ignore[attr-defined]

    def paper(self) -> Paper:
        return Paper(self.cleaned_data["participant"], self.cleaned_data["title"], self.cleaned_data["due_on"])
