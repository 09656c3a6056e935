"""Documents and their versions. A version is immutable once released; file and text are kept with their SHA-256."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from documents.enums import Audience, DocumentKind, DocumentState, ParagraphKind


class Document(models.Model):
    KINDS = [(kind.value, kind.value.replace("_", " ").capitalize()) for kind in DocumentKind]
    AUDIENCES = [
        (Audience.BODY.value, "participants of the body"),
        (Audience.MEMBERS.value, "members"),
        (Audience.MEMBERS_AND_OBSERVERS.value, "members and observers"),
        (Audience.PUBLIC.value, "public"),
    ]
    STATES = [(state.value, state.value) for state in DocumentState]

    symbol = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=KINDS)
    body = models.ForeignKey("members.Body", models.PROTECT, related_name="documents")
    audience = models.CharField(max_length=24, choices=AUDIENCES, default=Audience.BODY.value)
    state = models.CharField(max_length=12, choices=STATES, default=DocumentState.DRAFTING.value)
    is_sample = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="document_state", condition=Q(state__in=[s.value for s in DocumentState])),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:document-detail", args=[self.pk])


class Version(models.Model):
    """One numbered text of a document. `released_at` set: nothing here changes any more (trigger in 0002)."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    file_sha256 = models.CharField(max_length=64)
    file_size = models.PositiveIntegerField()
    text_sha256 = models.CharField(max_length=64)
    left_out = models.JSONField(
        default=list, help_text="What of the file is not in the paragraphs: tables, pictures, footnotes …"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("what was left out was confirmed", null=True, blank=True)

    class Meta:
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.CheckConstraint(
                name="version_confirmed_by_someone",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("documents:version-detail", args=[self.document_id, self.number])


class Paragraph(models.Model):
    """A heading or numbered paragraph of a version. The portal numbers paragraphs 1…n; a typed number is the label."""

    KINDS = [(kind.value, kind.value) for kind in ParagraphKind]

    version = models.ForeignKey(Version, models.CASCADE, related_name="paragraphs")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    label = models.CharField("number as typed in the file", max_length=20, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="paragraph_position_once")]

    def __str__(self) -> str:
        """Its place, never its words: names of rows are shown to people who may not read a draft."""
        return f"paragraph {self.number}" if self.number else f"{self.kind}, place {self.position}"
