"""Verbs are reference data; outcomes are a record and can only be read here."""

from django.contrib import admin

from decisions.models import Outcome, Verb
from members.admin import NothingChanges


@admin.register(Verb)
class VerbAdmin(admin.ModelAdmin):
    list_display = ("word", "heading", "weight", "position")
    list_filter = ("weight",)
    search_fields = ("word", "heading")


@admin.register(Outcome)
class OutcomeAdmin(NothingChanges, admin.ModelAdmin):
    list_display = ("ref", "actor", "verb", "text", "source_title", "source_on", "is_public", "needs_review")
    list_filter = ("verb__weight", "is_background", "is_public", "is_sample", "source_kind", "verb")
    search_fields = ("ref", "text", "actor", "number", "source_title")
    list_select_related = ("verb",)
