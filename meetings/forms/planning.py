"""The form of a meeting's terms: to make one, to change one that is ahead."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from meetings.enums import Format
from meetings.forms.fields import day_field
from meetings.models import Meeting, Series
from meetings.planning_rules import Days
from meetings.services.planning import MeetingPlan
from members.forms.directory import DeedForm
from members.forms.people import zones
from members.models import Participant

FORMAT_NAMES = {
    Format.IN_PERSON.value: "In person",
    Format.VIRTUAL.value: "Virtual",
    Format.HYBRID.value: "Hybrid: in person and remote",
}
TEXTS = ("title", "symbol", "ordinal", "place", "country", "time_zone", "format", "purpose")


PEOPLE_FIELDS = ("host", "first_chair", "second_chair")


def _participant(label: str, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        empty_value=None,
        help_text=help_text,
        error_messages={"invalid_choice": "Choose one of the list."},
    )


class MeetingForm(DeedForm):
    """Title, days, place, co-chairs, purpose. Which days are possible is for the rules."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="In full, as “Twentieth Meeting of Senior Officials”.",
        error_messages={"required": "Write the title."},
    )
    ordinal = forms.CharField(
        label="Ordinal", required=False, max_length=20, help_text="A label, as 20. Series may repeat one."
    )
    symbol = forms.CharField(label="Symbol", required=False, max_length=40, help_text="As GM/20.")
    first_day = day_field("First day", required=False)
    last_day = day_field("Last day", required=False)
    single_days = forms.CharField(
        label="Single days",
        required=False,
        max_length=200,
        help_text="Only where the days do not follow each other, as 2027-07-02, 2027-07-05.",
    )
    words = forms.CharField(
        label="Roughly when",
        required=False,
        max_length=120,
        help_text="In words, as mid-2027; shown until the days are set.",
    )
    earliest = day_field("Earliest day", required=False)
    latest = day_field("Latest day", required=False)
    format = forms.ChoiceField(
        label="Format",
        choices=list(FORMAT_NAMES.items()),
        error_messages={"required": "Choose the format.", "invalid_choice": "Choose one of the list."},
    )
    place = forms.CharField(label="Place", required=False, max_length=100, help_text="The town. Empty: to be decided.")
    host = _participant("Host country")
    country = forms.CharField(
        label="Country as printed",
        required=False,
        max_length=100,
        help_text="Empty: the short name of the host.",
    )
    time_zone = forms.ChoiceField(
        label="Time zone of the meeting",
        required=False,
        help_text="Empty: that of the host, else of the secretariat.",
        error_messages={"invalid_choice": "“%(value)s” is not a time zone. Choose one of the list."},
    )
    first_chair = _participant("Co-chair", "Both empty: the co-chairs of the body.")
    second_chair = _participant("Second co-chair")
    beside = forms.ModelMultipleChoiceField(
        Meeting.objects.none(),
        label="Back to back with",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these is not ahead any more. Look at the list again."},
    )
    purpose = forms.CharField(
        label="Purpose",
        required=False,
        max_length=4000,
        help_text="A blank line begins a new paragraph. Shown with the record of the meeting.",
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(
        self,
        *args: Any,
        participants: Sequence[Participant],
        beside: QuerySet[Meeting],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.participants = {one.pk: one for one in participants}
        self.fields["beside"].queryset = beside  # type: ignore[attr-defined]
        for name in PEOPLE_FIELDS:
            field: Any = self.fields[name]
            offered = [one for one in participants if one.is_state or name != "host"]
            field.choices = [("", "None"), *((one.pk, one.short_name) for one in offered)]
            field.coerce = lambda pk: self.participants[int(pk)]
        own = self.initial.get("time_zone", "")
        named = [("", "That of the host"), *zones()[1:]]
        if own not in dict(named):
            named.append((own, own))
        self.fields["time_zone"].choices = named  # type: ignore[attr-defined]

    def clean_single_days(self) -> tuple[dt.date, ...]:
        """ "2027-07-02, 2027-07-05" → two days."""
        words = self.cleaned_data["single_days"].replace(",", " ").replace(";", " ").split()
        try:
            return tuple(dt.date.fromisoformat(word) for word in words)
        except ValueError:
            raise ValidationError("Write each day as 2027-07-02, with a comma between two.") from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("second_chair") and data.get("second_chair") == data.get("first_chair"):
            self.add_error("second_chair", "This is the same as the first. Choose another, or none.")
        return data

    def days(self) -> Days:
        """The days as typed; only for a valid form."""
        data = self.cleaned_data
        return Days(
            data["first_day"], data["last_day"], data["single_days"], data["words"], data["earliest"], data["latest"]
        )

    def plan(self) -> MeetingPlan:
        """The plan; only for a valid form."""
        data = self.cleaned_data
        chairs = tuple(one for one in (data["first_chair"], data["second_chair"]) if one)
        texts = {name: data[name] for name in TEXTS if name not in ("format", "purpose")}
        return MeetingPlan(
            **texts,
            days=self.days(),
            format=Format(data["format"]),
            purpose=data["purpose"].replace("\r\n", "\n").strip(),
            host=data["host"],
            co_chairs=chairs,
            beside=tuple(data.get("beside", ())),
        )

    def differences(self, saved: dict[str, Any]) -> list[tuple[str, str]]:
        """Label and saved value of each field where what was typed differs from what stands (`initial_of`)."""
        found = []
        for name, field in self.fields.items():
            if name in ("key", "version"):
                continue
            typed, stands = self.cleaned_data.get(name), saved.get(name)
            if name == "single_days":
                stands = tuple(dt.date.fromisoformat(one) for one in stands.split(", ")) if stands else ()
            if name in PEOPLE_FIELDS:
                stands = self.participants.get(stands or 0)
            if name == "beside":
                typed = list(typed or ())
            if (typed or None) != (stands or None):
                found.append((str(field.label or name.replace("_", " ").capitalize()), _in_words(stands)))
        return found

    @staticmethod
    def initial_of(meeting: Meeting) -> dict[str, Any]:
        chairs = [*meeting.co_chairs.all()][:2]
        is_vague = meeting.starts_on is None
        return {
            **{name: getattr(meeting, name) for name in TEXTS},
            "version": meeting.version,
            "first_day": meeting.starts_on,
            "last_day": meeting.ends_on,
            "single_days": ", ".join(one.isoformat() for one in meeting.sits_on),
            "words": meeting.planned_text,
            "earliest": meeting.earliest_on if is_vague else None,
            "latest": meeting.latest_on if is_vague else None,
            "host": meeting.host_id,
            "first_chair": chairs[0].pk if chairs else None,
            "second_chair": chairs[1].pk if len(chairs) > 1 else None,
            "beside": list(meeting.beside.all()),
        }


class MeetingPlanForm(MeetingForm):
    """The same for a new meeting, in the series that is chosen."""

    series = forms.ModelChoiceField(
        Series.objects.none(),
        label="Series",
        empty_label="Choose a series",
        error_messages={"required": "Choose the series.", "invalid_choice": "Choose a series of the list."},
    )
    field_order = ["key", "series"]

    def __init__(self, *args: Any, series: QuerySet[Series], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = series  # type: ignore[attr-defined]


def _in_words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "none"
    return FORMAT_NAMES.get(value, str(value)) if value else "empty"
