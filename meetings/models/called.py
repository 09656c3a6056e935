"""The invitation to a meeting, the delegations that answer it, and the papers asked for."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meetings.enums import (
    DELEGATE_ROLE_NAMES,
    LETTER_NAMES,
    MEANS_NAMES,
    Capacity,
    DelegateRole,
    DelegationState,
    LetterState,
    Means,
)
from meetings.models.meetings import Meeting


def new_badge_token() -> str:
    """Nobody guesses it: 24 random bytes."""
    return secrets.token_urlsafe(24)


class MeetingInvitation(models.Model):
    """The invitation to one meeting: drafted by the secretariat, approved in the chairs' name, then sent."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="invitation")
    answer_by = models.DateTimeField("registration until")
    observers = models.ManyToManyField("members.Participant", blank=True, related_name="+")
    paragraph = models.TextField("the officer's own paragraph in the notice", blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField("approval asked", null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_for = models.ForeignKey(
        "members.Participant", models.PROTECT, null=True, blank=True, related_name="+", help_text="The co-chair's"
    )
    approval_evidence = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField("next reminder to anyone", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_two_people",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("drafted_by")) & ~Q(approved_by=F("changed_by"))),
            ),
            models.CheckConstraint(
                name="invitation_sent_is_approved",
                condition=Q(sent_at__isnull=True) | Q(approved_by__isnull=False, approved_for__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["remind_at"], name="invitation_remind", condition=Q(remind_at__isnull=False))]

    def __str__(self) -> str:
        return f"Invitation to {self.meeting}"


class Delegation(models.Model):
    """What one participant answered to the invitation to one meeting; made when the invitation goes out.

    `version` grows with each answer, so that who writes on an old page is told. Special needs are read by the own
    participant and the secretariat alone. `means`, `received_at` and `evidence` are filled while the answer that stands
    was recorded by the secretariat. Once names are removed, the rows of its delegates stay without them, and so do the
    counts.
    """

    STATES = [(state.value, state.value) for state in DelegationState]
    LETTERS = [(one.value, words) for one, words in LETTER_NAMES.items()]
    WAYS = [(one.value, words) for one, words in MEANS_NAMES.items()]

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="delegations")
    participant = models.ForeignKey("members.Participant", models.PROTECT, related_name="delegations")
    capacity = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Capacity])
    state = models.CharField(max_length=10, choices=STATES, default=DelegationState.INVITED.value)
    special_needs = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_late = models.BooleanField("last answered after the registration date", default=False)
    letter = models.CharField("nomination letter", max_length=12, choices=LETTERS, default=LetterState.NONE.value)
    means = models.CharField("how it came, where recorded", max_length=12, choices=WAYS, blank=True)
    received_at = models.DateTimeField("received, where recorded", null=True, blank=True)
    evidence = models.TextField("which letter or call, where recorded", blank=True)
    names_removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["participant__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "participant"], name="delegation_once"),
            models.CheckConstraint(
                name="delegation_state", condition=Q(state__in=[state.value for state in DelegationState])
            ),
            models.CheckConstraint(
                name="delegation_letter", condition=Q(letter__in=[state.value for state in LetterState])
            ),
            models.CheckConstraint(
                name="delegation_recorded",
                condition=Q(means="", received_at__isnull=True)
                | (Q(means__in=[one.value for one in Means]) & Q(received_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.state}"

    @property
    def is_observer(self) -> bool:
        """Its observer delegate answers where no focal point or alternate is in office."""
        return self.capacity == Capacity.OBSERVER


class Delegate(models.Model):
    """A person in a delegation, in the order that the participant gave. Names of persons are never public.

    The row stays the same while the person stays on the list, whatever else changes: the badge leads to it by
    its token. Some time after the meeting name, position and token are removed, and the row stays to be counted.
    """

    ROLES = [(role.value, DELEGATE_ROLE_NAMES[role]) for role in DelegateRole]

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="delegates")
    position = models.PositiveSmallIntegerField("place in the list")
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=10, choices=ROLES)
    function = models.CharField("position held at home", max_length=150, blank=True)
    badge_token = models.CharField(max_length=40, unique=True, null=True, default=new_badge_token, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["delegation", "position"], name="delegate_place_once"),
            models.UniqueConstraint(
                fields=["delegation"], condition=Q(role=DelegateRole.HEAD.value), name="delegate_one_head"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.get_role_display()


class PaperRequest(models.Model):
    """A paper that a participant is asked for, until the end of a day in the forum's time."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="paper_requests")
    participant = models.ForeignKey("members.Participant", models.PROTECT, related_name="paper_requests")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    due_at = models.DateTimeField("the instant after that day")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    remind_at = models.DateTimeField("next reminder to anyone", null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["remind_at"], name="paper_remind", condition=Q(remind_at__isnull=False))]

    def __str__(self) -> str:
        return self.title
