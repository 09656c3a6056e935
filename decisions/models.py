"""Outcomes: actor, verb, object. Meetings and circulations both write them; here they are alike."""

from django.db import models
from django.db.models import Q

from decisions.enums import STANDING_NAMES, Standing, Weight


class Verb(models.Model):
    """A verb of outcomes with its weight: it decides, asks or notes. The list is the forum's data."""

    WEIGHTS = [(weight.value, weight.value) for weight in Weight]

    word = models.CharField(max_length=40, unique=True, help_text="Past tense, as endorsed")
    heading = models.CharField(max_length=60, help_text="As a group of outcomes is headed: Endorsed with proposals")
    weight = models.CharField(max_length=8, choices=WEIGHTS)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "word"]

    def __str__(self) -> str:
        return self.word


class Outcome(models.Model):
    """One outcome. Kind, title, date and path of its source are columns, so that this app needs no other above it."""

    ref = models.CharField(max_length=60, unique=True)
    actor = models.CharField(max_length=200, help_text="Members, a body, an organisation")
    verb = models.ForeignKey(Verb, models.PROTECT, related_name="outcomes")
    text = models.TextField("object, as printed under the verb")
    body = models.ForeignKey("members.Body", models.PROTECT, null=True, blank=True, related_name="outcomes")
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="outcomes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField("place in the statement", max_length=20, blank=True)
    is_background = models.BooleanField(default=False, help_text="Recalled; not an outcome of its source")
    needs_review = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=40, blank=True, help_text="As XY/INT/2019/2; circulations only")
    standing = models.CharField(
        max_length=20,
        choices=[(one.value, name) for one, name in STANDING_NAMES.items()],
        blank=True,
        help_text="Empty: it stands; circulations only",
    )
    source_kind = models.CharField(max_length=20)
    source_title = models.CharField(max_length=250)
    source_on = models.DateField(null=True, blank=True)
    source_path = models.CharField(max_length=250)
    is_public = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-source_on", "position"]
        indexes = [models.Index(fields=["-source_on", "position"], name="outcome_latest")]
        constraints = [
            models.CheckConstraint(name="outcome_no_own_parent", condition=~Q(parent=models.F("id"))),
            models.CheckConstraint(name="outcome_standing", condition=Q(standing__in=[one.value for one in Standing])),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="outcome_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb}: {self.text[:60]}"

    @property
    def standing_note(self) -> str:
        """Empty when it stands."""
        return STANDING_NAMES.get(Standing(self.standing), "")
