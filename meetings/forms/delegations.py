"""The form of a delegation's answer, and that of an answer that came by another way."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from documents.gate import safe_name
from documents.refusal import Refused
from meetings import letter_gate
from meetings.delegation_rules import LETTERS_OF_STAFF, named_twice, twice_sentence
from meetings.enums import DELEGATE_ROLE_NAMES, LETTER_NAMES, MEANS_NAMES, DelegateRole, LetterState, Means
from meetings.forms.fields import day_field
from meetings.models import Delegation
from meetings.rules import MOST_DELEGATES
from meetings.services import Answer, LetterCopy, Person, Source
from members.forms.directory import DeedForm
from members.names import one_line
from members.rules import NotAllowed

FEWEST_LINES, MORE_LINES = 3, 4
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
    letter_file = forms.FileField(
        label="Nomination letter",
        required=False,
        allow_empty_file=True,
        help_text=f"A PDF or a picture (JPEG, PNG), at most {letter_gate.MOST_BYTES // 1024 // 1024} MB. Only your own "
        "people and the secretariat read it.",
        widget=forms.FileInput({"accept": ".pdf,image/jpeg,image/png"}),
        error_messages={"invalid": "The letter did not arrive. Choose it again."},
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
            self._check_twice(data)
        if self.errors and data.get("letter_file"):
            self.add_error("letter_file", "Choose the letter again: a page cannot keep it for you.")
        return data

    def clean_letter_file(self) -> LetterCopy | None:
        """Its size before it is read, then what it really is."""
        file = self.cleaned_data["letter_file"]
        if not file:
            return None
        try:
            letter_gate.check_size(file.size)
            content = file.read()
            letter_gate.media_type(content)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused
        return LetterCopy(safe_name(file.name or ""), content)

    def _check_twice(self, data: dict[str, Any]) -> None:
        named = [(n, one_line(data[f"name_{n}"])) for n in self.numbers if data.get(f"name_{n}")]
        names = [name for _, name in named]
        if twice := named_twice(names):
            self.add_error(f"name_{named[twice[1]][0]}", twice_sentence(names[twice[0]], names[twice[1]]))

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
            Person(one_line(data[f"name_{n}"]), DelegateRole(data[f"role_{n}"]), data[f"function_{n}"])
            for n in self.numbers
            if data[f"name_{n}"]
        )
        needs = data["special_needs"].replace("\r\n", "\n")
        return Answer(data["comes"] == "yes", people, needs, data["letter_file"])

    def refuse(self, refused: NotAllowed | Refused) -> None:
        """What is wrong with the list stands at its first line."""
        field = "role_1" if refused.field == "delegates" else refused.field
        self.add_error(field if field in self.fields else None, refused.message)
        if self.files.get("letter_file") and "letter_file" not in self.errors:
            self.add_error("letter_file", "Choose the letter again: a page cannot keep it for you.")

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


class RecordForm(DelegationForm):
    """The same answer as it came by another way: how, when (in the forum's time), by what evidence."""

    means = forms.ChoiceField(
        label="How it came",
        choices=[("", "Choose"), *((one.value, words) for one, words in MEANS_NAMES.items())],
        error_messages={"required": "Choose how it came."},
    )
    day = day_field("Received, day")
    at = forms.TimeField(
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": "Write the time.", "invalid": "Write the time as 17:00."},
    )
    evidence = forms.CharField(
        label="Evidence",
        max_length=1000,
        help_text="Which letter, message or call, of what day, from whom, and where it is filed. The participant reads "
        "it.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say which letter, message or call this rests on, and where it is filed."},
    )

    def __init__(self, *args: Any, zone: str, city: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.fields["at"].label = f"Time in {city}" if city else f"Time, {zone}"
        self.fields["comes"].choices = [("yes", "It comes"), ("no", "It does not come")]  # type: ignore[attr-defined]
        self.fields["special_needs"].help_text = "Access, diet, health: whose, and what. Its own people read it too."
        self.fields["letter_file"].help_text = "A PDF or a picture (JPEG, PNG). Its own people read it too."

    def source(self) -> Source:
        """How it came; only for a valid form. The instant is in UTC."""
        data = self.cleaned_data
        local = dt.datetime.combine(data["day"], data["at"], tzinfo=self.zone)
        return Source(Means(data["means"]), local.astimezone(dt.UTC), data["evidence"].replace("\r\n", "\n").strip())


class LetterNoteForm(DeedForm):
    """What the secretariat notes about a nomination letter."""

    noted_as = forms.ChoiceField(choices=[(one.value, LETTER_NAMES[one]) for one in sorted(LETTERS_OF_STAFF)])

    def noted(self) -> LetterState:
        return LetterState(self.cleaned_data["noted_as"])


def lines_for(delegation: Delegation, seats: int | None) -> int:
    """How many lines the page offers: all people and a few more, or the seats."""
    named = len(delegation.delegates.all())
    offered = max(FEWEST_LINES, named + 1) if seats is None else seats
    return min(max(offered, named, 1), MOST_DELEGATES)
