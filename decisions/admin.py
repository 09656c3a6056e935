"""Verbs are reference data; outcomes are a record and can only be read here."""

from django.contrib import admin

from audit.admin import ListAdmin, ReadOnlyAdmin
from audit.admin.filters import FewRelated
from decisions.models import Outcome, Verb


@admin.register(Verb)
class VerbAdmin(ListAdmin):
    list_display = ("word", "heading", "weight", "position")
    list_filter = ("weight",)
    search_fields = ("word", "heading")


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = ("ref", "actor", "verb", "text", "source_title", "source_on", "is_public", "needs_review")
    list_filter = (
        "verb__weight",
        "is_background",
        "is_public",
        "is_sample",
        "source_kind",
        ("verb", FewRelated),
        ("body", FewRelated),
    )
    search_fields = ("ref", "text", "actor", "number", "source_title")
    list_select_related = ("verb", "body", "document", "parent__verb")
    date_hierarchy = "source_on"
