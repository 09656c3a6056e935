"""Writes one row at a time, and knows what the files said the last time.

Three values meet in each column: what the file has now, what it had at the last load, what the database has. A file
that was not edited since leaves alone what was changed in the portal; a file that was edited changes the database;
where both were edited, the load stops and says so.
"""

import json
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from portal.forumdata.reading import Report, Row
from portal.forumdata.schema import ForumFiles
from portal.models import LoadedRow

Thing = TypeVar("Thing", bound=models.Model)


class Tally:
    def __init__(self) -> None:
        self.new = self.changed = self.same = self.kept = 0

    def __str__(self) -> str:
        said = f"{self.new} new, {self.changed} changed, {self.same} unchanged"
        return f"{said}, {self.kept} kept as edited in the portal" if self.kept else said


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them."""
    found: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return found


class Writer:
    """Writes rows and counts them. Inside one transaction; `remember` ends it."""

    def __init__(self, files: ForumFiles, *, files_win: bool = False) -> None:
        self.files = files
        self.rows = files.rows
        self.report: Report = files.report
        self.files_win = files_win
        self.sources = {row["tag"]: row["text"] for row in self.rows["sources"]}
        self.tally = Tally()
        self.loaded = {(one.model, one.ref): one.values for one in LoadedRow.objects.all()}
        self.fresh: dict[tuple[str, str], dict[str, Any]] = {}

    def put(
        self, model: type[Thing], found: Thing | None, values: dict[str, Any], row: Row, at: str, **key: Any
    ) -> Thing:
        """Make the row, or change what the file changed. `at` names it among the rows of its model."""
        last = self._last(model, at, values)
        if found is None:
            self.tally.new += 1
            return model._default_manager.create(**key, **values)
        differing = [name for name, value in values.items() if getattr(found, name) != value]
        wanted = plain(values)
        edited = [name for name in differing if last is None or self.files_win or last.get(name) != wanted[name]]
        if last is not None and not self.files_win:
            stored = plain({name: getattr(found, name) for name in edited})
            for name in [name for name in edited if name in last and stored[name] != last[name]]:
                self._both(row, name, stored[name])
        for name in edited:
            setattr(found, name, values[name])
        if edited:
            found.save(update_fields=[name.removesuffix("_id") for name in edited])
            self.tally.changed += 1
        elif differing:
            self.tally.kept += 1
        else:
            self.tally.same += 1
        return found

    def put_leaf(
        self, model: type[Thing], found: Thing | None, values: dict[str, Any], row: Row, at: str, **key: Any
    ) -> Thing | None:
        """The same for a row to which no other refers: taken out in the portal, it stays out."""
        was_loaded = (model._meta.label, at) in self.loaded and not self.files_win
        if found is None and was_loaded:
            self._last(model, at, values)
            self.tally.kept += 1
            return None
        return self.put(model, found, values, row, at, **key)

    def put_all(
        self, model: type[Thing], by: str, rows: Iterable[tuple[Hashable, dict[str, Any], Row]], *, leaf: bool = False
    ) -> dict[Any, Thing]:
        """Rows of a table by their natural key."""
        found: dict[Any, Thing] = {getattr(one, by): one for one in model._default_manager.all()}
        put = self.put_leaf if leaf else self.put
        for key, values, row in rows:
            written = put(model, found.get(key), values, row, str(key), **{by: key})
            if written is not None:
                found[key] = written
        return found

    def chosen(self, name: str, ref: str, wanted: Sequence[int], before: Sequence[int]) -> Sequence[int]:
        """For a set of related rows, by their keys: those to have now. The file's when it was edited, else `before`."""
        values = {"ids": sorted(wanted)}
        last = self._last(name, ref, values)
        if last is None or self.files_win or last["ids"] != values["ids"]:
            return values["ids"]
        return before

    def remember(self) -> None:
        """Keep what the files say now, for the next load."""
        changed = [
            LoadedRow(model=model, ref=ref, values=values)
            for (model, ref), values in self.fresh.items()
            if self.loaded.get((model, ref)) != values
        ]
        LoadedRow.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["model", "ref"], update_fields=["values"], batch_size=1000
        )

    def _last(self, model: type[models.Model] | str, ref: str, values: dict[str, Any]) -> dict[str, Any] | None:
        label = model if isinstance(model, str) else model._meta.label
        self.fresh[label, ref] = plain(values)
        return self.loaded.get((label, ref))

    def _both(self, row: Row, name: str, stored: Any) -> None:
        self.report.add(
            row.file,
            row.line,
            f"“{name}” of this row was edited here and in the portal, where it is “{stored}” now. Make both the same, "
            "or load with --files-win.",
        )
