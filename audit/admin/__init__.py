"""Django admin: the bases that all apps use, and the audit log, the access log and the history to look at."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from audit import history
from audit.admin.base import ListAdmin, NothingChanges, ReadOnlyAdmin
from audit.models import AccessEntry, AuditEntry, Submission

__all__ = ["ListAdmin", "NothingChanges", "ReadOnlyAdmin"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "subject_kind", "subject_ref", "subject_label")
    list_filter = ("action", "subject_kind")
    list_select_related = ("actor",)
    search_fields = ("subject_ref", "subject_label", "action", "actor__email", "actor__name")
    date_hierarchy = "at"
    ordering = ("-pk",)


@admin.register(AccessEntry)
class AccessEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "subject_kind", "subject_ref", "on_behalf_of")
    list_filter = ("subject_kind",)
    list_select_related = ("user",)
    search_fields = ("subject_ref", "on_behalf_of", "user__email", "user__name")
    date_hierarchy = "at"
    ordering = ("-pk",)


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """That a form was carried out; the key itself is for machines."""

    list_display = ("at", "actor", "action", "result_ref")
    list_filter = ("action",)
    list_select_related = ("actor",)
    search_fields = ("result_ref", "action", "actor__email", "actor__name")
    date_hierarchy = "at"
    ordering = ("-pk",)
    exclude = ("key",)


admin.site.unregister(LogEntry)


@admin.register(LogEntry)
class HistoryAdmin(ReadOnlyAdmin):
    """All changes of reference data, latest first; a row's own are on its page under History."""

    list_display = ("at", "who", "what", "row", "columns")
    list_filter = ("action", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("actor", "content_type")
    search_fields = ("object_repr", "actor__email", "actor__name", "cid")
    date_hierarchy = "timestamp"
    ordering = ("-pk",)
    exclude = ("actor_email", "remote_addr", "remote_port", "serialized_data", "changes_text", "additional_data")
    fields = ("at", "who", "what", "row", "changes")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "History of reference data", **(extra_context or {})})

    @admin.display(ordering="timestamp")
    def at(self, entry: LogEntry) -> str:
        return f"{entry.timestamp:%-d %b %Y, %H:%M:%S}"

    @admin.display(ordering="actor")
    def who(self, entry: LogEntry) -> str:
        return history.who(entry)

    @admin.display(ordering="content_type")
    def what(self, entry: LogEntry) -> str:
        return f"{history.kind_of(entry)} {history.ACTIONS.get(entry.action, '')}"

    @admin.display(ordering="object_repr")
    def row(self, entry: LogEntry) -> str:
        return str(entry.object_repr)

    @admin.display(description="changed columns")
    def columns(self, entry: LogEntry) -> str:
        """Of a changed row; a new or deleted one has them all."""
        if entry.action != LogEntry.Action.UPDATE:
            return ""
        fields = ((name, history.field_of(entry, name)) for name, *_ in history.raw_changes(entry))
        return ", ".join(str(field.verbose_name) if field else name for name, field in fields)
