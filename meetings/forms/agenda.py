"""Forms of an agenda: an item, its place, a move, the hours of a day, a step back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from documents.models import Document
from meetings.agenda_enums import MOST_MINUTES, PURPOSE_NAMES, ItemKind, Move
from meetings.agenda_rules import Spot
from meetings.models import AgendaItem, PaperRequest
from meetings.services import ItemPlan
from members.forms.directory import DeedForm

MOST_PAPERS = 20


def _time(label: str, *, required: bool = True, help_text: str = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": "Write the time.", "invalid": "Write the time as 09:30."},
    )


class ItemForm(DeedForm):
    """An item or a break as typed. A new one has a place; one that exists has the version it was made from."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(
        max_length=200,
        error_messages={"required": "Write the title.", "max_length": "Write 200 characters at most."},
    )
    kind = forms.ChoiceField(choices=[(ItemKind.ITEM.value, "Item"), (ItemKind.BREAK.value, "Break")])
    place = forms.ChoiceField(error_messages={"invalid_choice": "This place is not there any more. Choose another."})
    starts_at = _time("Fixed start", required=False)
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={
            "invalid": "Write a number of minutes, as 45.",
            "min_value": f"Write minutes from 1 to {MOST_MINUTES}, or nothing.",
            "max_value": f"Write minutes from 1 to {MOST_MINUTES}, or nothing.",
        },
    )
    purpose = forms.ChoiceField(
        label="Action",
        required=False,
        choices=[("", "None"), *((one.value, words) for one, words in PURPOSE_NAMES.items())],
    )
    presenter = forms.CharField(required=False, max_length=200)
    label = forms.CharField(
        label="Number", required=False, max_length=12, help_text="Empty: the portal numbers the item."
    )
    documents = forms.CharField(
        label="Documents",
        required=False,
        max_length=1000,
        help_text="Their symbols, one on each line.",
        widget=forms.Textarea({"rows": 2}),
    )
    requests = forms.ModelMultipleChoiceField(
        PaperRequest.objects.none(),
        label="Papers asked for",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these papers is not asked for any more."},
    )
    restricted_note = forms.CharField(
        label="Note for the chairs and the secretariat",
        required=False,
        max_length=4000,
        help_text="Delegates never see it.",
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        documents: QuerySet[Document],
        requests: QuerySet[PaperRequest],
        places: list[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = documents
        self.fields["requests"].queryset = requests  # type: ignore[attr-defined]
        if places is None:
            del self.fields["place"]
        else:
            self.fields["place"].choices = places  # type: ignore[attr-defined]

    def clean_documents(self) -> tuple[int, ...]:
        symbols = list(dict.fromkeys(line.strip() for line in self.cleaned_data["documents"].splitlines()))
        symbols = [one for one in symbols if one]
        if len(symbols) > MOST_PAPERS:
            raise ValidationError(f"Name {MOST_PAPERS} documents at most.")
        found = dict(self.known.filter(symbol__in=symbols).values_list("symbol", "pk"))
        missing = [one for one in symbols if one not in found]
        if missing:
            raise ValidationError(f"There is no document with the symbol {missing[0][:40]}.")
        return tuple(found[one] for one in symbols)

    def plan(self) -> ItemPlan:
        """The item as typed; only for a valid form."""
        data = self.cleaned_data
        return ItemPlan(
            title=data["title"],
            kind=ItemKind(data["kind"]),
            label=data["label"],
            minutes=data["minutes"],
            starts_at=data["starts_at"],
            purpose=data["purpose"],
            presenter=data["presenter"],
            restricted_note=data["restricted_note"].replace("\r\n", "\n"),
            documents=data["documents"],
            requests=tuple(one.pk for one in data["requests"]),
        )

    def spot(self) -> Spot:
        """ "day-2": at the end of a day; "under-17": the last sub-item of an item."""
        word, number = self.cleaned_data["place"].split("-")
        return Spot(None, int(number)) if word == "day" else Spot(int(number), 1)

    @staticmethod
    def initial_of(item: AgendaItem) -> dict[str, Any]:
        papers = list(item.papers.select_related("document"))
        names = ("version", "title", "kind", "starts_at", "minutes", "purpose", "presenter", "label", "restricted_note")
        return {
            **{name: getattr(item, name) for name in names},
            "documents": "\n".join(one.document.symbol for one in papers if one.document),
            "requests": [one.request_id for one in papers if one.request_id],
        }


class OfVersion(DeedForm):
    """A deed on the agenda as the page showed it."""

    version = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages={"required": "This page is out of date. Load it again.", "invalid": "Load the page again."},
    )


class MoveForm(OfVersion):
    """One step, or a place: under whom, on which day, before whom."""

    move = forms.ChoiceField(choices=[*((one.value, one.value) for one in Move), ("place", "place")])
    day = forms.IntegerField(required=False, min_value=1, max_value=999)
    under = forms.IntegerField(required=False, min_value=1)
    before = forms.IntegerField(required=False, min_value=1)

    def to(self) -> Move | Spot:
        data = self.cleaned_data
        if data["move"] != "place":
            return Move(data["move"])
        return Spot(data["under"], data["day"] or 1, data["before"])


class HoursForm(OfVersion):
    day_starts = _time("Each day starts at")
    day_ends = _time("Each day ends at")


class AgendaBackForm(OfVersion):
    reason = forms.CharField(
        max_length=1000,
        help_text="It stays on record.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write the reason. It stays on record."},
    )
