"""The outbox: a notice is a row before it is a message. The row is the truth, Celery only the wake-up call."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from notifications.enums import CHIPS, KIND_NAMES, STATE_SENTENCES, Channel, Kind, NoticeState


class Notice(models.Model):
    """One message to one address about one event, once (unique), under a Message-ID that never changes."""

    KINDS = [(kind.value, kind.value) for kind in Kind]
    STATES = [(state.value, state.value.replace("_", " ")) for state in NoticeState]

    event = models.CharField(max_length=120, help_text="What is told, as circulation.opened:17")
    kind = models.CharField(max_length=40, choices=KINDS)
    channel = models.CharField(max_length=10, default=Channel.EMAIL.value)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="notices")
    address = models.EmailField()
    participant_code = models.CharField(max_length=20, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_ref = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    html = models.TextField(blank=True)
    path = models.CharField("page it links to", max_length=250, blank=True)
    is_secret = models.BooleanField("carries a set-up or reset link", default=False)
    is_sample = models.BooleanField(default=False)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=STATES, default=NoticeState.QUEUED.value)
    queued_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField("next try", db_default=Now())
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField("last answer of the mail server", max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "address", "channel"], name="notice_once"),
            models.CheckConstraint(name="notice_state", condition=Q(state__in=[s.value for s in NoticeState])),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="notice_due",
                condition=Q(state__in=[NoticeState.QUEUED.value, NoticeState.IN_FLIGHT.value]),
            ),
            models.Index(fields=["subject_kind", "subject_ref"], name="notice_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"

    def get_absolute_url(self) -> str:
        return reverse("notifications:notice-detail", args=[self.pk])

    @property
    def chip(self) -> tuple[str, str]:
        return CHIPS[NoticeState(self.state)]

    @property
    def kind_name(self) -> str:
        return KIND_NAMES[Kind(self.kind)]

    @property
    def state_sentence(self) -> str:
        return STATE_SENTENCES[NoticeState(self.state)]

    @property
    def will_retry(self) -> bool:
        """Waits for its next try after an answer that let it down."""
        return self.state == NoticeState.QUEUED and bool(self.answer)


def new_message_id() -> str:
    """RFC 5322 msg-id, fixed when the row is made."""
    return f"<{uuid.uuid4().hex}@{settings.MESSAGE_ID_DOMAIN}>"


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
    """When the scheduler last woke a task up; one row a name."""

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
