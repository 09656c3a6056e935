"""Series and meetings, with the remarks on their record. Ordinals are labels: real series go backwards."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from meetings.enums import Format, MeetingState
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
    sits_on = ArrayField(
        models.DateField(),
        verbose_name="days, where they do not follow each other",
        default=list,
        blank=True,
        help_text="Empty: every day from the first to the last",
    )
    planned_text = models.CharField("planned date, as written", max_length=120, blank=True)
    earliest_on = models.DateField()
    latest_on = models.DateField()
    time_zone = ZoneField(blank=True)
    format = models.CharField(max_length=10, choices=FORMATS, default=Format.IN_PERSON.value)
    state = models.CharField(max_length=12, choices=STATES, default=MeetingState.PLANNED.value)
    is_public_in_part = models.BooleanField(default=False, help_text="Only that it took place, and who came")
    co_chairs = models.ManyToManyField("members.Participant", blank=True, related_name="co_chaired_meetings")
    beside = models.ManyToManyField("self", blank=True, verbose_name="back to back with")
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
    calendar_sequence = models.PositiveIntegerField(
        "changes that a calendar must know of", default=0, editable=False, help_text="Counted by a trigger"
    )
    published_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    # Grows with each change of the terms, so that who saves an old page is told
    version = models.PositiveIntegerField(default=0)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="recorded from a source by",
    )

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


class MeetingOutcome(models.Model):
    """Link of an outcome to its meeting, and to the item of the agenda under which it fell."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="outcome_links")
    outcome = models.OneToOneField("decisions.Outcome", models.PROTECT, related_name="meeting_link")
    item = models.ForeignKey(
        "meetings.AgendaItem", models.SET_NULL, null=True, blank=True, related_name="outcome_links"
    )

    def __str__(self) -> str:
        return f"{self.meeting}: {self.outcome_id}"
