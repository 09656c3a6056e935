"""Forms of meetings that are to come: what was typed becomes clean values; whether the deed is possible is for the
rules."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from meetings.enums import DELEGATE_ROLE_NAMES, DelegateRole
from meetings.models import Delegation, Meeting, MeetingInvitation
from meetings.rules import MOST_DELEGATES
from meetings.services import Answer, InvitationPlan, Paper, Person
from members.forms.directory import DeedForm
from members.models import Participant
from members.rules import NotAllowed

FEWEST_LINES, MORE_LINES = 3, 4
LONGEST_REMINDER = 60 * 24


def _day(label: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day.", "invalid": "Write the day as 2026-07-23."},
    )


class InvitationForm(DeedForm):
    """Until when an answer is asked for (in the forum's time), which observers, seats, reminders, the own words."""

    day = _day("Registration until, day")
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


ROLES = [("", "Choose a role"), *((role.value, DELEGATE_ROLE_NAMES[role]) for role in DelegateRole)]


class DelegationForm(DeedForm):
    """We come or not; then a line for each person, in the order in which they stand. An empty line is left out."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    lines = forms.IntegerField(min_value=1, max_value=MOST_DELEGATES, widget=forms.HiddenInput)
    comes = forms.ChoiceField(
        label="Your answer",
        choices=[("yes", "We come"), ("no", "We do not come")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one answer."},
    )
    special_needs = forms.CharField(
        label="Special needs",
        required=False,
        max_length=2000,
        help_text="Access, diet, health: whose, and what. Only your own people and the secretariat read it.",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, lines: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(1, lines + 1)
        for number in self.numbers:
            self.fields[f"name_{number}"] = forms.CharField(
                label=f"Name of person {number}",
                required=False,
                max_length=120,
                widget=forms.TextInput({"autocomplete": "off"}),
            )
            self.fields[f"role_{number}"] = forms.ChoiceField(
                label=f"Role of person {number}", required=False, choices=ROLES
            )
            self.fields[f"function_{number}"] = forms.CharField(
                label=f"Position of person {number}",
                required=False,
                max_length=150,
                widget=forms.TextInput({"autocomplete": "off"}),
            )

    @property
    def people(self) -> list[tuple[int, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The lines as the page prints them: number, name, role, position."""
        return [(n, self[f"name_{n}"], self[f"role_{n}"], self[f"function_{n}"]) for n in self.numbers]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("comes") == "yes":
            for number in self.numbers:
                self._check_line(number, data)
        return data

    def _check_line(self, number: int, data: dict[str, Any]) -> None:
        name, role, function = (data.get(f"{part}_{number}", "") for part in ("name", "role", "function"))
        if name and not role and f"role_{number}" not in self.errors:
            self.add_error(f"role_{number}", "Choose the role of this person.")
        is_meant = function or (role and role != DelegateRole.HEAD)
        if is_meant and not name and f"name_{number}" not in self.errors:
            self.add_error(f"name_{number}", "Write the name, or empty the line.")

    def answer(self) -> Answer:
        """The answer; only for a valid form."""
        data = self.cleaned_data
        people = tuple(
            Person(" ".join(data[f"name_{n}"].split()), DelegateRole(data[f"role_{n}"]), data[f"function_{n}"])
            for n in self.numbers
            if data[f"name_{n}"]
        )
        return Answer(data["comes"] == "yes", people, data["special_needs"].replace("\r\n", "\n"))

    def refuse(self, refused: NotAllowed) -> None:
        """What is wrong with the list stands at its first line."""
        self.add_error("role_1" if refused.field == "delegates" else None, refused.message)

    @staticmethod
    def initial_of(delegation: Delegation) -> dict[str, Any]:
        people = list(delegation.delegates.all())
        found: dict[str, Any] = {
            "version": delegation.version,
            "special_needs": delegation.special_needs,
            "comes": {"confirmed": "yes", "declined": "no"}.get(delegation.state, ""),
        }
        for number, one in enumerate(people, 1):
            found |= {f"name_{number}": one.name, f"role_{number}": one.role, f"function_{number}": one.function}
        if not people:
            found["role_1"] = DelegateRole.HEAD.value
        return found


def lines_for(delegation: Delegation, seats: int | None) -> int:
    """How many lines the page offers: all people and a few more, or the seats."""
    named = len(delegation.delegates.all())
    offered = max(FEWEST_LINES, named + 1) if seats is None else seats
    return min(max(offered, named, 1), MOST_DELEGATES)


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
    due_on = _day("Until the end of")

    def __init__(self, *args: Any, participants: QuerySet[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participant"].queryset = participants  # type: ignore[attr-defined]

    def paper(self) -> Paper:
        return Paper(self.cleaned_data["participant"], self.cleaned_data["title"], self.cleaned_data["due_on"])


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
    first_day = _day("New first day", required=False)
    last_day = _day("New last day", required=False)
    field_order = ["first_day", "last_day", "reason"]
