"""The form that notes an outcome."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from decisions.models import Verb
from meetings.forms.fields import day_field
from meetings.services import OutcomePlan
from members.forms.directory import DeedForm


class OutcomeForm(DeedForm):
    """Who, did what, about what; under which item; with which outcome a proposal came."""

    actor = forms.CharField(
        label="Who",
        max_length=200,
        help_text="Members, a body, an organisation.",
        error_messages={"required": "Write who: as Members."},
    )
    verb = forms.ModelChoiceField(
        Verb.objects.none(),
        label="Did what",
        empty_label="Choose a verb",
        error_messages={"required": "Choose a verb.", "invalid_choice": "Choose a verb of the list."},
    )
    text = forms.CharField(
        label="What",
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Write the object: what was endorsed, asked or noted."},
    )
    item = forms.TypedChoiceField(
        label="Under item",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Choose an item of the agenda."},
    )
    parent = forms.TypedChoiceField(
        label="A proposal that came with",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Choose an outcome of this meeting."},
    )
    day = day_field("Day")

    def __init__(
        self,
        *args: Any,
        verbs: QuerySet[Verb],
        items: list[tuple[int, str]],
        parents: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].queryset = verbs  # type: ignore[attr-defined]
        self.fields["verb"].label_from_instance = lambda one: f"{one.word} ({one.weight})"  # type: ignore[attr-defined]
        self.fields["item"].choices = [("", "No item"), *items]  # type: ignore[attr-defined]
        self.fields["parent"].choices = [("", "No: it stands by itself"), *parents]  # type: ignore[attr-defined]

    def plan(self) -> OutcomePlan:
        """Only for a valid form."""
        data = self.cleaned_data
        text = data["text"].replace("\r\n", "\n").strip()
        return OutcomePlan(data["actor"].strip(), data["verb"], text, data["day"], data["item"], data["parent"])
