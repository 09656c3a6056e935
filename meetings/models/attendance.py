"""Sessions, and who was present at each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from meetings.enums import Capacity, Mode, Presence
from meetings.models.called import Delegate
from meetings.models.meetings import Meeting


class Session(models.Model):
    """A session of a meeting; a meeting without sessions has one, named Meeting. When it runs is known of meetings
    that the portal runs, not of those recorded from a source."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sessions")
    title = models.CharField(max_length=120, default="Meeting")
    position = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="session_position_once"),
            models.CheckConstraint(
                name="session_has_length",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Presence at one session of one participant, or of one of its delegates where they are known.

    A participant is present if a row of it or of any of its delegates says so. `marked_by` and `marked_at` are empty on
    what was recorded from a source.
    """

    PRESENCES = [(presence.value, presence.value) for presence in Presence]
    MODES = [(mode.value, mode.value.replace("_", " ")) for mode in Mode]
    CAPACITIES = [(capacity.value, capacity.value.replace("_", " ")) for capacity in Capacity]

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    participant = models.ForeignKey("members.Participant", models.PROTECT, related_name="attendances")
    delegate = models.ForeignKey(Delegate, models.PROTECT, null=True, blank=True, related_name="attendances")
    capacity = models.CharField(max_length=16, choices=CAPACITIES)
    presence = models.CharField(max_length=8, choices=PRESENCES, default=Presence.PRESENT.value)
    mode = models.CharField(max_length=12, choices=MODES, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["participant__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "participant"], condition=Q(delegate__isnull=True), name="attendance_once"
            ),
            models.UniqueConstraint(fields=["session", "delegate"], name="attendance_of_delegate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.presence}"
