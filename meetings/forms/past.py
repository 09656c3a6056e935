"""The form of a past meeting: the terms of a meeting, and the source that says so."""

import re
from typing import Any

from django import forms

from meetings.forms.planning import MeetingPlanForm
from meetings.services.past import Evidence
from members.names import one_line


class MeetingRecordForm(MeetingPlanForm):
    source = forms.CharField(
        label="Source",
        max_length=200,
        help_text="The statement, letter or list that says so, and where it is filed.",
        error_messages={"required": "Name the source: a statement, a letter, a list."},
    )
    remarks = forms.CharField(
        label="Remarks on the record",
        required=False,
        max_length=4000,
        help_text="Where sources differ, or something is not known. A blank line begins a new remark.",
        widget=forms.Textarea({"rows": 4}),
    )
    is_public_in_part = forms.BooleanField(
        label="Confidential: only that it took place, and who came, will be public", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["beside"]
        self.fields["words"].help_text = "In words, as May 2015."
        self.fields["place"].help_text = "The town. Empty: not on record."

    def evidence(self) -> Evidence:
        """Only of a valid form."""
        data = self.cleaned_data
        found = re.split(r"\n\s*\n", data["remarks"].replace("\r\n", "\n").strip())
        remarks = tuple(one_line(one) for one in found if one.strip())
        return Evidence(data["source"], remarks, data["is_public_in_part"])
