"""Rows with a first and a last day, edited on the page of what they belong to: checked together, under its lock."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from audit.admin import ListAdmin
from audit.admin.rows import RowsFormSet, RowsInline

LONG_AGO, FAR_OFF = dt.date.min, dt.date.max


def period(first: dt.date | None, last: dt.date | None) -> tuple[dt.date, dt.date]:
    """An unknown end counts as always."""
    return first or LONG_AGO, last or FAR_OFF


def in_words(first: dt.date | None, last: dt.date | None) -> str:
    begins = f"from {first:%-d %B %Y}" if first else "from a day not known"
    return f"{begins} to {last:%-d %B %Y}" if last else begins


class LockingAdmin(ListAdmin):
    """Takes the row's lock before its page is saved, so that two admins who save at once are checked one by one."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        if request.method == "POST" and connection.in_atomic_block:
            found = super().get_object(request, object_id, from_field)
            if found is None:
                return None
            # The rest of the page is read after this lock was granted.
            self.model._default_manager.select_for_update().get(pk=found.pk)
        return super().get_object(request, object_id, from_field)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """Rows that are deleted on the page go with what they belong to, though their own lists only show them."""
        rows, counts, lacking, kept = super().get_deleted_objects(objs, request)
        inlines = self.get_inline_instances(request)
        own = {one.model._meta.verbose_name for one in inlines if one.has_delete_permission(request)}
        return rows, counts, {name for name in lacking if name not in own}, kept


class DatedForm(forms.ModelForm):
    """A row that does not end before it starts."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = period(cleaned.get("from_on"), cleaned.get("to_on"))
        if last < first:
            self.add_error("to_on", "The last day is before the first.")
        return cleaned


class DatedFormSet(RowsFormSet):
    """No two rows of one participant overlap: neither on the page nor with what somebody else saved meanwhile."""

    field = "from_on"
    """Where the sentence stands."""

    def sentence(self, form: forms.ModelForm, other: str) -> str:
        return f"This overlaps with another row of the same participant, {other}. End the first before the second."

    def clean(self) -> None:
        super().clean()
        seen = list(self._unseen())
        for form in self.forms:
            data = getattr(form, "cleaned_data", None)
            if not data or data.get("DELETE") or form.errors:
                continue
            who = data.get("participant")
            first, last = period(data.get("from_on"), data.get("to_on"))
            for other, start, end, words in seen:
                if other == (who.pk if who else None) and first <= end and start <= last:
                    form.add_error(self.field, self.sentence(form, words))
                    break
            else:
                words = in_words(data.get("from_on"), data.get("to_on"))
                seen.append((who.pk if who else None, first, last, words))

    def _unseen(self) -> Iterator[tuple[int | None, dt.date, dt.date, str]]:
        """Rows in the database that the page did not hold when it was sent."""
        if self.instance.pk is None:
            return
        on_page = [form.instance.pk for form in self.initial_forms if form.instance.pk]
        key: Any = self.fk
        rows: QuerySet[Any] = self.get_queryset().model._default_manager.filter(**{key.name: self.instance.pk})
        for row in rows.exclude(pk__in=on_page):
            yield row.participant_id, *period(row.from_on, row.to_on), in_words(row.from_on, row.to_on)


class KnownAutocomplete(AutocompleteSelect):
    """Asks the database for the name of the chosen row only if the page does not know it: one query less a row."""

    known: dict[str, str] = {}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        chosen = [str(one) for one in value if one]
        if not chosen or any(one not in self.known for one in chosen):
            return super().optgroups(name, value, attr)
        options = [
            self.create_option(name, one, self.known[one], True, index, attrs=attr) for index, one in enumerate(chosen)
        ]
        return [(None, options, 0)]


class PeopledFormSet(DatedFormSet):
    """Rows that name a participant each, on the page of a body."""

    field = "participant"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(row.participant_id): str(row.participant) for row in self.get_queryset()}

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        widget = form.fields["participant"].widget
        inner = getattr(widget, "widget", widget)
        if isinstance(inner, KnownAutocomplete):
            inner.known = self.known


class PeopledInline(RowsInline):
    """Rows of a body that name a participant each."""

    form = DatedForm
    fields = ("participant", "from_on", "to_on", "mark", "source")
    autocomplete_fields = ("participant",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("participant", "body")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A participant is looked at from here; it is added, changed and deleted on pages of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "participant":
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
