"""Circulations: how a draft becomes endorsed. A position is a new row, never an update; the register is a chain."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from endorsements.enums import Means, Mode, PositionKind, State, Timing, WaitReason
from endorsements.rules import Terms, Window


def usual_reminders() -> list[int]:
    """Seven days, two days, one day and four hours before the deadline."""
    return [168, 48, 24, 4]


class TermsFields(models.Model):
    """What a procedure says; a circulation keeps its own copy from the moment it is prepared."""

    MODES = [
        (Mode.SILENCE.value, "Silence procedure"),
        (Mode.EXPLICIT.value, "Explicit endorsement"),
        (Mode.COMMENT.value, "Comments only"),
    ]

    mode = models.CharField(max_length=10, choices=MODES)
    min_working_days = models.PositiveSmallIntegerField("minimum period, working days", default=10)
    min_seconds = models.PositiveIntegerField(
        "minimum period, seconds", null=True, blank=True, help_text="Instead of working days, as 259200 for 72 hours"
    )
    usual_hour = models.TimeField("usual hour of expiry, forum's time", default=dt.time(17))
    objections_that_stop = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    stops_at_once = models.BooleanField(default=True)
    proposals_stop = models.BooleanField("a proposed amendment stops it", default=False)
    quorum = models.PositiveSmallIntegerField(
        "answers needed",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Explicit endorsement only. Empty: all must answer",
    )
    closes_early = models.BooleanField("closes when all have answered", default=False)
    counts_organisations = models.BooleanField("member organisations count", default=False)
    unreached_hold = models.BooleanField("participants not reached hold it up", default=True)
    may_extend = models.BooleanField("the deadline may be extended", default=True)
    longest_days = models.PositiveSmallIntegerField(
        "longest period with extensions, days after the opening", null=True, blank=True, help_text="Empty: no limit"
    )
    sentence = models.TextField("what silence, or no answer, means")
    reminder_hours = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1)]),
        verbose_name="reminders, hours before the deadline",
        default=usual_reminders,
        blank=True,
        help_text="As 168,48,24,4; only those who have not replied are reminded",
    )

    class Meta:
        abstract = True


BY_MODE = ("-mode", "name")
"""Order of procedures: silence, explicit endorsement, comments."""


class Procedure(TermsFields):
    """How a body endorses between meetings: the forum's data."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    body = models.ForeignKey(
        "members.Body", models.PROTECT, null=True, blank=True, related_name="procedures", help_text="Empty: any body"
    )
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["is_sample", *BY_MODE]
        constraints = [
            models.CheckConstraint(name="procedure_mode", condition=Q(mode__in=[mode.value for mode in Mode])),
            models.CheckConstraint(name="procedure_threshold", condition=Q(objections_that_stop__gte=1)),
            models.CheckConstraint(
                name="procedure_explicit_threshold",
                condition=~Q(mode=Mode.EXPLICIT.value) | Q(objections_that_stop=1),
                violation_error_message="In an explicit endorsement one objection stops the draft: set it to 1.",
            ),
            models.CheckConstraint(
                name="procedure_quorum",
                condition=Q(quorum__isnull=True) | Q(mode=Mode.EXPLICIT.value, quorum__gte=1),
                violation_error_message="Only an explicit endorsement has a number of answers needed.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


TERMS = [field.name for field in TermsFields._meta.local_fields]
"""Names of the columns that a circulation copies from its procedure."""


class Circulation(TermsFields):
    """One version sent to the participants of a body, under terms that no longer change once it is open."""

    STATES = [(state.value, state.value.replace("_", " ")) for state in State]

    ref = models.SlugField(max_length=80, unique=True)
    version = models.ForeignKey("documents.Version", models.PROTECT, related_name="circulations")
    body = models.ForeignKey("members.Body", models.PROTECT, related_name="circulations")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="circulations")
    state = models.CharField(max_length=24, choices=STATES, default=State.DRAFT.value)
    expires_at = models.DateTimeField("deadline")
    paragraph = models.TextField("the officer's own paragraph in the notice", blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField("approval asked", null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_for = models.ForeignKey(
        "members.Participant", models.PROTECT, null=True, blank=True, related_name="+", help_text="The co-chair's"
    )
    approval_evidence = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField("last extended", null=True, blank=True)
    corrected_at = models.DateTimeField("last corrigendum", null=True, blank=True)
    remind_at = models.DateTimeField("next reminder to anyone", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    waits_for = ArrayField(
        models.CharField(max_length=20, choices=[(one.value, one.value.replace("_", " ")) for one in WaitReason]),
        verbose_name="why it waits for the co-chair",
        default=list,
        blank=True,
    )
    ending_reason = models.TextField("why it was withdrawn, or the co-chair's note", blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="opened_again", help_text="The same version before"
    )
    tally = models.JSONField(default=dict, blank=True)
    outcome = models.OneToOneField(
        "decisions.Outcome", models.PROTECT, null=True, blank=True, related_name="circulation"
    )
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="circulation_state", condition=Q(state__in=[s.value for s in State])),
            models.CheckConstraint(
                name="circulation_window", condition=Q(opened_at__isnull=True) | Q(expires_at__gt=F("opened_at"))
            ),
            models.CheckConstraint(
                name="circulation_two_people",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="circulation_open_is_approved",
                condition=Q(state=State.DRAFT.value) | Q(opened_at__isnull=False, approved_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state__in=[State.DRAFT.value, State.OPEN.value, State.WAITING.value]),
                name="circulation_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="circulation_due", condition=Q(state=State.OPEN.value)),
            models.Index(fields=["remind_at"], name="circulation_remind", condition=Q(state=State.OPEN.value)),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("endorsements:circulation-detail", args=[self.ref])

    @property
    def terms(self) -> Terms:
        return Terms(
            objections_that_stop=self.objections_that_stop,
            stops_at_once=self.stops_at_once,
            proposals_stop=self.proposals_stop,
            unreached_hold=self.unreached_hold,
            mode=Mode(self.mode),
            quorum=self.quorum,
            closes_early=self.closes_early,
        )

    @property
    def window(self) -> Window:
        if self.opened_at is None:
            raise ValueError(f"{self.ref} was not opened: it has no window")
        return Window(self.opened_at, self.expires_at)


class Eligible(models.Model):
    """Snapshot of the opening: who was told, and whether its word counts. `reached` is judged once, at closing."""

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="eligible")
    participant = models.ForeignKey("members.Participant", models.PROTECT, related_name="eligibilities")
    counts = models.BooleanField(default=True)
    reached = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["participant__sort_key"]
        verbose_name_plural = "eligible"
        constraints = [models.UniqueConstraint(fields=["circulation", "participant"], name="eligible_once")]

    def __str__(self) -> str:
        return f"{self.participant} in {self.circulation}"


class Extension(models.Model):
    """A later deadline for the same text; replies given before stand. Append-only (migration)."""

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="extensions")
    from_at = models.DateTimeField("deadline before")
    to_at = models.DateTimeField("deadline after")
    reason = models.TextField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    register_entry = models.OneToOneField("RegisterEntry", models.PROTECT, related_name="extension")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="extension_later", condition=Q(to_at__gt=F("from_at")))]

    def __str__(self) -> str:
        return f"{self.circulation} to {self.to_at:%Y-%m-%d %H:%M}"


class Corrigendum(models.Model):
    """A slip of an open version, mended beside the text: file and version stay. Append-only (migration)."""

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="corrigenda")
    paragraph = models.PositiveIntegerField()
    said = models.TextField("what it said")
    says = models.TextField("what it says")
    reason = models.TextField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    register_entry = models.OneToOneField("RegisterEntry", models.PROTECT, related_name="corrigendum")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "corrigenda"

    def __str__(self) -> str:
        return f"{self.circulation}, paragraph {self.paragraph}"


class ClockRequest(models.Model):
    """After a corrigendum a participant asks for a new clock instead; it decides nothing. Append-only (migration)."""

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="clock_requests")
    on_behalf_of = models.ForeignKey("members.Participant", models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    appointment = models.ForeignKey("members.Appointment", models.PROTECT, related_name="+")
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    register_entry = models.OneToOneField("RegisterEntry", models.PROTECT, related_name="clock_request")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.on_behalf_of} in {self.circulation}"


class Position(models.Model):
    """What a participant said at an instant. Append-only (migration 0002): the latest in the window counts.

    Recorded by the secretariat: `means` says how it came, `received_at` when (from the evidence), `recorded_at` when it
    was written here, `actor` is the officer.
    """

    KINDS = [(kind.value, kind.value.replace("_", " ")) for kind in PositionKind]
    MEANS = [(one.value, one.value.replace("_", " ")) for one in Means]
    TIMINGS = [(one.value, one.value.replace("_", " ")) for one in Timing]

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="positions")
    on_behalf_of = models.ForeignKey("members.Participant", models.PROTECT, related_name="positions")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    appointment = models.ForeignKey("members.Appointment", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=KINDS)
    text = models.TextField("proposals, reason or message", blank=True)
    no_reason_given = models.BooleanField(default=False)
    until_on = models.DateField("more time until", null=True, blank=True)
    means = models.CharField("came by", max_length=20, choices=MEANS, blank=True, help_text="Empty: in the portal")
    received_at = models.DateTimeField("received, by the evidence", null=True, blank=True)
    evidence = models.TextField(blank=True)
    timing = models.CharField(max_length=20, choices=TIMINGS, default=Timing.IN_TIME.value)
    recorded_at = models.DateTimeField()
    register_entry = models.OneToOneField("RegisterEntry", models.PROTECT, related_name="position")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="position_kind", condition=Q(kind__in=[k.value for k in PositionKind])),
            models.CheckConstraint(name="position_timing", condition=Q(timing__in=[one.value for one in Timing])),
            models.CheckConstraint(
                name="position_evidence",
                condition=Q(means="", received_at__isnull=True, evidence="")
                | (~Q(means="") & Q(received_at__lte=F("recorded_at")) & ~Q(evidence="")),
            ),
        ]
        indexes = [models.Index(fields=["circulation", "on_behalf_of", "-id"], name="position_standing")]

    def __str__(self) -> str:
        return f"{self.on_behalf_of}: {self.kind}"

    @property
    def came_at(self) -> dt.datetime:
        """When the participant said it: by the evidence where there is one, else by the clock."""
        return self.received_at or self.recorded_at
