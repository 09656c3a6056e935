"""Forms that postpone or cancel."""

from django import forms

from meetings.forms.fields import day_field
from members.forms.directory import DeedForm


class CancelForm(DeedForm):
    """Why: read by everyone who was invited."""

    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        help_text="Everyone who was invited reads it, also by e-mail.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write the reason. Everyone who was invited reads it."},
    )


class PostponeForm(CancelForm):
    first_day = day_field("New first day", required=False)
    last_day = day_field("New last day", required=False)
    field_order = ["first_day", "last_day", "reason"]
