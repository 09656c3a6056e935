"""Series, meetings, invitations, delegations, papers, attendance. Ordinals are labels: real series go backwards."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from meetings.enums import (
    DELEGATE_ROLE_NAMES,
    Capacity,
    DelegateRole,
    DelegationState,
    Format,
    MeetingState,
    Mode,
    Presence,
)
from members.models import ZoneField


def usual_reminders() -> list[int]:
    """Seven days, two days and one day before the date."""
    return [168, 48, 24]


class Series(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    abbreviation = models.CharField(max_length=30, blank=True)
    body = models.ForeignKey("members.Body", models.PROTECT, related_name="series")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """One meeting. Planned dates may be vague: the words, and an earliest and a latest day for sorting."""

    STATES = [(state.value, state.value.replace("_", " ")) for state in MeetingState]
    FORMATS = [(form.value, form.value.replace("_", " ")) for form in Format]

    slug = models.SlugField(max_length=80, unique=True)
    series = models.ForeignKey(Series, models.PROTECT, related_name="meetings")
    ordinal = models.CharField("ordinal, as a label", max_length=20, blank=True)
    symbol = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    summary = models.TextField("one sentence for the head of the page", blank=True)
    purpose = models.TextField(blank=True, help_text="Paragraphs, with a blank line between them")
    place = models.CharField(max_length=100, blank=True)
    country = models.CharField("country as printed", max_length=100, blank=True)
    host = models.ForeignKey(
        "members.Participant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted",
        verbose_name="host country",
    )
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    planned_text = models.CharField("planned date, as written", max_length=60, blank=True)
    earliest_on = models.DateField()
    latest_on = models.DateField()
    time_zone = ZoneField(blank=True)
    format = models.CharField(max_length=10, choices=FORMATS, default=Format.IN_PERSON.value)
    state = models.CharField(max_length=12, choices=STATES, default=MeetingState.PLANNED.value)
    is_public_in_part = models.BooleanField(default=False, help_text="Only that it took place, and who came")
    co_chairs = models.ManyToManyField("members.Participant", blank=True, related_name="co_chaired_meetings")
    next_text = models.CharField("what comes next, as written", max_length=200, blank=True)
    is_sample = models.BooleanField(default=False)
    # Set with the invitation; asked papers keep to the same reminders
    seats = models.PositiveSmallIntegerField(
        "seats for each delegation",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Empty: no limit",
    )
    reminder_hours = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1)]),
        verbose_name="reminders, hours before the date",
        default=usual_reminders,
        blank=True,
        help_text="As 168,48,24; only those who have not answered are reminded",
    )
    called_off_reason = models.TextField("why it was postponed or cancelled", blank=True)
    called_off_at = models.DateTimeField("postponed or cancelled", null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-earliest_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="meeting_state", condition=Q(state__in=[s.value for s in MeetingState])),
            models.CheckConstraint(
                name="meeting_dates",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(name="meeting_range", condition=Q(latest_on__gte=models.F("earliest_on"))),
        ]
        indexes = [models.Index(fields=["-earliest_on", "-id"], name="meeting_latest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting-detail", args=[self.slug])

    def begins_at(self, zone: str) -> dt.datetime:
        """The first instant of its first day on its own clock, else that of `zone` (the forum's)."""
        return dt.datetime.combine(self.earliest_on, dt.time(), ZoneInfo(self.time_zone or zone))

    def ends_at(self, zone: str) -> dt.datetime:
        """The instant after its last day, on the same clock."""
        after = self.latest_on + dt.timedelta(days=1)
        return dt.datetime.combine(after, dt.time(), ZoneInfo(self.time_zone or zone))


class MeetingInvitation(models.Model):
    """The invitation to one meeting: drafted by the secretariat, approved in the chairs' name, then sent."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="invitation")
    answer_by = models.DateTimeField("registration until")
    observers = models.ManyToManyField("members.Participant", blank=True, related_name="+")
    paragraph = models.TextField("the officer's own paragraph in the notice", blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField("approval asked", null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_for = models.ForeignKey(
        "members.Participant", models.PROTECT, null=True, blank=True, related_name="+", help_text="The co-chair's"
    )
    approval_evidence = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField("next reminder to anyone", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_two_people",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("drafted_by")) & ~Q(approved_by=F("changed_by"))),
            ),
            models.CheckConstraint(
                name="invitation_sent_is_approved",
                condition=Q(sent_at__isnull=True) | Q(approved_by__isnull=False, approved_for__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["remind_at"], name="invitation_remind", condition=Q(remind_at__isnull=False))]

    def __str__(self) -> str:
        return f"Invitation to {self.meeting}"


class Delegation(models.Model):
    """What one participant answered to the invitation to one meeting; made when the invitation goes out.

    `version` grows with each answer, so that who writes on an old page is told. Special needs are read by the own
    participant and the secretariat alone.
    """

    STATES = [(state.value, state.value) for state in DelegationState]

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="delegations")
    participant = models.ForeignKey("members.Participant", models.PROTECT, related_name="delegations")
    capacity = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Capacity])
    state = models.CharField(max_length=10, choices=STATES, default=DelegationState.INVITED.value)
    special_needs = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_late = models.BooleanField("last answered after the registration date", default=False)

    class Meta:
        ordering = ["participant__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "participant"], name="delegation_once"),
            models.CheckConstraint(
                name="delegation_state", condition=Q(state__in=[state.value for state in DelegationState])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.state}"


class Delegate(models.Model):
    """A person in a delegation, in the order that the participant gave. Names of persons are never public."""

    ROLES = [(role.value, DELEGATE_ROLE_NAMES[role]) for role in DelegateRole]

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="delegates")
    position = models.PositiveSmallIntegerField("place in the list")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=ROLES)
    function = models.CharField("position held at home", max_length=150, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["delegation", "position"], name="delegate_place_once"),
            models.UniqueConstraint(
                fields=["delegation"], condition=Q(role=DelegateRole.HEAD.value), name="delegate_one_head"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PaperRequest(models.Model):
    """A paper that a participant is asked for, until the end of a day in the forum's time."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="paper_requests")
    participant = models.ForeignKey("members.Participant", models.PROTECT, related_name="paper_requests")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    due_at = models.DateTimeField("the instant after that day")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    remind_at = models.DateTimeField("next reminder to anyone", null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["remind_at"], name="paper_remind", condition=Q(remind_at__isnull=False))]

    def __str__(self) -> str:
        return self.title


class MeetingNote(models.Model):
    """A contradiction between sources, or another remark on the record, with its source."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text[:60]


class Session(models.Model):
    """A session of a meeting; a meeting without sessions has one, named Meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sessions")
    title = models.CharField(max_length=120, default="Meeting")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="session_position_once")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Presence of one participant at one session, with its capacity there."""

    PRESENCES = [(presence.value, presence.value) for presence in Presence]
    MODES = [(mode.value, mode.value.replace("_", " ")) for mode in Mode]
    CAPACITIES = [(capacity.value, capacity.value.replace("_", " ")) for capacity in Capacity]

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    participant = models.ForeignKey("members.Participant", models.PROTECT, related_name="attendances")
    capacity = models.CharField(max_length=16, choices=CAPACITIES)
    presence = models.CharField(max_length=8, choices=PRESENCES, default=Presence.PRESENT.value)
    mode = models.CharField(max_length=12, choices=MODES, blank=True)

    class Meta:
        ordering = ["participant__sort_key"]
        constraints = [models.UniqueConstraint(fields=["session", "participant"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.participant}: {self.presence}"


class MeetingOutcome(models.Model):
    """Link of an outcome to its meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="outcome_links")
    outcome = models.OneToOneField("decisions.Outcome", models.PROTECT, related_name="meeting_link")

    def __str__(self) -> str:
        return f"{self.meeting}: {self.outcome_id}"
