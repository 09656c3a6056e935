"""Narrowing the list of invitations."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from members.enums import ROLE_NAMES
from members.invitations import FATES
from members.models import Invitation


class InvitationFilter(django_filters.FilterSet):
    """By what it has come to, by post, by address, name or participant."""

    fate = django_filters.ChoiceFilter(
        label="State",
        choices=list(FATES.items()),
        empty_label="All states",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    role = django_filters.ChoiceFilter(
        label="Post",
        choices=[(role.value, name) for role, name in ROLE_NAMES.items()],
        empty_label="All posts",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    words = django_filters.CharFilter(
        method="by_words",
        label="Address, name or participant",
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    class Meta:
        model = Invitation
        fields = ["role"]

    def by_words(self, rows: QuerySet[Invitation], name: str, words: str) -> QuerySet[Invitation]:
        found = Q(email__icontains=words) | Q(name__icontains=words)
        return rows.filter(found | Q(participant__short_name__icontains=words) | Q(participant__code__iexact=words))
