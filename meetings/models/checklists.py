"""What is to be done before a meeting: the usual list of a series, and the list of one meeting.

A line keeps how many days before the opening it is due, never the day: when the days of the meeting move, every line
moves with them, and what is done stays done.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.models.meetings import Meeting, Series


class Line(models.Model):
    """What both lists have."""

    text = models.CharField("what", max_length=120)
    days_before = models.PositiveSmallIntegerField("days before the opening")
    who = models.CharField("who does it", max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


class SeriesTask(Line):
    """A line of the usual list of a series; each meeting made in the series begins with a copy."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="tasks")

    class Meta:
        ordering = ["-days_before", "pk"]
        constraints = [models.UniqueConstraint(fields=["series", "text"], name="series_task_once")]
        verbose_name = "line of the usual checklist"
        verbose_name_plural = "usual checklist"


class PreparationTask(Line):
    """A line of one meeting, with who ticked it, and when."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="tasks")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-days_before", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "text"], name="preparation_task_once"),
            models.CheckConstraint(
                name="preparation_done_by_somebody",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]
        verbose_name = "line of a checklist"
        verbose_name_plural = "lines of checklists"
