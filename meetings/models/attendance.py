"""Sessions, and who was present at each."""

from django.db import models

from meetings.enums import Capacity, Mode, Presence
from meetings.models.meetings import Meeting


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
