"""Forms of the directory's deeds: an admission, its steps, a new name, a merger."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from audit.forms import KeyedForm
from members.enums import Kind, StandingKind
from members.forms.accounts import DressedField
from members.models import Body, Participant
from members.rules import NotAllowed
from members.services.participants import Newcomer

CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day.", "invalid": "Write the day as 2019-07-23."},
    )


def _source(longest: int = 200) -> forms.CharField:
    return forms.CharField(
        label="Source",
        max_length=longest,
        help_text="The letter, record or statement that says so, and where it is filed.",
        error_messages={"required": "Name the source: a letter, a record, a statement."},
    )


class DeedForm(KeyedForm):
    """A form of the directory: the portal's look, and a place for what the service refuses."""

    bound_field_class = DressedField

    def refuse(self, refused: NotAllowed) -> None:
        """Put a refusal at its field, or above the form."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class AdmissionProposeForm(DeedForm):
    """Who: one of the directory, or a new one. To what: a standing in the forum, or a body."""

    participant = forms.ModelChoiceField(
        Participant.objects.none(), required=False, empty_label="Not in the directory yet: named below"
    )
    short_name = forms.CharField(label="Short name", required=False, max_length=120, help_text="As lists print it.")
    formal_name = forms.CharField(label="Formal name", required=False, max_length=200)
    code = forms.CharField(
        required=False, max_length=20, help_text="ISO 3166 code of a State, the usual abbreviation of an organisation."
    )
    kind = forms.ChoiceField(
        required=False,
        choices=[("", "Choose"), (Kind.STATE.value, "State"), (Kind.ORGANISATION.value, "Organisation")],
        widget=forms.Select,
    )
    aim = forms.ChoiceField(label="To become", error_messages={"required": "Choose what it is to become."})
    on = _day("Day of the proposal")
    source = _source()

    def __init__(self, *args: Any, participants: QuerySet[Participant], bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participant"].queryset = participants  # type: ignore[attr-defined]
        self.bodies = {f"body-{body.pk}": body for body in bodies}
        standings = [(kind.value, f"{kind.value.capitalize()} of the forum") for kind in StandingKind]
        into = [(value, str(body)) for value, body in self.bodies.items()]
        choices: list[Any] = [("", "Choose"), ("In the forum", standings)]
        self.fields["aim"].choices = [*choices, ("In a body", into)] if into else choices  # type: ignore[attr-defined]
        for name in ("short_name", "code", "kind"):
            self.fields[name].is_needed = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = {
            "short_name": "Write its short name.",
            "code": "Write its code.",
            "kind": "Choose State or organisation.",
        }
        typed = [name for name in ("short_name", "formal_name", "code") if data.get(name)]
        if data.get("participant") and typed:
            self.add_error("participant", "Choose a participant, or name a new one below; not both.")
        elif not data.get("participant") and "participant" not in self.errors:
            for name, sentence in needed.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"{sentence} Or choose a participant above." if not typed else sentence)
        code = (data.get("code") or "").strip().upper()
        if code and not CODE.fullmatch(code):
            self.add_error("code", "Use capital letters, digits and hyphens, as in LK or UNODC.")
        return data

    def who(self) -> Participant | Newcomer:
        data = self.cleaned_data
        new = Newcomer(data["code"].strip().upper(), data["kind"], data["short_name"], data["formal_name"])
        return data["participant"] or new

    def aim_of(self) -> dict[str, Any]:
        """The keywords of the service: `standing` or `body`."""
        aim = self.cleaned_data["aim"]
        body = self.bodies.get(aim)
        return {"standing": "" if body else aim, "body": body}


class AdmissionStepForm(DeedForm):
    on = _day("Day")
    source = _source()


class AdmissionDropForm(DeedForm):
    reason = forms.CharField(
        label="Why it goes no further", max_length=300, error_messages={"required": "Say in a sentence why."}
    )


class ParticipantRenameForm(DeedForm):
    short_name = forms.CharField(label="New short name", max_length=120)
    formal_name = forms.CharField(label="New formal name", required=False, max_length=200)
    last_day = _day("Last day of the name used until now", "Records up to this day keep the old name.")
    source = _source()


class ParticipantMergeForm(DeedForm):
    into = forms.ModelChoiceField(
        Participant.objects.none(),
        label="Which participant stands in its place?",
        empty_label="Choose a participant",
        error_messages={"required": "Choose the participant that stands in its place."},
    )
    on = _day("First day as one", "Standing, memberships and co-chair roles end on the day before.")
    source = _source()

    def __init__(self, *args: Any, others: QuerySet[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]
