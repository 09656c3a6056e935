"""Look-up of notices and ticks; nothing is changed here, and no text of a message is shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from notifications.models import Notice, Tick


class ReadOnlyAdmin(admin.ModelAdmin):
    """Has a state or is written by machines: read-only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["kind", "address", "participant_code", "subject", "state", "queued_at", "due_at"]
    list_filter = ["state", "kind"]
    search_fields = ["address", "subject", "message_id", "subject_ref"]
    exclude = ["body", "html", "lease"]


@admin.register(Tick)
class TickAdmin(ReadOnlyAdmin):
    list_display = ["name", "at"]
