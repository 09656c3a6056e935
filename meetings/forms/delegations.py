"""The form of a delegation's answer."""

from typing import Any

from django import forms

from meetings.enums import DELEGATE_ROLE_NAMES, DelegateRole
from meetings.models import Delegation
from meetings.rules import MOST_DELEGATES
from meetings.services import Answer, Person
from members.forms.directory import DeedForm
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
