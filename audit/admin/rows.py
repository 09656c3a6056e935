"""Rows edited on another row's page, with a name for each field that a screen reader can say."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst


class RowsFormSet(forms.BaseInlineFormSet):
    """Names the tick that deletes a row; Django leaves it to the head of the column."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete this row"


class RowsInline(admin.TabularInline):
    """The base of each table of rows that can be edited."""

    formset: Any = RowsFormSet
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(capfirst(db_field.verbose_name))
        return field
