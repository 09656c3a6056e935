"""Look-up of notices, kept mail, ticks and the pause; nothing is changed here, and no text of a message is shown.

Texts are on the pages of the outbox, for the secretariat; they may carry links that let a person in.
"""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from notifications.models import DeliveryReport, KeptMail, Notice, Pause, Preference, Tick, ToldOtherwise


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("kind", "address", "participant_code", "subject", "state", "queued_at", "due_at", "answer")
    list_filter = ("state", "kind", "is_sample", "is_secret")
    list_select_related = ("user",)
    search_fields = ("address", "subject", "message_id", "subject_ref", "participant_code")
    date_hierarchy = "queued_at"
    exclude = ("body", "lease", "path")


@admin.register(KeptMail)
class KeptMailAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "recipient", "subject", "sender", "message_id")
    list_filter = ("is_secret",)
    search_fields = ("recipient", "subject", "message_id")
    date_hierarchy = "received_at"
    exclude = ("body",)


@admin.register(Tick)
class TickAdmin(ReadOnlyAdmin):
    list_display = ("name", "at")
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(Pause)
class PauseAdmin(ReadOnlyAdmin):
    list_display = ("until", "reason")
    search_fields = ("reason",)
    ordering = ("-until",)


@admin.register(DeliveryReport)
class DeliveryReportAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "action", "status", "message_id", "verdict", "source")
    list_filter = ("action", "verdict", "source")
    search_fields = ("message_id", "diagnostic")
    date_hierarchy = "received_at"
    raw_id_fields = ("notice",)


@admin.register(ToldOtherwise)
class ToldOtherwiseAdmin(ReadOnlyAdmin):
    list_display = ("told_at", "participant_code", "way", "subject_kind", "subject_ref", "recorded_by")
    list_filter = ("way", "subject_kind")
    list_select_related = ("recorded_by",)
    search_fields = ("participant_code", "subject_ref", "note")
    date_hierarchy = "told_at"


@admin.register(Preference)
class PreferenceAdmin(ReadOnlyAdmin):
    list_display = ("user", "kind", "cadence", "changed_at")
    list_filter = ("kind", "cadence")
    list_select_related = ("user",)
    search_fields = ("user__email",)
