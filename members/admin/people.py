"""Accounts, and the appointments that say what a person may do; an appointment is made and ended by deeds."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from audit.admin import ListAdmin, NothingChanges, ReadOnlyAdmin
from audit.admin.filters import FewRelated
from members import services
from members.models import Appointment, User
from members.names import plain_address
from members.rules import NotAllowed

# What a person may do follows from appointments; groups would only mislead.
admin.site.unregister(Group)
# The portal keeps one address a person, in the account itself; allauth's own list would be a second truth.
admin.site.unregister(EmailAddress)
# Keys of sessions are nobody's business.
admin.site.unregister(UserSession)
admin.site.unregister(Authenticator)


class EmailMixin:
    """One account per address, whatever its capitals."""

    def clean_email(self) -> str:
        try:
            email = plain_address(str(self.cleaned_data["email"]))  # type: ignore[attr-defined]
        except ValueError as error:
            raise ValidationError("Type the whole address, as name@ministry.example.") from error
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
        fields = (
            "email",
            "password",
            "name",
            "time_zone",
            "language",
            "theme",
            "is_active",
            "is_staff",
            "is_superuser",
        )


class ReasonForm(ActionForm):
    """Beside the choice of an action: why. The audit log keeps it."""

    reason = forms.CharField(label="Why", required=False, max_length=300)


class AppointmentInline(NothingChanges, admin.TabularInline):
    model = Appointment
    fields = ("role", "participant", "body", "starts_at", "ends_at", "letter")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return super().get_queryset(request).select_related("participant", "body")


@admin.register(User)
class UserAdmin(ListAdmin, DjangoUserAdmin):
    form = UserEditForm
    add_form = UserAddForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "is_sample", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "is_sample", "appointments__role")
    search_fields = ("email", "name", "appointments__participant__short_name")
    date_hierarchy = "created_at"
    filter_horizontal = ()
    readonly_fields = ("last_login", "created_at", "deleted_at", "is_sample")
    inlines = (AppointmentInline,)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("name", "time_zone", "language", "theme")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Record", {"fields": ("last_login", "created_at", "deleted_at", "is_sample")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    action_form = ReasonForm
    actions = ("take_second_steps", "sign_out_everywhere")

    @admin.action(description="Take away passkeys, app and codes (lost phone), and sign out", permissions=["change"])
    def take_second_steps(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._each(request, people, services.take_second_steps)

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._each(request, people, services.sign_out_everywhere)

    def _each(self, request: HttpRequest, people: QuerySet[User], deed: Callable[..., None]) -> None:
        """The deed for each person chosen; a refusal is said, and the others are done."""
        for person in people:
            try:
                deed(person.pk, reason=request.POST.get("reason", "")[:300], actor=request.user)
            except NotAllowed as refused:
                self.message_user(request, f"{person}: {refused.message}", messages.ERROR)
            else:
                self.message_user(request, f"{person}: done, and told by mail.", messages.SUCCESS)

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> tuple[type[AppointmentInline], ...]:
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deeds outlive accounts: an account is made inactive, never deleted."""
        return False

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> AdminEntry:
        """A new password has its entry in the history too: that it was set, nothing of it."""
        if "password" in str(message).lower():
            LogEntry.objects.log_create(
                obj, force_log=True, action=LogEntry.Action.UPDATE, changes={"password": ["not shown", "set anew"]}
            )
        return super().log_change(request, obj, message)


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ("user", "role", "participant", "body", "function", "starts_at", "ends_at")
    list_filter = ("role", ("body", FewRelated))
    search_fields = ("user__email", "user__name", "participant__short_name", "participant__code")
    list_select_related = ("user", "participant", "body")
    date_hierarchy = "starts_at"
