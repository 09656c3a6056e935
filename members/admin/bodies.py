"""Bodies with their members and co-chairs, and admissions, whose steps are deeds."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from audit.admin import ListAdmin, NothingChanges, ReadOnlyAdmin
from audit.admin.filters import FewRelated
from members.admin.dated import LockingAdmin, PeopledFormSet, PeopledInline
from members.models import Admission, AdmissionStage, AdmissionStep, Body, BodyChair, BodyMembership


class MembershipFormSet(PeopledFormSet):
    def sentence(self, form: forms.ModelForm, other: str) -> str:
        return f"{form.cleaned_data['participant']} already belongs to this body at that time, {other}."


class ChairFormSet(PeopledFormSet):
    def sentence(self, form: forms.ModelForm, other: str) -> str:
        who = form.cleaned_data["participant"]
        return f"{who} already co-chairs this body at that time; the co-chairs are of different participants."


class MembershipInline(PeopledInline):
    model = BodyMembership
    formset = MembershipFormSet


class ChairInline(PeopledInline):
    model = BodyChair
    formset = ChairFormSet


@admin.register(Body)
class BodyAdmin(LockingAdmin):
    list_display = ("name", "abbreviation", "kind", "parent", "takes_all_members", "is_current", "mark")
    list_filter = ("kind", "is_current", "takes_all_members", "mark")
    search_fields = ("name", "abbreviation", "slug")
    autocomplete_fields = ("parent",)
    list_select_related = ("parent",)
    inlines = (MembershipInline, ChairInline)
    fieldsets = (
        (None, {"fields": ("name", "abbreviation", "slug", "kind", "parent", "also_called", "position")}),
        ("Who belongs to it", {"fields": ("takes_all_members", "is_current")}),
        ("What it is", {"fields": ("set_up", "summary", "terms_of_reference")}),
        ("Where it is written", {"fields": ("mark", "source")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A body goes only when no row says any longer who belonged to it or chaired it."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (isinstance(obj, Body) and (obj.memberships.exists() or obj.chairs.exists()))


class OfBody(ReadOnlyAdmin):
    """To find and to export; edited on the body's page."""

    list_display = ("participant", "body", "from_on", "to_on", "mark", "source")
    list_filter = ("mark", ("body", FewRelated))
    search_fields = ("participant__short_name", "participant__code", "body__name", "body__abbreviation")
    list_select_related = ("participant", "body")
    date_hierarchy = "from_on"
    list_per_page = 100


@admin.register(BodyMembership)
class BodyMembershipAdmin(OfBody):
    pass


@admin.register(BodyChair)
class BodyChairAdmin(OfBody):
    pass


@admin.register(AdmissionStage)
class AdmissionStageAdmin(ListAdmin):
    list_display = ("position", "word", "sentence", "body", "slug")
    list_display_links = ("word",)
    list_filter = (("body", FewRelated),)
    list_select_related = ("body",)
    search_fields = ("word", "sentence", "slug")
    autocomplete_fields = ("body",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A stage that an admission has taken stays; the list says so instead of an error page."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (isinstance(obj, AdmissionStage) and obj.steps.exists())


class StepInline(NothingChanges, admin.TabularInline):
    model = AdmissionStep
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[AdmissionStep]:
        found = super().get_queryset(request)
        return found.select_related("stage", "recorded_by", "admission__participant", "admission__body")


@admin.register(Admission)
class AdmissionAdmin(ReadOnlyAdmin):
    list_display = ("participant", "aim", "state", "created_at", "reason")
    list_filter = ("state", "standing", ("body", FewRelated))
    list_select_related = ("participant", "body")
    search_fields = ("participant__short_name", "participant__code", "body__name", "body__abbreviation")
    date_hierarchy = "created_at"
    inlines = (StepInline,)

    @admin.display(description="to what")
    def aim(self, admission: Admission) -> str:
        return admission.aim


@admin.register(AdmissionStep)
class AdmissionStepAdmin(ReadOnlyAdmin):
    list_display = ("participant", "stage", "on", "source", "recorded_by", "recorded_at")
    list_filter = (("stage", FewRelated), "mark")
    list_select_related = ("stage", "recorded_by", "admission__participant", "admission__body")
    search_fields = ("admission__participant__short_name", "admission__participant__code", "source")
    date_hierarchy = "on"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(ordering="admission__participant__sort_key")
    def participant(self, step: AdmissionStep) -> str:
        return str(step.admission.participant)
