"""What belongs to delegations and the lists made of them: letters, changes, the list that was frozen, the note for
those who come. All of it but the note names persons, and is removed with their names."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meetings.models.called import Delegation
from meetings.models.meetings import Meeting


class NominationLetter(models.Model):
    """The copy of a letter that nominates a delegation: a PDF or a picture, as it was uploaded.

    It lies in the database, so that it comes and goes with the answer that it belongs to, in one transaction.
    """

    delegation = models.OneToOneField(Delegation, models.CASCADE, related_name="letter_copy")
    file_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField("size, bytes")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Letter of {self.delegation.participant}"


class DelegationChange(models.Model):
    """One answer or note about a delegation: who, when, and what changed by it, in sentences. Newest first."""

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_recorded = models.BooleanField("recorded by the secretariat", default=False)
    is_late = models.BooleanField("after the registration date", default=False)
    what = ArrayField(models.CharField(max_length=400), default=list)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.delegation}, {self.at:%Y-%m-%d %H:%M}"


class FinalList(models.Model):
    """The list of participants as it was frozen. `groups` holds what the files print; one stands at a time, and a step
    back says why."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="final_lists")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    groups = models.JSONField()
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField("why it was taken back", blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(reopened_at__isnull=True), name="final_list_one_stands"
            ),
            models.CheckConstraint(
                name="final_list_reopened",
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True)
                | (Q(reopened_at__gte=F("frozen_at"), reopened_by__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Final list of {self.meeting}"


class InformationNote(models.Model):
    """What those who come need to know. Paragraphs, with a blank line between them; read by everyone invited."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="information")
    venue = models.TextField("venue", blank=True)
    hotel = models.TextField("hotel", blank=True)
    contact = models.TextField("contact", blank=True)
    dress = models.TextField("dress", blank=True)
    visas = models.TextField("visas", blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Information note of {self.meeting}"
