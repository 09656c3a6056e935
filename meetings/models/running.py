"""What happens with the items of an agenda while the meeting is in session."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from meetings.models.agenda import AgendaItem


class ItemRun(models.Model):
    """When an item was taken up, and when it was done with. An item taken up again has no end until it is done anew."""

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="run")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="item_run_ends_after_start",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)
