"""The agenda of a meeting: its items as a tree by days, the breaks between them, the papers of each item."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from meetings.agenda_enums import MOST_MINUTES, PURPOSE_NAMES, AgendaState, ItemKind, Purpose
from meetings.models.called import PaperRequest
from meetings.models.meetings import Meeting


class Agenda(models.Model):
    """State of the agenda of one meeting. `version` grows with every change: who works on an old page is told."""

    STATES = [(one.value, one.value) for one in AgendaState]

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="agenda")
    state = models.CharField(max_length=10, choices=STATES, default=AgendaState.DRAFT.value)
    version = models.PositiveIntegerField(default=0)
    day_starts = models.TimeField("each day starts at", default=dt.time(9))
    day_ends = models.TimeField("each day ends at", default=dt.time(17))
    published_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="agenda_state", condition=Q(state__in=[one.value for one in AgendaState])),
            models.CheckConstraint(name="agenda_day_has_length", condition=Q(day_ends__gt=F("day_starts"))),
            models.CheckConstraint(
                name="agenda_published_at",
                condition=Q(state=AgendaState.DRAFT.value, published_at__isnull=True, frozen_at__isnull=True)
                | Q(state=AgendaState.PUBLISHED.value, published_at__isnull=False, frozen_at__isnull=True)
                | Q(state=AgendaState.FROZEN.value, published_at__isnull=False, frozen_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Agenda of {self.meeting}"


class AgendaItem(models.Model):
    """An item, or a break between items. `day`: the number of the day of the meeting, from 1, so that an agenda moves
    with its meeting. Sub-items stand on the day of their parent. `label`: typed; empty: numbered by the portal.

    An item under itself or under an item of its own is refused by a trigger too, as is a parent of another meeting.
    """

    KINDS = [(one.value, one.value) for one in ItemKind]
    PURPOSES = [(one.value, PURPOSE_NAMES[one]) for one in Purpose]

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda_items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    day = models.PositiveSmallIntegerField("number of the day", default=1)
    position = models.PositiveSmallIntegerField("place among its neighbours")
    kind = models.CharField(max_length=6, choices=KINDS, default=ItemKind.ITEM.value)
    label = models.CharField("number, as typed", max_length=12, blank=True)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField("minutes planned", null=True, blank=True)
    starts_at = models.TimeField("fixed start", null=True, blank=True)
    purpose = models.CharField(max_length=12, choices=PURPOSES, blank=True)
    presenter = models.CharField(max_length=200, blank=True)
    restricted_note = models.TextField("note for the chairs and the secretariat", blank=True)
    is_late = models.BooleanField("added after the agenda was frozen", default=False)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["day", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "day", "parent", "position"],
                name="agenda_place_once",
                nulls_distinct=False,
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="agenda_item_kind", condition=Q(kind__in=[one.value for one in ItemKind])),
            models.CheckConstraint(
                name="agenda_item_purpose", condition=Q(purpose__in=["", *(one.value for one in Purpose)])
            ),
            models.CheckConstraint(
                name="agenda_item_minutes",
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=MOST_MINUTES),
            ),
            models.CheckConstraint(name="agenda_item_day", condition=Q(day__gte=1)),
            models.CheckConstraint(name="agenda_item_titled", condition=~Q(title="")),
            models.CheckConstraint(
                name="agenda_item_not_under_itself", condition=Q(parent__isnull=True) | ~Q(parent=F("pk"))
            ),
            models.CheckConstraint(
                name="agenda_item_fixed_start_on_top", condition=Q(parent__isnull=True) | Q(starts_at__isnull=True)
            ),
            models.CheckConstraint(
                name="agenda_break_is_plain",
                condition=Q(kind=ItemKind.ITEM.value) | Q(parent__isnull=True, purpose="", label=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaPaper(models.Model):
    """A paper of an item: a document of the portal, or one that a participant was asked for."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="papers")
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="agenda_papers"
    )
    request = models.ForeignKey(PaperRequest, models.PROTECT, null=True, blank=True, related_name="agenda_papers")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="agenda_paper_is_one",
                condition=Q(document__isnull=False, request__isnull=True)
                | Q(document__isnull=True, request__isnull=False),
            ),
            models.UniqueConstraint(fields=["item", "document"], name="agenda_document_once"),
            models.UniqueConstraint(fields=["item", "request"], name="agenda_request_once"),
        ]

    def __str__(self) -> str:
        return str(self.document or self.request)
