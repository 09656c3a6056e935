"""Invitations: the only way to an account. The link of the mail is known by its hash alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.enums import ROLE_NAMES, Role
from members.models.bodies import Body
from members.models.participants import Participant


class InvitationBatch(models.Model):
    """A file of invitations: what each row comes to, looked at before anything is sent, then carried out as a whole."""

    CHECKED, RUNNING, DONE, FAILED = "checked", "running", "done", "failed"
    STATES = [(state, state) for state in (CHECKED, RUNNING, DONE, FAILED)]

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="In whose name the invitations go",
    )
    file_name = models.CharField(max_length=120)
    rows = models.JSONField(default=list, help_text="line, what was typed, what becomes of it")
    state = models.CharField(max_length=10, choices=STATES, default=CHECKED)
    done = models.PositiveIntegerField("rows carried out", default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "invitation batches"

    def __str__(self) -> str:
        return self.file_name


class Invitation(models.Model):
    """A post offered to an address. Accepted, it becomes an appointment; a known address adds one to its account."""

    ROLES = [(role.value, ROLE_NAMES[role]) for role in Role]

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, choices=ROLES)
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="invitations")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="invitations")
    function = models.CharField(max_length=150, blank=True)
    letter = models.CharField("letter that makes it", max_length=200, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True, help_text="empty: from the acceptance")
    ends_at = models.DateTimeField(null=True, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    batch = models.ForeignKey(InvitationBatch, models.PROTECT, null=True, blank=True, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_by_someone",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_not_both", condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_role_display()}, {self.participant or self.body or 'secretariat'}"


class HandoverNote(models.Model):
    """What those who speak for a participant leave to their successors. Its own people alone read it."""

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="handover_note")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Handover note of {self.participant}"
