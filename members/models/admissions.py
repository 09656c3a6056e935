"""Admissions: how a State or organisation becomes a member or observer of the forum, or joins a body, step by step."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.enums import AdmissionState, Mark, StandingKind
from members.models.bodies import Body
from members.models.dates import MARKS
from members.models.participants import Participant, Standing


class AdmissionStage(models.Model):
    """One step that an admission takes, from the forum's data: proposed, decided by a body, endorsed, welcomed.

    The last stage completes the admission: from its day the standing or membership runs.
    """

    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)
    word = models.CharField(max_length=40, help_text="as Decided")
    sentence = models.CharField(max_length=200, help_text="as The council decides whether to invite.")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="admission_stages")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.word


class Admission(models.Model):
    """A participant on its way to a standing in the forum (`body` is null) or into a body (`standing` is empty)."""

    STATES = [(state.value, state.value) for state in AdmissionState]

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="admissions")
    standing = models.CharField(max_length=10, blank=True, choices=Standing.KINDS)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="admissions")
    state = models.CharField(max_length=10, choices=STATES, default=AdmissionState.OPEN.value)
    reason = models.CharField("why it was dropped", max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="admission_state", condition=Q(state__in=[state.value for state in AdmissionState])
            ),
            models.CheckConstraint(
                name="admission_to_what",
                condition=Q(standing__in=[kind.value for kind in StandingKind], body__isnull=True)
                | Q(standing="", body__isnull=False),
            ),
            models.CheckConstraint(
                name="admission_dropped_why", condition=~Q(state=AdmissionState.DROPPED.value) | ~Q(reason="")
            ),
            models.UniqueConstraint(
                fields=["participant", "standing"],
                condition=Q(state=AdmissionState.OPEN.value, body__isnull=True),
                name="admission_open_once",
            ),
            models.UniqueConstraint(
                fields=["participant", "body"],
                condition=Q(state=AdmissionState.OPEN.value, body__isnull=False),
                name="admission_open_once_per_body",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.aim}"

    @property
    def aim(self) -> str:
        """Into what, as it reads after "admission to": "the forum as a member", "the Harbour Group"."""
        if self.body:
            return f"the {self.body}"
        standing = self.get_standing_display().lower()
        return f"the forum as {'an' if standing[0] in 'aeiou' else 'a'} {standing}"


class AdmissionStep(models.Model):
    """A stage that was taken, when, and where that is written. Never changed; an unknown day is null."""

    admission = models.ForeignKey(Admission, models.PROTECT, related_name="steps")
    stage = models.ForeignKey(AdmissionStage, models.PROTECT, related_name="steps")
    on = models.DateField("day", null=True, blank=True)
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["stage__position"]
        constraints = [models.UniqueConstraint(fields=["admission", "stage"], name="admission_step_once")]

    def __str__(self) -> str:
        return f"{self.admission}: {self.stage}"
