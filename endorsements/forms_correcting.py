"""Forms of a corrigendum, and of the request for a new clock after one."""

from typing import Any

from django import forms

from audit.forms import KeyedForm
from endorsements.forms_deeds import ReasonForm
from endorsements.services import Slip


def _words(label: str, help_text: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        help_text=help_text,
        widget=forms.Textarea({"rows": 2, "class": "form-control"}),
        error_messages={"required": missing},
    )


class CorrigendumForm(ReasonForm):
    """Which paragraph, what it says now, what it should say, and why."""

    paragraph = forms.TypedChoiceField(
        coerce=int,
        widget=forms.Select({"class": "form-select"}),
        error_messages={"required": "Choose the paragraph.", "invalid_choice": "Choose the paragraph from the list."},
    )
    said = _words(
        "The wrong words, as they stand",
        "Copy them from the paragraph, letter by letter, with enough beside them to be found in one place.",
        "Copy the words that are wrong from the paragraph.",
    )
    says = _words("How they should read", "", "Write how these words should read.")
    field_order = ["paragraph", "said", "says", "reason"]

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paragraph"].choices = [("", "Choose a paragraph"), *choices]  # type: ignore[attr-defined]

    def slip(self) -> Slip:
        """The slip; only for a valid form. A browser sends line ends as two characters."""
        data = self.cleaned_data
        said, says = (data[name].replace("\r\n", "\n") for name in ("said", "says"))
        return Slip(data["paragraph"], said, says, data["reason"])


class NewClockForm(KeyedForm):
    participant = forms.CharField(widget=forms.HiddenInput, max_length=20)
    reason = _words(
        "Why",
        "The secretariat and the co-chairs read it, also by e-mail. Do not quote the draft.",
        "Write why the correction needs a new deadline.",
    )
