"""The form of an invitation."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from meetings.forms.fields import day_field
from meetings.models import Meeting, MeetingInvitation
from meetings.rules import MOST_DELEGATES
from meetings.services import InvitationPlan
from members.forms.directory import DeedForm
from members.models import Participant

LONGEST_REMINDER = 60 * 24


class InvitationForm(DeedForm):
    """Until when an answer is asked for (in the forum's time), which observers, seats, reminders, the own words."""

    day = day_field("Registration until, day")
    time = forms.TimeField(
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": "Write the time.", "invalid": "Write the time as 17:00."},
    )
    observers = forms.ModelMultipleChoiceField(
        Participant.objects.none(),
        required=False,
        label="Observers to invite too",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these is no observer today. Look at the list again."},
    )
    seats = forms.IntegerField(
        label="Seats for each delegation",
        required=False,
        min_value=1,
        max_value=MOST_DELEGATES,
        help_text="Empty: no limit.",
        error_messages={"invalid": "Write a number, as 4, or nothing."},
    )
    reminders = forms.CharField(
        label="Reminders, hours before",
        required=False,
        max_length=60,
        help_text="As 168, 48, 24: seven, two and one day before. Only who has not answered is reminded. Empty: none.",
    )
    paragraph = forms.CharField(
        label="Your paragraph in the invitation",
        required=False,
        max_length=600,
        help_text="Up to 600 characters. Do not write what is confidential: mail is not.",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, observers: QuerySet[Participant], zone: str, city: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.fields["observers"].queryset = observers  # type: ignore[attr-defined]
        self.fields["time"].label = f"Time in {city or zone}"

    def clean_reminders(self) -> list[int]:
        """ "168, 48, 24" → [168, 48, 24]."""
        words = self.cleaned_data["reminders"].replace(",", " ").split()
        hours = [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 5]
        if len(hours) < len(words) or not all(1 <= one <= LONGEST_REMINDER for one in hours):
            raise ValidationError(f"Write hours from 1 to {LONGEST_REMINDER}, as 168, 48, 24.")
        if len(hours) > 6:
            raise ValidationError("Six reminders at most.")
        return hours

    def plan(self) -> InvitationPlan:
        """The plan; only for a valid form."""
        data = self.cleaned_data
        local = dt.datetime.combine(data["day"], data["time"], tzinfo=self.zone)
        return InvitationPlan(
            local.astimezone(dt.UTC),
            list(data["observers"]),
            data["seats"],
            data["reminders"],
            data["paragraph"].replace("\r\n", "\n").strip(),
        )

    @staticmethod
    def initial_of(meeting: Meeting, invitation: MeetingInvitation | None, zone: str) -> dict[str, Any]:
        found: dict[str, Any] = {
            "seats": meeting.seats,
            "reminders": ", ".join(str(one) for one in meeting.reminder_hours),
            "time": dt.time(17),
        }
        if invitation is None:
            return found
        local = invitation.answer_by.astimezone(ZoneInfo(zone))
        return {
            **found,
            "day": local.date(),
            "time": local.time().replace(second=0, microsecond=0),
            "observers": list(invitation.observers.all()),
            "paragraph": invitation.paragraph,
        }
