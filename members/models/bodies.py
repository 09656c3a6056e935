"""Bodies, who belongs to them and who co-chairs them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from members.enums import BodyKind, Mark
from members.models.dates import MARKS
from members.models.participants import Participant


class Body(models.Model):
    """A group with its own membership and co-chairs. Who is eligible is decided per body."""

    KINDS = [(kind.value, kind.value.replace("_", " ")) for kind in BodyKind]

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    also_called = ArrayField(models.CharField(max_length=120), default=list, blank=True, help_text="with commas")
    set_up = models.CharField(max_length=200, blank=True, help_text="when and by whom, in words")
    summary = models.CharField(max_length=300, blank=True)
    terms_of_reference = models.TextField(blank=True, help_text="Paragraphs, with a blank line between them")
    takes_all_members = models.BooleanField(default=False, help_text="Every member of the forum belongs to it")
    is_current = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:body-detail", args=[self.slug])


class BodyMembership(models.Model):
    body = models.ForeignKey(Body, models.CASCADE, related_name="memberships")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="memberships")
    from_on = models.DateField("from", null=True, blank=True)
    to_on = models.DateField("last day", null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["participant__sort_key"]
        constraints = [
            models.CheckConstraint(
                name="membership_dates",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} in {self.body}"


class BodyChair(models.Model):
    """A participant that co-chairs a body, from and to. The persons are appointments."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="chairs")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="chaired")
    from_on = models.DateField("from", null=True, blank=True)
    to_on = models.DateField("last day", null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["participant__sort_key"]
        constraints = [
            models.CheckConstraint(
                name="chair_dates",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} co-chairs {self.body}"
