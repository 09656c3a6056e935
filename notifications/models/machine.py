"""What the machinery of sending keeps of itself: mail kept here, the scheduler's ticks, the pause of the drain."""

from django.db import models
from django.db.models.functions import Now


class KeptMail(models.Model):
    """A message that the portal's own receiver accepted, because no mail server is set. Nothing left the machine."""

    received_at = models.DateTimeField(db_default=Now())
    message_id = models.CharField(max_length=120, db_index=True)
    sender = models.CharField(max_length=254)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    is_secret = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject


class Tick(models.Model):
    """When the scheduler last woke a task up; for a domain with a rate, when the next message may leave. One row a
    name."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"


class Pause(models.Model):
    """When the mail server failed, the drain leaves it alone until then; one row."""

    until = models.DateTimeField()
    reason = models.CharField("what the mail server last said", max_length=300)

    def __str__(self) -> str:
        return self.reason
