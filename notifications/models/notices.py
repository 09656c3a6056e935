"""The outbox: a notice is a row before it is a message. The row is the truth, Celery only the wake-up call."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from notifications.enums import (
    CADENCES,
    CHIPS,
    KIND_NAMES,
    RETURNED,
    STATE_SENTENCES,
    WITHHELD_SENTENCES,
    Cadence,
    Channel,
    Handling,
    Kind,
    NoticeState,
)


class Notice(models.Model):
    """One message to one address (of one participant) about one event, once (unique), under a fixed Message-ID.

    A notice to a person with an account also stands in that person's inbox in the portal: the same row, so that what
    was mailed and what is shown cannot differ.
    """

    KINDS = [(kind.value, kind.value) for kind in Kind]
    STATES = [(state.value, state.value.replace("_", " ")) for state in NoticeState]

    event = models.CharField(max_length=120, help_text="What is told, as circulation.opened:17")
    kind = models.CharField(max_length=40, choices=KINDS)
    channel = models.CharField(max_length=10, default=Channel.EMAIL.value)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="notices")
    address = models.EmailField()
    domain = models.CharField("domain of the address", max_length=253, blank=True)
    participant_code = models.CharField(max_length=20, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_ref = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=250)
    body = models.TextField()
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
    delivered_at = models.DateTimeField("delivery report", null=True, blank=True)
    bounced_at = models.DateTimeField("came back", null=True, blank=True)
    answer = models.CharField("last answer of the mail server", max_length=300, blank=True)
    # What the reader is asked, and what became of it
    needs_answer = models.BooleanField("asks for an answer", default=False)
    answer_by = models.DateTimeField("answer until", null=True, blank=True)
    settled_at = models.DateTimeField("no answer needed any more", null=True, blank=True)
    read_at = models.DateTimeField("opened in the inbox", null=True, blank=True)
    # When it goes out: at once, or with a digest that holds it
    cadence = models.CharField(max_length=10, choices=CADENCES, default=Cadence.AT_ONCE.value)
    digest = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="holds")
    # What the secretariat did about one that did not arrive
    handling = models.CharField(max_length=20, blank=True, choices=[(one.value, one.value) for one in Handling])
    handling_reason = models.CharField(max_length=300, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "address", "participant_code", "channel"], name="notice_once"),
            models.CheckConstraint(name="notice_state", condition=Q(state__in=[s.value for s in NoticeState])),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="notice_due",
                condition=Q(state__in=[NoticeState.QUEUED.value, NoticeState.IN_FLIGHT.value]),
            ),
            models.Index(fields=["subject_kind", "subject_ref"], name="notice_subject"),
            models.Index(fields=["user", "-id"], name="notice_inbox", condition=Q(user__isnull=False, is_secret=False)),
            # The number of new messages stands on every page: all that it asks is in the index.
            models.Index(
                fields=["user", "participant_code", "kind"],
                include=["id"],
                name="notice_new",
                condition=Q(user__isnull=False, is_secret=False, read_at__isnull=True)
                & ~Q(handling=Handling.ADDRESS_CHANGED.value),
            ),
            models.Index(
                fields=["user", "answer_by"],
                name="notice_to_answer",
                condition=Q(user__isnull=False, needs_answer=True, settled_at__isnull=True),
            ),
            models.Index(
                fields=["-id"],
                name="notice_not_arrived",
                condition=Q(state__in=[NoticeState.FAILED.value, NoticeState.BOUNCED.value], handled_at__isnull=True),
            ),
            models.Index(
                fields=["user"],
                name="notice_for_digest",
                condition=Q(cadence__in=[Cadence.DAILY.value, Cadence.WEEKLY.value], digest__isnull=True),
            ),
            models.Index(fields=["accepted_at"], name="notice_accepted", condition=Q(accepted_at__isnull=False)),
            models.Index(fields=["address", "-id"], name="notice_address"),
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
        if self.state == NoticeState.WITHHELD and self.digest_id:
            return "This message went out in a digest."
        if self.state == NoticeState.WITHHELD and self.cadence in WITHHELD_SENTENCES:
            return WITHHELD_SENTENCES[Cadence(self.cadence)]
        return STATE_SENTENCES[NoticeState(self.state)]

    @property
    def is_task(self) -> bool:
        """Did not arrive, and nobody has seen to it."""
        return self.state in RETURNED and self.handled_at is None

    @property
    def told_otherwise_at(self) -> str:
        """The page on which what was told by another way is recorded; empty: there is none of its own."""
        is_of_circulation = self.subject_kind == "circulation" and self.participant_code
        return f"{self.path}tell/{self.participant_code}/" if is_of_circulation else ""

    @property
    def will_retry(self) -> bool:
        """Waits for its next try after an answer that let it down."""
        return self.state == NoticeState.QUEUED and bool(self.answer)


def new_message_id() -> str:
    """RFC 5322 msg-id, fixed when the row is made."""
    return f"<{uuid.uuid4().hex}@{settings.MESSAGE_ID_DOMAIN}>"
