"""Forms of circulations: what was typed becomes clean values; whether the deed is possible is for the rules."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from audit.forms import KeyedForm
from documents.models import Version
from endorsements.enums import SAYS, Mode, PositionKind
from endorsements.models import Circulation, Procedure
from endorsements.services import Plan, Reply
from members.models import Body


class CirculationPrepareForm(KeyedForm):
    """Version, body, procedure, deadline (day and hour in the forum's time), the officer's paragraph."""

    version = forms.ModelChoiceField(Version.objects.none(), empty_label="Choose a version")
    body = forms.ModelChoiceField(Body.objects.none(), empty_label="Choose a body")
    procedure = forms.ModelChoiceField(Procedure.objects.none(), empty_label="Choose a procedure")
    day = forms.DateField(label="Deadline, day", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label="Time", widget=forms.TimeInput({"type": "time", "step": 1}, format="%H:%M:%S"))
    paragraph = forms.CharField(
        label="Your paragraph in the notice",
        required=False,
        max_length=600,
        help_text="Up to 600 characters. Do not quote the draft: mail is not confidential.",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, choices: dict[str, Any], zone: str, city: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        self.fields["time"].label = f"Time in {city}"
        for name in ("version", "body", "procedure"):
            self.fields[name].widget.attrs["class"] = "form-select"
        for name in ("day", "time", "paragraph"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def plan(self) -> Plan:
        """The plan; only for a valid form."""
        data = self.cleaned_data
        local = dt.datetime.combine(data["day"], data["time"], tzinfo=self.zone)
        return Plan(data["version"], data["body"], data["procedure"], local.astimezone(dt.UTC), data["paragraph"])

    @staticmethod
    def initial_of(circulation: Circulation, zone: str) -> dict[str, Any]:
        local = circulation.expires_at.astimezone(ZoneInfo(zone))
        return {
            "version": circulation.version_id,
            "body": circulation.body_id,
            "procedure": circulation.procedure_id,
            "day": local.date(),
            "time": local.time().replace(microsecond=0),
            "paragraph": circulation.paragraph,
        }


REPLY_LABELS = {
    PositionKind.ENDORSE: "Endorse",
    PositionKind.ENDORSE_WITH_PROPOSALS: "Endorse with proposals",
    PositionKind.MORE_TIME: "Ask for more time",
    PositionKind.OBJECTION: "Object",
    PositionKind.NO_POSITION: "No position",
    PositionKind.COMMENT: "Comment",
    PositionKind.NO_COMMENTS: "No comments",
}
TEXT_FIELDS = {
    PositionKind.ENDORSE_WITH_PROPOSALS: "proposals",
    PositionKind.MORE_TIME: "why",
    PositionKind.OBJECTION: "reason",
    PositionKind.COMMENT: "comment",
}
"""The field in which the words of a kind of reply are typed."""


def _words(label: str, rows: int = 3, *, is_needed: bool = True) -> forms.CharField:
    """Words that belong to one kind of reply: not required by the form, but not called optional where the rules ask."""
    widget = forms.Textarea({"rows": rows, "class": "form-control"})
    field = forms.CharField(label=label, required=False, max_length=10_000, widget=widget)
    field.is_needed = is_needed  # type: ignore[attr-defined]
    return field


def take_as_seen(form: forms.Form, last: int) -> None:
    """Whoever fills in the form is now told of this newer reply, so the next click sends."""
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    data["seen"] = str(last)
    form.data = data


class ReplyForm(KeyedForm):
    """One reply of one participant. Each kind has its own field for words, so that a change loses nothing typed."""

    participant = forms.CharField(widget=forms.HiddenInput, max_length=20)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The newest reply of the participant that the page showed."""
    kind = forms.ChoiceField(
        label="Reply",
        error_messages={"required": "Choose one reply.", "invalid_choice": "Choose one of the replies below."},
    )
    proposals = _words("Your proposals")
    until = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    why = _words("Why", rows=2, is_needed=False)
    reason = _words("Reason")
    no_reason = forms.BooleanField(label="No reason given", required=False)
    comment = _words("Your comment", rows=6)

    def __init__(self, *args: Any, mode: Mode, **kwargs: Any) -> None:
        """`mode`: of the circulation, which says what may be replied."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, REPLY_LABELS[kind]) for kind in SAYS[mode]]  # type: ignore[attr-defined]

    def reply(self) -> Reply:
        """The reply; only for a valid form. Words typed under another kind are not sent."""
        data = self.cleaned_data
        kind = PositionKind(data["kind"])
        text = data[TEXT_FIELDS[kind]] if kind in TEXT_FIELDS else ""
        objects = kind == PositionKind.OBJECTION
        return Reply(
            kind,
            text.replace("\r\n", "\n").strip(),
            no_reason_given=objects and data["no_reason"] and not text.strip(),
            until_on=data["until"] if kind == PositionKind.MORE_TIME else None,
        )
