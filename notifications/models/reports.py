"""What came back about sent mail, and how participants were told otherwise."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from notifications.enums import ReportAction, ReportVerdict, Way
from notifications.models.notices import Notice


class DeliveryReport(models.Model):
    """One report about one message (RFC 3464, or a mail provider's event), and what the portal made of it.

    A report is kept once (its key is unique) and only `applied` ones changed a notice: what cannot be matched or does
    not prove itself is kept to be looked at and changes nothing.
    """

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the report, so that it counts once")
    source = models.CharField(max_length=20, help_text="mailbox, or the name of the provider")
    received_at = models.DateTimeField(db_default=Now())
    message_id = models.CharField(max_length=120, blank=True, db_index=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="reports")
    action = models.CharField(max_length=10, choices=[(one.value, one.value) for one in ReportAction])
    status = models.CharField("RFC 3463 code", max_length=12, blank=True)
    diagnostic = models.CharField("words of the other server", max_length=300, blank=True)
    verdict = models.CharField(max_length=20, choices=[(one.value, one.value) for one in ReportVerdict])

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.message_id}"


class ToldOtherwise(models.Model):
    """A participant was told about a thing by another way than e-mail. Append-only (migration)."""

    subject_kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=120)
    participant_code = models.CharField(max_length=20)
    way = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Way])
    told_at = models.DateTimeField("when it was told")
    note = models.CharField("who was told, and what they said", max_length=500)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-told_at", "-pk"]
        verbose_name_plural = "told otherwise"
        indexes = [models.Index(fields=["subject_kind", "subject_ref"], name="told_subject")]
        constraints = [
            models.CheckConstraint(name="told_way", condition=Q(way__in=[one.value for one in Way])),
        ]

    def __str__(self) -> str:
        return f"{self.participant_code} by {self.way}"
