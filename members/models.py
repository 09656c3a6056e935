"""The directory: participants, standing, bodies, users, appointments. Names and counts come from the forum's data."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from members.enums import OF_PARTICIPANT, ROLE_NAMES, SPEAKS, STAFF, BodyKind, Kind, Mark, Role, StandingKind

MARKS = [(mark.value, mark.value) for mark in Mark]


def dated(on: dt.date, prefix: str = "") -> Q:
    """Rows whose from_on/to_on take in a day; an unknown end (null) counts as always."""
    starts = Q(**{f"{prefix}from_on__isnull": True}) | Q(**{f"{prefix}from_on__lte": on})
    ends = Q(**{f"{prefix}to_on__isnull": True}) | Q(**{f"{prefix}to_on__gte": on})
    return starts & ends


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
    time_zone = models.CharField(max_length=64, blank=True, help_text="IANA name, as Asia/Colombo")
    theme = models.CharField(max_length=5, blank=True, choices=THEMES)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may open Django admin", default=False)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

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


class Forum(models.Model):
    """The forum itself: one row, from the forum's data."""

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    summary = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True, help_text="Paragraphs, with a blank line between them")
    founded_year = models.PositiveSmallIntegerField(null=True, blank=True)
    secretariat = models.CharField(max_length=120)
    secretariat_abbreviation = models.CharField(max_length=20, blank=True)
    secretariat_place = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64)
    holiday_country = models.CharField(max_length=2, blank=True, help_text="ISO code whose public holidays count")
    number_series = models.CharField(max_length=20, help_text="as BP/INT: numbers of endorsements between meetings")

    class Meta:
        verbose_name_plural = "forum"

    def __str__(self) -> str:
        return self.short_name


class Participant(models.Model):
    """A State or organisation. Every name comes from the forum's data, never from a library."""

    KINDS = [(Kind.STATE.value, "State"), (Kind.ORGANISATION.value, "Organisation")]

    code = models.CharField(max_length=20, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    short_name = models.CharField(max_length=120, unique=True)
    formal_name = models.CharField(max_length=200, blank=True)
    sort_key = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, blank=True)
    city = models.CharField("city of the time zone", max_length=60, blank=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                name="participant_kind", condition=Q(kind__in=[Kind.STATE.value, Kind.ORGANISATION.value])
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_state(self) -> bool:
        return self.kind == Kind.STATE

    @property
    def principal(self) -> str:
        """Whose word a reply is, as its people call it. No "Government of": English wants an article in some names."""
        return "government" if self.is_state else "organisation"


class Alias(models.Model):
    """Another spelling, folded: no two participants share one."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        return self.name


class OfficialAddress(models.Model):
    """A mailbox of the ministry or embassy, beside the people: notices go there too."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="addresses")
    email = models.EmailField()
    label = models.CharField(max_length=120, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "official addresses"
        constraints = [models.UniqueConstraint(fields=["participant", "email"], name="official_address_once")]

    def __str__(self) -> str:
        return self.email


class Standing(models.Model):
    """Member or observer, from and to; an unknown date is null and counts as always."""

    KINDS = [(StandingKind.MEMBER.value, "Member"), (StandingKind.OBSERVER.value, "Observer")]

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="standings")
    standing = models.CharField(max_length=10, choices=KINDS)
    from_on = models.DateField("from", null=True, blank=True)
    to_on = models.DateField("last day", null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["participant__sort_key", "from_on"]
        constraints = [
            models.CheckConstraint(
                name="standing_kind",
                condition=Q(standing__in=[StandingKind.MEMBER.value, StandingKind.OBSERVER.value]),
            ),
            models.CheckConstraint(
                name="standing_dates",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.standing}"


class Body(models.Model):
    """A group with its own membership and co-chairs. Who is eligible is decided per body."""

    KINDS = [(kind.value, kind.value.replace("_", " ")) for kind in BodyKind]

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    summary = models.CharField(max_length=300, blank=True)
    takes_all_members = models.BooleanField(default=False, help_text="Every member of the forum belongs to it")
    is_current = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name


class BodyMembership(models.Model):
    body = models.ForeignKey(Body, models.CASCADE, related_name="memberships")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="memberships")
    from_on = models.DateField("from", null=True, blank=True)
    to_on = models.DateField("last day", null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["participant__sort_key"]
        constraints = [
            models.CheckConstraint(
                name="membership_dates",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} in {self.body}"


class BodyChair(models.Model):
    """A participant that co-chairs a body, from and to. The persons are appointments."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="chairs")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="chaired")
    from_on = models.DateField("from", null=True, blank=True)
    to_on = models.DateField("last day", null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["participant__sort_key"]

    def __str__(self) -> str:
        return f"{self.participant} co-chairs {self.body}"


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
