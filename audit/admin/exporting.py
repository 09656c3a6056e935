"""Export of a list as CSV or XLSX: what its search and filters show, no secret, no cell that a spreadsheet runs."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import DateTimeField, Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from import_export.admin import ExportMixin
from import_export.fields import Field as Column
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm
from import_export.resources import Resource
from import_export.widgets import Widget
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from tablib import Dataset

from audit.files import inert
from audit.services import record_audit

MOST_ROWS = 25_000
"""More is refused with a sentence: the file is made in memory."""
NEVER = {"password", "salt", "lease", "key", "session_key", "session_data"}
"""Columns that leave the portal by no export, whatever the page shows."""


def cell(value: Any) -> Any:
    """A value as it stands in the file: numbers, days and yes/no stay what they are, times are UTC, text is inert."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, dt.date | dt.time):
        return value
    if isinstance(value, list):
        return inert(", ".join(str(one) for one in value))
    if isinstance(value, dict):
        return inert(json.dumps(value, ensure_ascii=False, sort_keys=True))
    return inert(str(value))


class Cell(Widget):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return cell(value)


class Computed(Column):
    """A column of the list that the admin class computes."""

    def __init__(self, method: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.method = method

    def get_value(self, instance: Model) -> Any:
        return self.method(instance)

    def __deepcopy__(self, memo: Any) -> "Computed":
        """A resource copies its columns; a copy of the method would be one of the whole admin class."""
        return self


class ListResource(Resource):
    """What import-export asks of the thing that it exports: here one list with its columns."""

    class Meta:
        chunk_size = 1000

    @classmethod
    def get_display_name(cls) -> str:
        return "List"


class SafeCsv(CSV):
    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(dataset.headers)
        writer.writerows(dataset)
        return file.getvalue()

    def get_title(self) -> str:
        return "CSV (text, UTF-8)"


class SafeXlsx(XLSX):
    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("List")
        sheet.freeze_panes = "A2"
        heads = [WriteOnlyCell(sheet, value=head) for head in dataset.headers]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        for row in dataset:
            sheet.append(row)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def get_title(self) -> str:
        return "XLSX (Excel, LibreOffice)"


class FormatForm(ExportForm):
    """Which of the formats; the first is chosen."""

    def __init__(self, formats: Any, resources: Any, **kwargs: Any) -> None:
        super().__init__(formats, resources, **kwargs)
        choices = [choice for choice in self.fields["format"].choices if choice[0]]
        self.fields["format"] = forms.ChoiceField(
            label="Format", choices=choices, initial=choices[0][0], widget=forms.RadioSelect
        )


class ListExport(ExportMixin):
    """For an admin class: the export of its list. One audit row says who, which list, how many rows, which filter."""

    formats = [SafeXlsx, SafeCsv]
    export_form_class = FormatForm
    to_encoding = "utf-8-sig"

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Superusers who may see the list."""
        return bool(request.user.is_superuser and self.has_view_permission(request))

    def export_fields(self, request: HttpRequest) -> "list[Field[Any, Any]]":
        """Columns of the table that the page of a row may show as well."""
        left_out = NEVER | set(self.get_exclude(request) or ())
        fields = self.model._meta.concrete_fields
        return [field for field in fields if field.name not in left_out and "token" not in field.name]

    def get_export_resource_classes(self, request: HttpRequest) -> list[type[Resource]]:
        columns: dict[str, Column] = {}
        for field in self.export_fields(request):
            is_time = isinstance(field, DateTimeField)
            head = f"{field.verbose_name} (UTC)" if is_time else str(field.verbose_name)
            columns[field.name] = Column(attribute=field.name, column_name=head, widget=Cell())
        for name in self.get_list_display(request):
            method = getattr(self, name, None) if isinstance(name, str) and name not in columns else None
            if method is not None:
                head = str(getattr(method, "short_description", name.replace("_", " ")))
                columns[name] = Computed(method, column_name=head, widget=Cell())
        return [type("List", (ListResource,), columns)]

    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The list's own rows, with what its columns name joined."""
        joined = [field.name for field in self.export_fields(request) if field.is_relation]
        found: QuerySet[Any] = super().get_export_queryset(request)
        return found.select_related(*joined) if joined else found

    def init_request_context_data(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().init_request_context_data(request, form)
        title = f"Export {self.model._meta.verbose_name_plural}"
        return {
            **context,
            "title": title,
            "rows": self.get_export_queryset(request).count(),
            "most_rows": f"{MOST_ROWS:,}",
        }

    def _do_file_export(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], export_form: Any = None
    ) -> HttpResponse:
        with transaction.atomic():
            rows = queryset.count()
            if rows > MOST_ROWS:
                sentence = f"These are {rows} rows; an export holds at most {MOST_ROWS}. Narrow the list by a filter."
                messages.error(request, sentence)
                return HttpResponseRedirect(request.get_full_path())
            response: HttpResponse = super()._do_file_export(file_format, request, queryset, export_form)
            record_audit(
                "list.exported",
                actor=request.user,  # type: ignore[arg-type]
                kind="list",
                ref=self.model._meta.label_lower,
                label=str(self.model._meta.verbose_name_plural),
                detail={"rows": rows, "format": file_format.get_extension(), "filter": request.GET.urlencode()},
            )
        return response
