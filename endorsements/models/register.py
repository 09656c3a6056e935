"""The register: the append-only chain, its published heads, and who stands behind an entry."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from endorsements.enums import Act
from endorsements.models.circulations import Circulation


class RegisterEntry(models.Model):
    """One row of the chain: `content` is the canonical JSON that `head` is the SHA-256 of; the rest repeats it."""

    ACTS = [(act.value, act.value) for act in Act]

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=40, choices=ACTS)
    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="register")
    participant_code = models.CharField(max_length=20, blank=True)
    content = models.TextField()
    prev = models.CharField(max_length=64)
    head = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-seq"]
        verbose_name_plural = "register"
        indexes = [
            models.Index(fields=["participant_code", "seq"], name="register_own", condition=~Q(participant_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act}"


class PublishedHead(models.Model):
    """The register's head as it stood when a day had ended; public and mailed to witnesses. Append-only (migration).

    No number of an entry: two of them would tell how many replies came in a day.
    """

    day = models.DateField(unique=True)
    head = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.head[:8]}"


class RegisterActor(models.Model):
    """Who stands behind a commitment in the register. Erasing a person deletes this row; the chain stays whole."""

    entry = models.OneToOneField(RegisterEntry, models.PROTECT, related_name="actor")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.entry_id}"
