"""Invitations, to look at: deeds make and end them. Handover notes are not here: their people alone read them."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from members.models import Invitation, InvitationBatch


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "role", "participant", "body", "created_at", "expires_at", "accepted_at", "revoked_at")
    list_filter = ("role", "is_sample")
    search_fields = ("email", "name", "participant__short_name", "participant__code")
    list_select_related = ("participant", "body")
    date_hierarchy = "created_at"
    exclude = ("token_sha256",)


@admin.register(InvitationBatch)
class InvitationBatchAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "uploaded_by", "state", "done", "created_at")
    list_filter = ("state",)
    search_fields = ("file_name", "uploaded_by__email")
    list_select_related = ("uploaded_by",)
    date_hierarchy = "created_at"
