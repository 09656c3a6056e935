"""What goes out in the chairs' name: a manager records which co-chair approved it, and by what."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from members.forms.directory import DeedForm
from members.models import Participant


class ChairApprovalForm(DeedForm):
    """The co-chair of those in `co_chairs`, and the evidence of its approval."""

    co_chair = forms.ModelChoiceField(
        Participant.objects.none(), label="Which co-chair approved?", empty_label="Choose a co-chair"
    )
    evidence = forms.CharField(
        label="How, and when",
        max_length=1000,
        help_text="The letter, e-mail or call by which the co-chair approved, its day, and where it is filed.",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, co_chairs: QuerySet[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["co_chair"].queryset = co_chairs  # type: ignore[attr-defined]
