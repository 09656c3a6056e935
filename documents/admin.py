"""Documents in Django admin: to be found and read. They have a state, so nothing is changed here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from documents.models import Document, Paragraph, Version
from members.admin import NothingChanges


class ReadOnlyAdmin(NothingChanges, admin.ModelAdmin):
    """To look at; every change is a deed on the pages of the portal."""

    list_per_page = 50
    show_full_result_count = False


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("symbol", "title", "kind", "body", "state", "audience", "created_at", "is_sample")
    list_filter = ("state", "kind", "body", "is_sample")
    list_select_related = ("body",)
    search_fields = ("symbol", "title")


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ("symbol", "number", "file_name", "file_size", "file_sha256", "created_at", "released_at")
    list_filter = (("released_at", admin.EmptyFieldListFilter), "media_type")
    list_select_related = ("document",)
    search_fields = ("document__symbol", "document__title", "file_name", "file_sha256")

    @admin.display(ordering="document__symbol")
    def symbol(self, version: Version) -> str:
        return version.document.symbol


@admin.register(Paragraph)
class ParagraphAdmin(ReadOnlyAdmin):
    list_display = ("symbol", "version_number", "position", "number", "label", "kind", "beginning")
    list_filter = ("kind",)
    list_select_related = ("version__document",)
    search_fields = ("text", "version__document__symbol")
    ordering = ("-version", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("version__document")

    @admin.display(ordering="version__document__symbol")
    def symbol(self, paragraph: Paragraph) -> str:
        return paragraph.version.document.symbol

    @admin.display(description="version", ordering="version__number")
    def version_number(self, paragraph: Paragraph) -> int:
        return paragraph.version.number

    @admin.display(description="text")
    def beginning(self, paragraph: Paragraph) -> str:
        return paragraph.text[:80]
