"""Documents in Django admin: to be found and read. They have a state, so nothing is changed here.

An admin looks after the system and reads no draft by that: the text of a paragraph is shown only where the portal's own
pages would show it to this person.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from audit.admin import ReadOnlyAdmin
from audit.admin.filters import FewRelated
from documents import access
from documents.models import Document, Paragraph, Version

NOT_SHOWN = "not shown: not published for the public"


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("symbol", "title", "kind", "body", "state", "audience", "created_at", "is_sample")
    list_filter = ("state", "kind", "audience", ("body", FewRelated), "is_sample")
    list_select_related = ("body", "created_by")
    search_fields = ("symbol", "title")
    date_hierarchy = "created_at"


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ("symbol", "number", "file_name", "file_size", "file_sha256", "created_at", "released_at")
    list_filter = (("released_at", admin.EmptyFieldListFilter), "media_type")
    list_select_related = ("document", "created_by", "confirmed_by")
    search_fields = ("document__symbol", "document__title", "file_name", "file_sha256")
    date_hierarchy = "created_at"

    @admin.display(ordering="document__symbol")
    def symbol(self, version: Version) -> str:
        return version.document.symbol


@admin.register(Paragraph)
class ParagraphAdmin(ReadOnlyAdmin):
    list_display = ("symbol", "version_number", "position", "number", "label", "kind", "shown")
    list_filter = ("kind",)
    list_select_related = ("version__document",)
    search_fields = ("version__document__symbol", "version__document__title")
    ordering = ("-version", "position")
    exclude = ("text",)
    fields = ("version", "position", "kind", "number", "label", "shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Each row knows whether this person may read it on the portal's own pages."""
        readable = access.visible_to(request.reader).filter(pk=OuterRef("version__document"))  # type: ignore[attr-defined]
        rows = super().get_queryset(request).select_related("version__document")
        return rows.annotate(may_read=Exists(readable))

    @admin.display(ordering="version__document__symbol")
    def symbol(self, paragraph: Paragraph) -> str:
        return paragraph.version.document.symbol

    @admin.display(description="version number", ordering="version__number")
    def version_number(self, paragraph: Paragraph) -> int:
        return paragraph.version.number

    @admin.display(description="text")
    def shown(self, paragraph: Paragraph) -> str:
        return paragraph.text if paragraph.may_read else NOT_SHOWN  # type: ignore[attr-defined]
