"""Forms of a meeting in session: its sessions, a step back, the roll call."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from meetings.forms.fields import day_field
from meetings.models import Session
from meetings.services import SessionPlan
from members.forms.directory import DeedForm


def _time_field(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": "Write the time.", "invalid": "Write the time as 09:30."},
    )


class SessionForm(DeedForm):
    """Title, day, start, end, on the clock of the meeting."""

    title = forms.CharField(
        max_length=120, help_text="As “Session 1”.", error_messages={"required": "Write the title of the session."}
    )
    day = day_field("Day")
    starts = _time_field("Starts")
    ends = _time_field("Ends")

    def plan(self) -> SessionPlan:
        """Only for a valid form."""
        data = self.cleaned_data
        return SessionPlan(data["title"], data["day"], data["starts"], data["ends"])

    @staticmethod
    def initial_of(session: Session, zone: ZoneInfo) -> dict[str, Any]:
        if session.starts_at is None or session.ends_at is None:
            return {"title": session.title}
        starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
        return {"title": session.title, "day": starts.date(), "starts": starts.time(), "ends": ends.time()}


class StepBackForm(DeedForm):
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=1000,
        help_text="It stays on record.",
        widget=forms.Textarea({"rows": 2}),
    )
    reason.is_needed = True  # type: ignore[attr-defined]


class SessionChooseForm(DeedForm):
    """At which session a badge marks its bearer."""

    session = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the session.", "invalid_choice": "Choose one of these sessions."},
    )

    def __init__(self, *args: Any, sessions: list[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].choices = [(one.pk, str(one)) for one in sessions]  # type: ignore[attr-defined]
