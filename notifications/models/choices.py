"""How people wish to be told of what is not addressed to them by duty."""

from django.conf import settings
from django.db import models

from notifications.enums import CADENCES, Kind


class Preference(models.Model):
    """One person's choice for one kind of notice. No row: at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=40, choices=[(kind.value, kind.value) for kind in Kind])
    cadence = models.CharField(max_length=10, choices=CADENCES)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["user", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.cadence}"
