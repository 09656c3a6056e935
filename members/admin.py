"""The directory in Django admin: reference data can be edited, what has a state or is a record can only be read."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from members.models import (
    Alias,
    Appointment,
    Body,
    BodyChair,
    BodyMembership,
    Forum,
    OfficialAddress,
    Participant,
    Standing,
    User,
    dated,
)
from members.names import fold

LONG_AGO, FAR_OFF = dt.date.min, dt.date.max

# What a person may do follows from appointments; groups would only mislead.
admin.site.unregister(Group)
# The portal keeps one address a person, in the account itself; allauth's own list would be a second truth.
admin.site.unregister(EmailAddress)


class NothingChanges:
    """For an admin class or an inline: look, find, but neither add, change nor delete."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class DatedFormSet(forms.BaseInlineFormSet):
    """Rows with a first and a last day: none ends before it starts, no two of one participant overlap."""

    def clean(self) -> None:
        super().clean()
        seen: list[tuple[Any, dt.date, dt.date]] = []
        for form in self.forms:
            data = getattr(form, "cleaned_data", None)
            if not data or data.get("DELETE") or form.errors:
                continue
            who = data.get("participant")
            first, last = data.get("from_on") or LONG_AGO, data.get("to_on") or FAR_OFF
            if last < first:
                raise ValidationError("One row ends before it starts.")
            if any(other == who and first <= end and start <= last for other, start, end in seen):
                raise ValidationError("Two rows of the same participant overlap. End the first before the second.")
            seen.append((who, first, last))


class AliasForm(forms.ModelForm):
    class Meta:
        model = Alias
        fields = ("name",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        folded = fold(cleaned.get("name", ""))
        taken = Alias.objects.filter(folded=folded).exclude(pk=self.instance.pk).select_related("participant").first()
        if taken:
            self.add_error("name", f"This spelling belongs to {taken.participant} already.")
        self.instance.folded = folded
        return cleaned


class AliasInline(admin.TabularInline):
    model = Alias
    form = AliasForm
    extra = 0


class StandingInline(admin.TabularInline):
    model = Standing
    formset = DatedFormSet
    extra = 0


class AddressInline(admin.TabularInline):
    model = OfficialAddress
    extra = 0


class StandingNow(admin.SimpleListFilter):
    title = "standing today"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*Standing.KINDS, ("none", "None")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Participant]) -> QuerySet[Participant]:
        current = Standing.objects.filter(dated(timezone.localdate()))
        if self.value() == "none":
            return queryset.exclude(pk__in=current.values("participant_id"))
        if self.value():
            return queryset.filter(pk__in=current.filter(standing=self.value()).values("participant_id"))
        return queryset


@admin.register(Forum)
class ForumAdmin(admin.ModelAdmin):
    list_display = ("short_name", "secretariat", "time_zone", "number_series")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Forum.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Forum | None = None) -> bool:
        return False


@admin.register(Participant)
class ParticipantAdmin(admin.ModelAdmin):
    list_display = ("short_name", "code", "kind", "standing_now", "city", "time_zone", "mark")
    list_filter = ("kind", StandingNow, "mark")
    search_fields = ("short_name", "formal_name", "code", "aliases__name", "aliases__folded")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("short_name",)}
    inlines = (StandingInline, AliasInline, AddressInline)
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participant]:
        return super().get_queryset(request).prefetch_related("standings")

    @admin.display(description="standing today")
    def standing_now(self, participant: Participant) -> str:
        today = timezone.localdate()
        return ", ".join(
            one.get_standing_display()
            for one in participant.standings.all()
            if (one.from_on or LONG_AGO) <= today <= (one.to_on or FAR_OFF)
        )


@admin.register(Standing)
class StandingAdmin(NothingChanges, admin.ModelAdmin):
    """To find; edited on the participant's page, where all rows of one participant are seen together."""

    list_display = ("participant", "standing", "from_on", "to_on", "mark", "source")
    list_filter = ("standing", "mark", "participant__kind")
    search_fields = ("participant__short_name", "participant__code", "participant__aliases__name")
    list_select_related = ("participant",)
    list_per_page = 100


class MembershipInline(admin.TabularInline):
    model = BodyMembership
    formset = DatedFormSet
    autocomplete_fields = ("participant",)
    extra = 0


class ChairInline(admin.TabularInline):
    model = BodyChair
    formset = DatedFormSet
    autocomplete_fields = ("participant",)
    extra = 0


@admin.register(Body)
class BodyAdmin(admin.ModelAdmin):
    list_display = ("name", "abbreviation", "kind", "parent", "takes_all_members", "is_current", "mark")
    list_filter = ("kind", "is_current", "takes_all_members", "mark")
    search_fields = ("name", "abbreviation", "slug")
    list_select_related = ("parent",)
    inlines = (MembershipInline, ChairInline)


class EmailMixin:
    """One account per address, whatever its capitals."""

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()  # type: ignore[attr-defined]
        same = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)  # type: ignore[attr-defined]
        if same.exists():
            raise ValidationError("There is an account with this address already.")
        return email


class UserAddForm(EmailMixin, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class UserEditForm(EmailMixin, UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "password", "name", "time_zone", "theme", "is_active", "is_staff", "is_superuser")


class AppointmentInline(NothingChanges, admin.TabularInline):
    model = Appointment
    fields = ("role", "participant", "body", "starts_at", "ends_at", "letter")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return super().get_queryset(request).select_related("participant", "body")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserEditForm
    add_form = UserAddForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "is_sample", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "is_sample", "appointments__role")
    search_fields = ("email", "name", "appointments__participant__short_name")
    filter_horizontal = ()
    readonly_fields = ("last_login", "created_at", "is_sample")
    inlines = (AppointmentInline,)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("name", "time_zone", "theme")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Record", {"fields": ("last_login", "created_at", "is_sample")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> tuple[type[AppointmentInline], ...]:
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Deeds outlive accounts: an account is made inactive, never deleted."""
        return False


@admin.register(Appointment)
class AppointmentAdmin(NothingChanges, admin.ModelAdmin):
    list_display = ("user", "role", "participant", "body", "starts_at", "ends_at")
    list_filter = ("role", "body")
    search_fields = ("user__email", "user__name", "participant__short_name", "participant__code")
    list_select_related = ("user", "participant", "body")
