"""Filter of the list of participants. What cannot be used is left out, and a sentence says so."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import QueryDict

from meetings.days import day_in_words
from members import lists
from members.enums import Kind, StandingKind
from members.models import Body, Participant

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
WITHOUT = "none"
STANDINGS = [
    (StandingKind.MEMBER.value, "Members"),
    (StandingKind.OBSERVER.value, "Observers"),
    (WITHOUT, "No standing"),
]
KINDS = [(Kind.STATE.value, "States"), (Kind.ORGANISATION.value, "Organisations")]
LONGEST_TEXT = 100


class ParticipantFilter(django_filters.FilterSet):
    """The bodies are given, so that building the form asks the database nothing."""

    standing = django_filters.ChoiceFilter(method="of_standing", choices=STANDINGS, empty_label="Any standing")
    kind = django_filters.ChoiceFilter(field_name="kind", choices=KINDS, empty_label="Any kind")
    body = django_filters.ChoiceFilter(method="of_body", empty_label="All bodies")
    q = django_filters.CharFilter(method="of_name", max_length=LONGEST_TEXT)
    on = django_filters.DateFilter(
        method="as_it_is",
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )

    class Meta:
        model = Participant
        fields: list[str] = []

    def __init__(self, data: QueryDict, today: dt.date, bodies: Iterable[Body], among: QuerySet[Participant]) -> None:
        super().__init__(data, queryset=among)
        self.today = today
        self.bodies = {one.slug: one for one in bodies}
        self.filters["body"].extra["choices"] = [(one.slug, _with_abbreviation(one)) for one in self.bodies.values()]
        self.form.is_valid()

    @property
    def day(self) -> dt.date:
        """The day that was asked for, else today."""
        day: dt.date | None = self.form.cleaned_data.get("on")
        return day or self.today

    @property
    def is_used(self) -> bool:
        return any(self.form.cleaned_data.get(name) for name in ("standing", "kind", "body", "q"))

    def filter_queryset(self, queryset: QuerySet[Participant]) -> QuerySet[Participant]:
        """Participants of the day; those without standing only when they, a body or a name were asked for."""
        found = lists.on_day(self.day, queryset)
        if not any(self.form.cleaned_data.get(name) for name in ("standing", "body", "q")):
            found = lists.with_any_standing(found)
        return super().filter_queryset(found)

    def of_standing(self, found: QuerySet[Participant], name: str, value: str) -> QuerySet[Participant]:
        return lists.with_standing(found, None if value == WITHOUT else value)

    def of_body(self, found: QuerySet[Participant], name: str, value: str) -> QuerySet[Participant]:
        return lists.in_body(found, self.bodies[value], self.day)

    def of_name(self, found: QuerySet[Participant], name: str, value: str) -> QuerySet[Participant]:
        return lists.named(found, value)

    def as_it_is(self, found: QuerySet[Participant], name: str, value: dt.date) -> QuerySet[Participant]:
        """The day is in the query from the start."""
        return found

    def warnings(self) -> list[str]:
        """One sentence for each value that was left out."""
        errors = self.form.errors.as_data()
        words = {"standing": "standing", "kind": "kind of participant", "body": "body on record"}
        said = [
            f"“{self.data.get(name, '')[:40]}” is not a {word}, so all are shown."
            for name, word in words.items()
            if name in errors
        ]
        if "q" in errors:
            said.append(f"A name to look for has at most {LONGEST_TEXT} characters, so all are shown.")
        return said

    def fault_of_day(self) -> str:
        """What is wrong with the day that was typed; empty when nothing is."""
        faults = self.form.errors.as_data().get("on")
        if not faults:
            return ""
        shown = f"The list is of today, {day_in_words(self.today)}."
        if faults[0].code in ("min_value", "max_value"):
            return f"Choose a day from {FIRST_DAY.year} to {LAST_DAY.year}. {shown}"
        typed = self.data.get("on", "")[:40]
        return f"“{typed}” is not a day of the calendar. Write it as {self.today.isoformat()}. {shown}"

    def typed(self, name: str) -> str:
        """What stands in a field: what was typed, also when it cannot be used."""
        return str(self.data.get(name, ""))[:LONGEST_TEXT]

    def selects(self) -> list[dict[str, Any]]:
        """The lists to choose from as plain values: rendering a select of Django's takes longer than the page."""
        errors = self.form.errors
        return [
            {
                "name": name,
                "label": name.capitalize(),
                "css": f"{'col-12' if name == 'body' else 'col-6'} col-md-6 col-lg-4",
                "options": [
                    {"value": value, "label": label, "is_chosen": name not in errors and value == self.typed(name)}
                    for value, label in [
                        ("", self.filters[name].extra["empty_label"]),
                        *self.filters[name].extra["choices"],
                    ]
                ],
            }
            for name in ("standing", "kind", "body")
        ]


def _with_abbreviation(body: Body) -> str:
    return f"{body.name} ({body.abbreviation})" if body.abbreviation else body.name
