"""The form of a handover note."""

from django import forms

from members.forms.directory import DeedForm
from members.services.handover import LONGEST


class HandoverNoteForm(DeedForm):
    """The text, and the version from which its writer began."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST,
        help_text="What is open, how you work, what was promised. Leave an empty line between paragraphs.",
        widget=forms.Textarea({"rows": 14}),
    )
    text.is_needed = True  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        """One kind of line ends, whatever the browser."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
