"""The form that adds a line to a checklist."""

from django import forms

from meetings.checklist_rules import MOST_DAYS_BEFORE
from meetings.services.checklists import TaskLine
from members.forms.directory import DeedForm


class TaskForm(DeedForm):
    text = forms.CharField(
        label="What is to be done",
        max_length=120,
        help_text="As “Interpreters confirmed”.",
        error_messages={"required": "Write what is to be done."},
    )
    days_before = forms.IntegerField(
        label="Days before the opening",
        min_value=0,
        max_value=MOST_DAYS_BEFORE,
        error_messages={
            "required": "Write how many days before.",
            "invalid": "Write a number, as 30.",
            "max_value": f"Choose from 0 to {MOST_DAYS_BEFORE} days.",
            "min_value": f"Choose from 0 to {MOST_DAYS_BEFORE} days.",
        },
    )
    who = forms.CharField(
        label="Who does it", required=False, max_length=60, help_text="A function, as “Conference officer”."
    )

    def line(self) -> TaskLine:
        """Only of a valid form."""
        data = self.cleaned_data
        return TaskLine(data["text"], data["days_before"], data["who"])
