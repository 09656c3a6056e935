"""The forum and its participants. A rename and a merger are deeds, so their rows are only shown."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from audit.admin import ListAdmin, NothingChanges, ReadOnlyAdmin
from audit.admin.rows import RowsFormSet, RowsInline
from members.admin.dated import DatedForm, DatedFormSet, LockingAdmin, period
from members.models import (
    Alias,
    FormerName,
    Forum,
    Merger,
    OfficialAddress,
    Participant,
    Standing,
    dated,
    validate_zone,
)
from members.names import fold


class ParticipantForm(forms.ModelForm):
    class Meta:
        model = Participant
        fields = tuple(field.name for field in Participant._meta.fields if field.editable and not field.auto_created)
        error_messages = {
            "slug": {"unique": "Another participant has this address of its page already."},
            "short_name": {"unique": "Another participant has this short name already."},
        }

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        taken = Participant.objects.filter(code__iexact=code).exclude(pk=self.instance.pk).first()
        if taken:
            raise forms.ValidationError(f"{taken} has the code {taken.code} already.")
        return code

    def clean_short_name(self) -> str:
        name = str(self.cleaned_data["short_name"]).strip()
        others = Alias.objects.exclude(participant=self.instance.pk) if self.instance.pk else Alias.objects.all()
        taken = others.filter(folded=fold(name)).select_related("participant").first()
        if taken:
            raise forms.ValidationError(f"This is another spelling of {taken.participant}.")
        return name

    def clean_other_time_zones(self) -> list[str]:
        # Here and not left to the model: of its sentence Django would show the number of the item alone.
        zones: list[str] = self.cleaned_data["other_time_zones"]
        for zone in zones:
            validate_zone(zone)
        return zones


class AliasForm(forms.ModelForm):
    class Meta:
        model = Alias
        fields = ("name",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        folded = fold(cleaned.get("name", ""))
        others = Alias.objects.filter(folded=folded).exclude(participant=self.instance.participant_id)
        taken = others.select_related("participant").first()
        if taken:
            self.add_error("name", f"This spelling belongs to {taken.participant} already.")
        self.instance.folded = folded
        return cleaned


class AliasFormSet(RowsFormSet):
    """No spelling twice; upper and lower case, accents and signs do not make another one."""

    def clean(self) -> None:
        super().clean()
        on_page = [form.instance.pk for form in self.initial_forms if form.instance.pk]
        seen = set()
        if self.instance.pk:
            unseen = Alias.objects.filter(participant=self.instance.pk).exclude(pk__in=on_page)
            seen = set(unseen.values_list("folded", flat=True))
        for form in self.forms:
            data = getattr(form, "cleaned_data", None)
            if not data or form.errors or not data.get("name"):
                continue
            # A spelling that is deleted in the same step is not free before that is saved.
            folded = fold(form.initial.get("name", "") if data.get("DELETE") else data["name"])
            if folded in seen:
                form.add_error("name", "This spelling is on the page already.")
            seen.add(folded)


class AliasInline(RowsInline):
    model = Alias
    form = AliasForm
    formset = AliasFormSet


class StandingInline(RowsInline):
    model = Standing
    form = DatedForm
    formset = DatedFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Standing]:
        return super().get_queryset(request).select_related("participant")


class AddressInline(RowsInline):
    model = OfficialAddress
    readonly_fields = ("is_sample",)


class FormerNameInline(NothingChanges, admin.TabularInline):
    model = FormerName
    extra = 0


class MergerInline(NothingChanges, admin.TabularInline):
    model = Merger
    fk_name = "participant"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Merger]:
        return super().get_queryset(request).select_related("participant", "into")


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
class ForumAdmin(ListAdmin):
    list_display = ("short_name", "secretariat", "time_zone", "number_series")
    search_fields = ("name", "short_name", "secretariat")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Forum.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Participant)
class ParticipantAdmin(LockingAdmin):
    form = ParticipantForm
    list_display = ("short_name", "code", "kind", "standing_now", "city", "time_zone", "mark")
    list_filter = ("kind", StandingNow, "mark")
    search_fields = ("short_name", "formal_name", "code", "aliases__name", "aliases__folded")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("short_name",)}
    inlines = (StandingInline, AliasInline, AddressInline, FormerNameInline, MergerInline)
    list_per_page = 100
    fieldsets = (
        (None, {"fields": ("short_name", "formal_name", "formal_mark", "sort_key", "code", "slug", "kind")}),
        ("Place and time", {"fields": ("city", "time_zone", "other_time_zones", "latitude", "longitude")}),
        ("Correspondence", {"fields": ("languages",)}),
        ("Where it is written", {"fields": ("mark", "source", "is_public")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participant]:
        """With the standings that the list prints; the page of one reads its own."""
        found = super().get_queryset(request)
        match = request.resolver_match
        is_one = match is not None and "object_id" in match.kwargs
        return found if is_one else found.prefetch_related("standings")

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        """Former names and a merger only where there are any: they cannot be added here."""
        shown: tuple[Any, ...] = (StandingInline, AliasInline, AddressInline)
        if isinstance(obj, Participant):
            shown += (FormerNameInline,) if obj.former_names.exists() else ()
            shown += (MergerInline,) if Merger.objects.filter(participant=obj).exists() else ()
        return shown

    @admin.display(description="standing today")
    def standing_now(self, participant: Participant) -> str:
        today = timezone.localdate()
        now = []
        for one in participant.standings.all():
            first, last = period(one.from_on, one.to_on)
            if first <= today <= last:
                now.append(one.get_standing_display())
        return ", ".join(now)


class OfParticipant(ReadOnlyAdmin):
    """To find and to export; edited on the participant's page, where all rows of one participant are seen together."""

    search_fields: ClassVar[Any] = ("participant__short_name", "participant__code", "participant__aliases__name")
    list_select_related: ClassVar[Any] = ("participant",)
    list_per_page = 100


@admin.register(Standing)
class StandingAdmin(OfParticipant):
    list_display = ("participant", "standing", "from_on", "to_on", "mark", "source")
    list_filter = ("standing", "mark", "participant__kind")
    date_hierarchy = "from_on"


@admin.register(Alias)
class AliasAdmin(OfParticipant):
    list_display = ("name", "participant", "folded")
    list_filter = ("participant__kind",)
    search_fields = ("name", "folded", "participant__short_name", "participant__code")


@admin.register(OfficialAddress)
class OfficialAddressAdmin(OfParticipant):
    list_display = ("email", "participant", "label", "is_sample")
    list_filter = ("is_sample", "participant__kind")
    search_fields = ("email", "label", "participant__short_name", "participant__code")


@admin.register(FormerName)
class FormerNameAdmin(OfParticipant):
    list_display = ("short_name", "participant", "to_on", "mark", "source")
    list_filter = ("mark",)
    search_fields = ("short_name", "formal_name", "participant__short_name", "participant__code")
    date_hierarchy = "to_on"


@admin.register(Merger)
class MergerAdmin(OfParticipant):
    list_display = ("participant", "into", "on", "mark", "source")
    list_filter = ("mark",)
    list_select_related = ("participant", "into")
    search_fields = ("participant__short_name", "participant__code", "into__short_name", "into__code")
    date_hierarchy = "on"
