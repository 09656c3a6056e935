"""The history of reference data: each change with its old and new values, who made it and when; append-only.

django-auditlog writes the entries (settings.AUDITLOG_INCLUDE_TRACKING_MODELS says for which models); migration 0003
lets none of them be changed or deleted. Here they are found and put into words.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auditlog.cid import correlation_id
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Field, Model, Q, QuerySet

ACTIONS = {LogEntry.Action.CREATE: "added", LogEntry.Action.UPDATE: "changed", LogEntry.Action.DELETE: "deleted"}
NOTHING = "–"
NOT_KEPT = "not kept"
Child = tuple[type[Model], str]
"""A model whose rows are edited on another one's page, and the name of its key to that one."""


@contextmanager
def made_by(command: str) -> Iterator[None]:
    """Changes made inside carry the name of the command that made them, in the place of a person."""
    token = correlation_id.set(command)
    try:
        yield
    finally:
        correlation_id.reset(token)


def not_kept(value: str) -> str:
    """In the place of a person's name or address: the history stays for ever, and a person can be erased."""
    return NOT_KEPT


def is_kept(model: type[Model]) -> bool:
    """Whether every change of the model's rows is kept."""
    return bool(auditlog.contains(model))


def entries_of(thing: Model, children: Sequence[Child] = ()) -> QuerySet[LogEntry]:
    """Entries of a row and of the rows that are edited on its page, also of those since deleted; latest first."""
    of = ContentType.objects.get_for_model
    wanted = Q(content_type=of(thing), object_id=thing.pk)
    for model, key in children:
        entries = LogEntry.objects.filter(content_type=of(model))
        present = model._default_manager.filter(**{key: thing.pk}).values("pk")
        once = entries.filter(changes__contains={key: [thing.pk]}).values("object_id")
        wanted |= Q(content_type=of(model)) & (Q(object_id__in=present) | Q(object_id__in=once))
    return LogEntry.objects.filter(wanted).select_related("actor", "content_type").order_by("-timestamp", "-pk")


@dataclass(frozen=True)
class Change:
    """One column: its name and both values in words."""

    name: str
    old: str
    new: str


class Entries:
    """Entries of one page, put into words; names behind foreign keys are read with one query for each model."""

    def __init__(self, entries: Sequence[LogEntry]) -> None:
        self.entries = entries

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for entry in self.entries:
            yield {
                "at": entry.timestamp,
                "who": who(entry),
                "what": kind_of(entry),
                "label": entry.object_repr,
                "action": ACTIONS.get(entry.action, "looked at"),
                "changes": list(self.changes(entry)),
            }

    def changes(self, entry: LogEntry) -> Iterator[Change]:
        """Columns in the order of the model. A new row shows new values, a deleted one the old."""
        for name, old, new in raw_changes(entry):
            field = field_of(entry, name)
            if field is not None and field.primary_key:
                continue
            before = NOTHING if entry.action == LogEntry.Action.CREATE else self.words(field, old)
            after = NOTHING if entry.action == LogEntry.Action.DELETE else self.words(field, new)
            if before != after or new == NOT_KEPT:
                yield Change(str(field.verbose_name) if field is not None else name, before, after)

    def words(self, field: "Field[Any, Any] | None", value: Any) -> str:
        if value in (None, "", []):
            return NOTHING
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(field, DateField) and not isinstance(field, DateTimeField):
            return f"{dt.date.fromisoformat(value):%-d %B %Y}"
        if isinstance(value, list):
            return ", ".join(str(one) for one in value)
        if field is not None and field.related_model:
            return self.names.get((field.related_model, str(value)), f"no. {value}")
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return str(value)

    @cached_property
    def names(self) -> dict[tuple[Any, str], str]:
        """The present names of the rows to which the page's entries point."""
        wanted: dict[Any, set[Any]] = {}
        for entry in self.entries:
            for name, *values in raw_changes(entry):
                field = field_of(entry, name)
                if field is not None and field.related_model:
                    wanted.setdefault(field.related_model, set()).update(value for value in values if value)
        return {
            (model, str(one.pk)): str(one)
            for model, keys in wanted.items()
            for one in model._default_manager.filter(pk__in=keys)
        }


def who(entry: LogEntry) -> str:
    """The person with the address, or the command, or that nobody was signed in."""
    if entry.actor:
        name, address = str(entry.actor), entry.actor.email
        return name if name == address else f"{name} ({address})"
    return f"by the command {entry.cid}" if entry.cid else "nobody signed in"


def kind_of(entry: LogEntry) -> str:
    model = entry.content_type.model_class()
    return str(model._meta.verbose_name) if model else entry.content_type.model


def raw_changes(entry: LogEntry) -> Iterator[tuple[str, Any, Any]]:
    """Name of the column, old and new value as they are stored."""
    changes = entry.changes or {}
    model = entry.content_type.model_class()
    order = [field.name for field in model._meta.fields] if model else []
    # auditlog notes what points at a new row as if that were a column of it.
    others = {one.get_accessor_name() for one in model._meta.related_objects} if model else set()
    for name in sorted(set(changes) - others, key=lambda one: order.index(one) if one in order else len(order)):
        old, new = changes[name]
        yield name, old, new


def field_of(entry: LogEntry, name: str) -> "Field[Any, Any] | None":
    """The column as the model has it today, if it still has it."""
    model = entry.content_type.model_class()
    try:
        found = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None
