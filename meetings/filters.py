"""Filter of the list of meetings: series, body, year. What is not in the lists is left out and named in a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict

from meetings.models import Meeting

Choices = Sequence[tuple[str, str]]


class MeetingFilter(django_filters.FilterSet):
    """The choices are given, so that building the form asks the database nothing."""

    series = django_filters.ChoiceFilter(field_name="series__slug", empty_label="All series")
    body = django_filters.ChoiceFilter(field_name="series__body__slug", empty_label="All bodies")
    year = django_filters.ChoiceFilter(field_name="year", empty_label="All years")

    class Meta:
        model = Meeting
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Meeting], choices: Mapping[str, Choices]) -> None:
        super().__init__(data, queryset=queryset)
        for name, values in choices.items():
            self.filters[name].extra["choices"] = values

    def clean(self) -> dict[str, str]:
        """The values that are in the lists."""
        self.form.is_valid()
        return dict(self.form.cleaned_data)

    def ignored(self) -> list[str]:
        """One sentence for each value that was left out."""
        words = {"series": "series", "body": "body", "year": "year with a meeting"}
        return [
            f"“{self.data.get(name, '')[:40]}” is not a {words[name]} on record, so all are shown."
            for name in self.form.errors
        ]

    def selects(self) -> list[dict[str, Any]]:
        """The three fields as plain values: rendering a select of Django's takes longer than the whole list."""
        chosen = {name: "" if name in self.form.errors else self.data.get(name, "") for name in self.filters}
        return [
            {
                "name": name,
                "id": f"id_{name}",
                "label": name.capitalize(),
                "options": [
                    {"value": value, "label": label, "is_chosen": value == chosen[name]}
                    for value, label in [("", field.extra["empty_label"]), *field.extra["choices"]]
                ],
            }
            for name, field in self.filters.items()
        ]
