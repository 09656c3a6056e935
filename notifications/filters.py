"""Narrowing the list of notices."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from notifications.enums import KIND_NAMES, WAITING, NoticeState
from notifications.models import Notice

SHOWN_STATES = [
    (NoticeState.QUEUED, "Queued"),
    (NoticeState.IN_FLIGHT, "Sending"),
    (NoticeState.ACCEPTED, "Sent"),
    (NoticeState.DELIVERED, "Delivered"),
    (NoticeState.FAILED, "Returned: refused"),
    (NoticeState.BOUNCED, "Returned: came back later"),
    (NoticeState.WITHHELD, "Withheld"),
]
DAYS = [("1", "Last 24 hours"), ("7", "Last 7 days"), ("30", "Last 30 days")]


def _text(**attributes: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", **attributes})


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


class NoticeFilter(django_filters.FilterSet):
    """By state, kind, time, words of the subject or of what it is about, domain of the address, participant."""

    state = django_filters.ChoiceFilter(
        choices=[(state.value, word) for state, word in SHOWN_STATES], empty_label="All states", widget=_select()
    )
    kind = django_filters.ChoiceFilter(
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()], empty_label="All kinds", widget=_select()
    )
    days = django_filters.ChoiceFilter(
        choices=DAYS, method="of_days", label="Queued", empty_label="At any time", widget=_select()
    )
    subject = django_filters.CharFilter(
        method="by_subject", label="Subject or address", widget=_text(spellcheck="false", autocomplete="off")
    )
    domain = django_filters.CharFilter(
        method="by_domain", label="Domain", widget=_text(spellcheck="false", autocomplete="off")
    )
    participant = django_filters.CharFilter(
        field_name="participant_code", lookup_expr="iexact", label="Participant’s code", widget=_text(maxlength="20")
    )

    class Meta:
        model = Notice
        fields = ["state", "kind", "days", "subject", "domain", "participant"]

    is_indexed = False
    """An index finds what fits; set by the filters that lean on one."""

    def filter_queryset(self, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        if self.form.cleaned_data.get("state") in {state.value for state in WAITING}:
            self.is_indexed = True
        found: QuerySet[Notice] = super().filter_queryset(queryset)
        return found

    def by_subject(self, notices: QuerySet[Notice], name: str, words: str) -> QuerySet[Notice]:
        """A whole address; or the reference of a circulation, as the board's link has it; or words of the subject."""
        words = words.strip()
        if "@" in words:
            self.is_indexed = True
            return notices.filter(address=words.lower())
        about = {"subject_kind": "circulation", "subject_ref": words}
        if Notice.objects.filter(**about).exists():
            self.is_indexed = True
            return notices.filter(**about)
        return notices.filter(Q(subject__icontains=words) | Q(subject_ref=words))

    def by_domain(self, notices: QuerySet[Notice], name: str, words: str) -> QuerySet[Notice]:
        return notices.filter(domain=words.strip().lstrip("@").lower())

    def of_days(self, notices: QuerySet[Notice], name: str, days: str) -> QuerySet[Notice]:
        return notices.filter(queued_at__gte=Now() - dt.timedelta(days=int(days)))
