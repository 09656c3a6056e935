"""Series with their usual checklists are reference data; a meeting has a state and can only be read here, with all that
hangs on it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.admin import ListAdmin, NothingChanges, ReadOnlyAdmin
from audit.admin.filters import FewRelated
from audit.admin.rows import RowsInline
from meetings.models import (
    Attendance,
    Delegate,
    Delegation,
    Meeting,
    MeetingInvitation,
    MeetingNote,
    MeetingOutcome,
    PaperRequest,
    PreparationTask,
    Series,
    SeriesTask,
    Session,
)


class SessionInline(NothingChanges, admin.TabularInline):
    model = Session
    extra = 0


class NoteInline(NothingChanges, admin.TabularInline):
    model = MeetingNote
    fields = ("text", "source")
    extra = 0


class OutcomeInline(NothingChanges, admin.TabularInline):
    model = MeetingOutcome
    fields = ("outcome",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[MeetingOutcome]:
        return super().get_queryset(request).select_related("meeting", "outcome__verb")


class SeriesTaskInline(RowsInline):
    model = SeriesTask
    fields = ("text", "days_before", "who")


@admin.register(Series)
class SeriesAdmin(ListAdmin):
    list_display = ("name", "abbreviation", "body", "position")
    list_filter = (("body", FewRelated),)
    search_fields = ("name", "abbreviation", "slug")
    list_select_related = ("body",)
    autocomplete_fields = ("body",)
    inlines = (SeriesTaskInline,)


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    list_display = ("title", "series", "place", "country", "starts_on", "ends_on", "state", "is_public_in_part")
    list_filter = (("series", FewRelated), "state", "format", "is_public_in_part", "is_sample")
    search_fields = ("title", "slug", "symbol", "place", "country")
    list_select_related = ("series", "host")
    date_hierarchy = "starts_on"
    inlines = (SessionInline, OutcomeInline, NoteInline)


class OfMeeting(ReadOnlyAdmin):
    """What hangs on a meeting; found by its title."""

    search_fields: ClassVar[Any] = ("meeting__title", "meeting__slug")
    list_select_related: ClassVar[Any] = ("meeting",)


@admin.register(Session)
class SessionAdmin(OfMeeting):
    list_display = ("meeting", "title", "position")
    list_filter = (("meeting__series", FewRelated),)
    search_fields = ("meeting__title", "meeting__slug", "title")
    ordering = ("-meeting__earliest_on", "position")


@admin.register(MeetingNote)
class MeetingNoteAdmin(OfMeeting):
    list_display = ("meeting", "text", "source")
    list_filter = (("meeting__series", FewRelated),)
    search_fields = ("meeting__title", "meeting__slug", "text", "source")
    ordering = ("-meeting__earliest_on", "position")


@admin.register(PreparationTask)
class PreparationTaskAdmin(OfMeeting):
    list_display = ("meeting", "text", "days_before", "who", "done_at", "done_by")
    list_filter = (("meeting__series", FewRelated),)
    search_fields = ("meeting__title", "meeting__slug", "text", "who")
    list_select_related = ("meeting", "done_by")
    ordering = ("-meeting__earliest_on", "-days_before", "pk")


@admin.register(MeetingOutcome)
class MeetingOutcomeAdmin(OfMeeting):
    list_display = ("meeting", "outcome")
    list_filter = (("meeting__series", FewRelated),)
    search_fields = ("meeting__title", "meeting__slug", "outcome__ref", "outcome__text")
    list_select_related = ("meeting", "outcome__verb")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("meeting", "outcome__verb")


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyAdmin):
    list_display = ("participant", "meeting", "session", "capacity", "presence", "mode")
    list_filter = ("capacity", "presence", "mode", ("session__meeting__series", FewRelated))
    search_fields = ("participant__short_name", "participant__code", "session__meeting__title")
    list_select_related = ("participant", "session__meeting")
    date_hierarchy = "session__meeting__earliest_on"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attendance]:
        return super().get_queryset(request).select_related("participant", "session__meeting")

    @admin.display(ordering="session__meeting__earliest_on")
    def meeting(self, attendance: Attendance) -> str:
        return attendance.session.meeting.title


# Meetings that are called. Administrators look after the system and are no readers of delegations: who the people are,
# what they need and what the secretariat was told in confidence is not shown here.


@admin.register(MeetingInvitation)
class MeetingInvitationAdmin(OfMeeting):
    list_display = ("meeting", "answer_by", "drafted_by", "approved_by", "approved_for", "sent_at")
    list_filter = (("meeting__series", FewRelated),)
    list_select_related = ("meeting", "drafted_by", "approved_by", "approved_for")
    date_hierarchy = "answer_by"
    exclude = ("approval_evidence",)


@admin.register(Delegation)
class DelegationAdmin(OfMeeting):
    list_display = (
        "participant",
        "meeting",
        "capacity",
        "state",
        "letter",
        "is_late",
        "answered_at",
        "names_removed_at",
    )
    list_filter = ("state", "capacity", "letter", "is_late", ("meeting__series", FewRelated))
    search_fields = ("participant__short_name", "participant__code", "meeting__title", "meeting__slug")
    list_select_related = ("participant", "meeting")
    ordering = ("-pk",)
    exclude = ("special_needs", "evidence")


@admin.register(Delegate)
class DelegateAdmin(ReadOnlyAdmin):
    """That a place in a delegation is filled, never by whom."""

    list_display = ("place", "participant", "meeting", "role")
    list_filter = ("role", ("delegation__meeting__series", FewRelated))
    search_fields = (
        "delegation__participant__short_name",
        "delegation__participant__code",
        "delegation__meeting__title",
    )
    list_select_related = ("delegation__participant", "delegation__meeting")
    ordering = ("-pk",)
    exclude = ("name", "function", "badge_token")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delegate]:
        return super().get_queryset(request).select_related("delegation__participant", "delegation__meeting")

    @admin.display(ordering="position")
    def place(self, delegate: Delegate) -> str:
        return f"Person {delegate.position}"

    @admin.display(ordering="delegation__participant__sort_key")
    def participant(self, delegate: Delegate) -> str:
        return str(delegate.delegation.participant)

    @admin.display(ordering="delegation__meeting__earliest_on")
    def meeting(self, delegate: Delegate) -> str:
        return delegate.delegation.meeting.title


@admin.register(PaperRequest)
class PaperRequestAdmin(OfMeeting):
    list_display = ("title", "participant", "meeting", "due_on", "asked_by", "received_at")
    list_filter = (("meeting__series", FewRelated),)
    search_fields = ("title", "participant__short_name", "participant__code", "meeting__title")
    list_select_related = ("participant", "meeting", "asked_by")
    date_hierarchy = "due_on"
