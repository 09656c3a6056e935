"""Form of a person's preferences."""

from typing import Any

from django import forms

from audit.forms import KeyedForm
from notifications.enums import CADENCES, CHOOSABLE, Cadence, Kind

LABELS = {
    Kind.CIRCULATION_OPENED: "A draft goes round, and you do not reply to it",
    Kind.CIRCULATION_ENDED: "A circulation has ended",
}


class ReadAllForm(forms.Form):
    """The newest message that the page showed."""

    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)


class PreferencesForm(KeyedForm):
    """One choice for each kind that is no duty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in sorted(CHOOSABLE):
            self.fields[kind.name.lower()] = forms.ChoiceField(
                label=LABELS[kind], choices=CADENCES, widget=forms.Select(attrs={"class": "form-select"})
            )

    def chosen(self) -> dict[Kind, Cadence]:
        """Only for a valid form."""
        return {kind: Cadence(self.cleaned_data[kind.name.lower()]) for kind in CHOOSABLE}

    @staticmethod
    def initial_of(cadences: dict[Kind, Cadence]) -> dict[str, str]:
        return {kind.name.lower(): cadence.value for kind, cadence in cadences.items()}
