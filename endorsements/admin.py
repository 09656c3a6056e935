"""Admin: procedures are the forum's data; everything with a state, and the register, is read-only."""

from django.contrib import admin

from endorsements.models import Circulation, Eligible, Position, Procedure, RegisterEntry
from members.admin import NothingChanges


@admin.register(Procedure)
class ProcedureAdmin(admin.ModelAdmin):
    list_display = ["name", "body", "mode", "min_working_days", "objections_that_stop", "is_sample"]
    list_filter = ["mode", "is_sample"]
    search_fields = ["name", "slug"]


@admin.register(Circulation)
class CirculationAdmin(NothingChanges, admin.ModelAdmin):
    list_display = ["ref", "version", "body", "state", "opened_at", "expires_at", "ended_at"]
    list_filter = ["state", "body", "is_sample"]
    list_select_related = ["version__document", "body"]
    search_fields = ["ref", "version__document__title"]
    date_hierarchy = "expires_at"


@admin.register(Eligible)
class EligibleAdmin(NothingChanges, admin.ModelAdmin):
    list_display = ["circulation", "participant", "counts", "reached"]
    list_filter = ["counts", "reached"]
    list_select_related = ["circulation", "participant"]
    search_fields = ["circulation__ref", "participant__short_name"]


@admin.register(Position)
class PositionAdmin(NothingChanges, admin.ModelAdmin):
    list_display = ["circulation", "on_behalf_of", "kind", "actor", "recorded_at"]
    list_filter = ["kind"]
    list_select_related = ["circulation", "on_behalf_of", "actor"]
    search_fields = ["circulation__ref", "on_behalf_of__short_name"]
    date_hierarchy = "recorded_at"


@admin.register(RegisterEntry)
class RegisterEntryAdmin(NothingChanges, admin.ModelAdmin):
    list_display = ["seq", "at", "act", "circulation", "participant_code", "head"]
    list_filter = ["act"]
    list_select_related = ["circulation"]
    search_fields = ["circulation__ref", "participant_code", "head"]
