"""The audit log, the log of what restricted things were opened, and the keys of submissions already carried out.

All three are append-only: the application role holds neither UPDATE nor DELETE on them (migration 0002).
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class AuditEntry(models.Model):
    """One deed outside the circulations' register. It outlives its subject, so it names it by plain values."""

    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=120)
    subject_label = models.CharField(max_length=250, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["subject_kind", "subject_ref"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_ref}"


class AccessEntry(models.Model):
    """A signed-in person opened something restricted. "Opened" is told from here, never from a picture in a mail."""

    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=120)
    on_behalf_of = models.CharField("participant's code", max_length=20, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "access entries"
        indexes = [
            models.Index(fields=["subject_kind", "subject_ref", "on_behalf_of"], name="access_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_ref}"


class Submission(models.Model):
    """A form that was carried out. The same key from the same person a second time gets the first one's result."""

    key = models.UUIDField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    result_ref = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"
