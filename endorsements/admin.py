"""Admin: procedures are the forum's data; everything with a state, and the register, is read-only.

What a participant wrote in a reply is read by the secretariat and the co-chairs on the portal's own pages, not here.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.admin import ListAdmin, NothingChanges, ReadOnlyAdmin
from audit.admin.filters import FewRelated
from endorsements.models import (
    ChairRemark,
    Circulation,
    ClockRequest,
    Contest,
    Corrigendum,
    Eligible,
    Extension,
    Position,
    Procedure,
    PublishedHead,
    RegisterActor,
    RegisterEntry,
)


@admin.register(Procedure)
class ProcedureAdmin(ListAdmin):
    list_display = ("name", "body", "mode", "min_working_days", "objections_that_stop", "is_sample")
    list_filter = ("mode", "is_sample", ("body", FewRelated))
    list_select_related = ("body",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("body",)


class EligibleInline(NothingChanges, admin.TabularInline):
    model = Eligible
    fields = ("participant", "counts", "reached")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Eligible]:
        return super().get_queryset(request).select_related("participant", "circulation")


@admin.register(Circulation)
class CirculationAdmin(ReadOnlyAdmin):
    list_display = ("ref", "version", "body", "state", "opened_at", "expires_at", "ended_at")
    list_filter = ("state", ("body", FewRelated), ("procedure", FewRelated), "is_sample")
    list_select_related = (
        "version__document",
        "body",
        "procedure",
        "drafted_by",
        "approved_by",
        "approved_for",
        "outcome__verb",
    )
    search_fields = ("ref", "version__document__title", "version__document__symbol")
    date_hierarchy = "expires_at"
    inlines = (EligibleInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)


@admin.register(Eligible)
class EligibleAdmin(ReadOnlyAdmin):
    list_display = ("circulation", "participant", "counts", "reached")
    list_filter = ("counts", "reached")
    list_select_related = ("circulation", "participant")
    search_fields = ("circulation__ref", "participant__short_name", "participant__code")
    ordering = ("-circulation", "participant__sort_key")


@admin.register(Position)
class PositionAdmin(ReadOnlyAdmin):
    list_display = ("circulation", "on_behalf_of", "kind", "means", "timing", "actor", "recorded_at")
    list_filter = ("kind", "means", "timing")
    list_select_related = ("circulation", "on_behalf_of", "actor", "appointment__participant", "register_entry")
    search_fields = ("circulation__ref", "on_behalf_of__short_name", "on_behalf_of__code")
    date_hierarchy = "recorded_at"
    exclude = ("text", "evidence")


@admin.register(Contest)
class ContestAdmin(ReadOnlyAdmin):
    list_display = ("position", "actor", "recorded_at")
    list_select_related = (
        "position__on_behalf_of",
        "position__circulation",
        "actor",
        "appointment__participant",
        "register_entry",
    )
    search_fields = ("position__circulation__ref", "position__on_behalf_of__short_name")
    date_hierarchy = "recorded_at"
    exclude = ("reason",)


@admin.register(ChairRemark)
class ChairRemarkAdmin(ReadOnlyAdmin):
    list_display = ("position", "remark", "actor", "recorded_at")
    list_filter = ("remark",)
    list_select_related = (
        "position__on_behalf_of",
        "position__circulation",
        "actor",
        "appointment__participant",
        "register_entry",
    )
    search_fields = ("position__circulation__ref", "position__on_behalf_of__short_name")
    date_hierarchy = "recorded_at"


@admin.register(RegisterEntry)
class RegisterEntryAdmin(ReadOnlyAdmin):
    list_display = ("seq", "at", "act", "circulation", "participant_code", "head")
    list_filter = ("act",)
    list_select_related = ("circulation",)
    search_fields = ("circulation__ref", "participant_code", "head")
    date_hierarchy = "at"


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = ("circulation", "from_at", "to_at", "actor", "recorded_at")
    list_select_related = ("circulation", "actor", "register_entry")
    search_fields = ("circulation__ref", "reason")
    date_hierarchy = "recorded_at"


@admin.register(Corrigendum)
class CorrigendumAdmin(ReadOnlyAdmin):
    list_display = ("circulation", "paragraph", "actor", "recorded_at")
    list_select_related = ("circulation", "actor", "register_entry")
    search_fields = ("circulation__ref", "reason")
    date_hierarchy = "recorded_at"


@admin.register(ClockRequest)
class ClockRequestAdmin(ReadOnlyAdmin):
    list_display = ("circulation", "on_behalf_of", "actor", "recorded_at")
    list_select_related = ("circulation", "on_behalf_of", "actor", "register_entry")
    search_fields = ("circulation__ref", "on_behalf_of__code")
    date_hierarchy = "recorded_at"
    exclude = ("reason",)


@admin.register(PublishedHead)
class PublishedHeadAdmin(ReadOnlyAdmin):
    list_display = ("day", "head", "published_at")
    search_fields = ("head",)
    date_hierarchy = "day"


@admin.register(RegisterActor)
class RegisterActorAdmin(ReadOnlyAdmin):
    """Who stands behind an entry. The salt stays in the table: with it anyone could try names."""

    list_display = ("entry", "user")
    list_select_related = ("entry", "user")
    search_fields = ("user__email", "user__name", "entry__circulation__ref")
    ordering = ("-entry",)
    exclude = ("salt",)
