"""Narrowing the list of notices."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from notifications.enums import KIND_NAMES, NoticeState
from notifications.models import Notice

SHOWN_STATES = [
    (NoticeState.QUEUED, "Queued"),
    (NoticeState.IN_FLIGHT, "Sending"),
    (NoticeState.ACCEPTED, "Sent"),
    (NoticeState.FAILED, "Returned: refused"),
    (NoticeState.BOUNCED, "Returned: came back later"),
    (NoticeState.WITHHELD, "Withheld"),
]


class NoticeFilter(django_filters.FilterSet):
    """By state, kind and words of the subject or of what it is about."""

    state = django_filters.ChoiceFilter(
        choices=[(state.value, word) for state, word in SHOWN_STATES],
        empty_label="All states",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    kind = django_filters.ChoiceFilter(
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        empty_label="All kinds",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    subject = django_filters.CharFilter(
        method="by_subject", label="Subject", widget=forms.TextInput(attrs={"class": "form-control"})
    )

    class Meta:
        model = Notice
        fields = ["state", "kind", "subject"]

    def by_subject(self, notices: QuerySet[Notice], name: str, words: str) -> QuerySet[Notice]:
        """In the subject line, or the reference of the thing itself, as the board's link has it."""
        return notices.filter(Q(subject__icontains=words) | Q(subject_ref=words))
