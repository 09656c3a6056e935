"""Users and the appointments that say what they may do."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from members.enums import OF_PARTICIPANT, ROLE_NAMES, SPEAKS, STAFF, Role
from members.models.bodies import Body
from members.models.participants import Participant
from members.models.zones import ZoneField


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. What the person may do follows from appointments, not from flags here."""

    THEMES = [("", "as the system"), ("light", "light"), ("dark", "dark")]

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)
    time_zone = ZoneField(blank=True, help_text="IANA name, as Asia/Colombo")
    language = models.CharField(max_length=10, blank=True, help_text="in which the person wishes to be written to")
    theme = models.CharField(max_length=5, blank=True, choices=THEMES)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may open Django admin", default=False)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="name and address replaced, deeds kept")

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_office(self, at: dt.datetime | Now) -> "AppointmentQuerySet":
        """In office at an instant: begun, neither ended by its last day nor by a deed, and the person not suspended."""
        return self.filter(Q(starts_at__lte=at), Q(ends_at__isnull=True) | Q(ends_at__gt=at), user__is_active=True)

    def speaking(self) -> "AppointmentQuerySet":
        return self.filter(role__in=[role.value for role in SPEAKS])


class Appointment(models.Model):
    """Who acts in which role, for whom, since when: [starts_at, ends_at). A deed sets ends_at, nothing else changes."""

    ROLES = [(role.value, ROLE_NAMES[role]) for role in Role]

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=ROLES)
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="appointments")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    letter = models.CharField("letter that made it", max_length=200, blank=True)
    function = models.CharField(max_length=150, blank=True, help_text="as Desk officer, Consular Department")
    confirmed_at = models.DateTimeField("last confirmed", null=True, blank=True)
    welcomed_at = models.DateTimeField("handover seen", null=True, blank=True)

    objects: ClassVar[models.Manager["Appointment"]] = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                name="appointment_dates",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="appointment_for_whom",
                condition=Q(role__in=[role.value for role in sorted(STAFF)], participant__isnull=True)
                | Q(role__in=[role.value for role in sorted(OF_PARTICIPANT)], participant__isnull=False)
                | Q(role=Role.CO_CHAIR.value, participant__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["participant", "role"], name="appointment_participant")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.participant or 'secretariat'}"
