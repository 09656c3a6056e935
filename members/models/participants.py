"""The forum and its participants: names, standing, addresses. Names and counts come from the forum's data."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from members.enums import Kind, Mark, StandingKind
from members.models.dates import MARKS
from members.models.zones import ZoneField


class Forum(models.Model):
    """The forum itself: one row, from the forum's data."""

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    summary = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True, help_text="Paragraphs, with a blank line between them")
    founded_year = models.PositiveSmallIntegerField(null=True, blank=True)
    secretariat = models.CharField(max_length=120)
    secretariat_abbreviation = models.CharField(max_length=20, blank=True)
    secretariat_place = models.CharField(max_length=80)
    time_zone = ZoneField(is_home=True)
    holiday_country = models.CharField(max_length=2, blank=True, help_text="ISO code whose public holidays count")
    number_series = models.CharField(max_length=20, help_text="as XY/INT: numbers of endorsements between meetings")

    class Meta:
        verbose_name_plural = "forum"

    def __str__(self) -> str:
        return self.short_name


class Participant(models.Model):
    """A State or organisation. Every name comes from the forum's data, never from a library."""

    KINDS = [(Kind.STATE.value, "State"), (Kind.ORGANISATION.value, "Organisation")]

    code = models.CharField(max_length=20, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    short_name = models.CharField(max_length=120, unique=True)
    formal_name = models.CharField(max_length=200, blank=True)
    formal_mark = models.CharField("mark of the formal name", max_length=1, choices=MARKS, default=Mark.A.value)
    sort_key = models.CharField(max_length=120, db_index=True)
    languages = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="in which it wishes to be written to, with commas",
    )
    time_zone = ZoneField(blank=True)
    other_time_zones = ArrayField(ZoneField(), default=list, blank=True, help_text="IANA names, with commas")
    city = models.CharField("city of the time zone", max_length=60, blank=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=120, blank=True)
    is_public = models.BooleanField(
        "shown to everyone", default=True, help_text="Not while a newcomer's first admission is under way"
    )

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                name="participant_kind", condition=Q(kind__in=[Kind.STATE.value, Kind.ORGANISATION.value])
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("directory:participant-detail", args=[self.slug])

    @property
    def is_state(self) -> bool:
        return self.kind == Kind.STATE

    @property
    def principal(self) -> str:
        """Whose word a reply is, as its people call it. No "Government of": English wants an article in some names."""
        return "government" if self.is_state else "organisation"


class Alias(models.Model):
    """Another spelling, folded: no two participants share one."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """A name the participant bore until a day. Records of that time print it; the present name is the participant's."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="former_names")
    short_name = models.CharField(max_length=120)
    formal_name = models.CharField(max_length=200, blank=True)
    to_on = models.DateField("last day")
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-to_on"]
        constraints = [models.UniqueConstraint(fields=["participant", "to_on"], name="former_name_once")]

    def __str__(self) -> str:
        return self.short_name


class Merger(models.Model):
    """From this day on another participant stands in the place of this one, whose record stays its own."""

    participant = models.OneToOneField(Participant, models.PROTECT, related_name="merger")
    into = models.ForeignKey(Participant, models.PROTECT, related_name="mergers")
    on = models.DateField("first day as one")
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.CheckConstraint(name="merger_of_two", condition=~Q(participant=models.F("into"))),
        ]

    def __str__(self) -> str:
        return f"{self.participant} became part of {self.into}"


class OfficialAddress(models.Model):
    """A mailbox of the ministry or embassy, beside the people: notices go there too."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="addresses")
    email = models.EmailField()
    label = models.CharField(max_length=120, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "official addresses"
        constraints = [models.UniqueConstraint(fields=["participant", "email"], name="official_address_once")]

    def __str__(self) -> str:
        return self.email


class Standing(models.Model):
    """Member or observer, from and to; an unknown date is null and counts as always."""

    KINDS = [(StandingKind.MEMBER.value, "Member"), (StandingKind.OBSERVER.value, "Observer")]

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="standings")
    standing = models.CharField(max_length=10, choices=KINDS)
    from_on = models.DateField("from", null=True, blank=True)
    to_on = models.DateField("last day", null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS, default=Mark.A.value)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["participant__sort_key", "from_on"]
        constraints = [
            models.CheckConstraint(
                name="standing_kind",
                condition=Q(standing__in=[StandingKind.MEMBER.value, StandingKind.OBSERVER.value]),
            ),
            models.CheckConstraint(
                name="standing_dates",
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.standing}"
