"""Series are reference data; a meeting has a state and can only be read here, with all that hangs on it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from meetings.models import Attendance, Meeting, MeetingNote, MeetingOutcome, Series, Session
from members.admin import NothingChanges


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


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin):
    list_display = ("name", "abbreviation", "body", "position")
    list_filter = ("body",)
    search_fields = ("name", "abbreviation")
    list_select_related = ("body",)


@admin.register(Meeting)
class MeetingAdmin(NothingChanges, admin.ModelAdmin):
    list_display = ("title", "series", "place", "country", "starts_on", "ends_on", "state", "is_public_in_part")
    list_filter = ("series", "state", "format", "is_public_in_part", "is_sample")
    search_fields = ("title", "slug", "symbol", "place", "country")
    list_select_related = ("series",)
    date_hierarchy = "starts_on"
    inlines = (SessionInline, OutcomeInline, NoteInline)


@admin.register(Attendance)
class AttendanceAdmin(NothingChanges, admin.ModelAdmin):
    list_display = ("participant", "session", "capacity", "presence", "mode")
    list_filter = ("capacity", "presence", "mode")
    search_fields = ("participant__short_name", "participant__code", "session__meeting__title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attendance]:
        return super().get_queryset(request).select_related("participant", "session__meeting")
