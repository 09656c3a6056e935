"""What is said of a position afterwards: by its participant, by a co-chair."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from endorsements.enums import Remark
from endorsements.models.circulations import Position


class Contest(models.Model):
    """A participant says that a position which the secretariat recorded is not its own. Append-only (migration)."""

    position = models.OneToOneField(Position, models.PROTECT, related_name="contest")
    reason = models.TextField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    appointment = models.ForeignKey("members.Appointment", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    register_entry = models.OneToOneField("RegisterEntry", models.PROTECT, related_name="contest")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.position} contested"


class ChairRemark(models.Model):
    """What a co-chair said of one position, once: see `enums.Remark`. Append-only (migration)."""

    REMARKS = [(one.value, one.value.replace("_", " ")) for one in Remark]

    position = models.OneToOneField(Position, models.PROTECT, related_name="remark")
    remark = models.CharField(max_length=10, choices=REMARKS)
    note = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    appointment = models.ForeignKey("members.Appointment", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    register_entry = models.ForeignKey("RegisterEntry", models.PROTECT, related_name="remarks")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="remark_known", condition=Q(remark__in=[one.value for one in Remark])),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.remark}"
