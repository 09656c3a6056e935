"""Rows of a schema, out of the nodes of a YAML file or the lines of a CSV file. Whatever is wrong is reported."""

import csv
import difflib
import io
from pathlib import Path
from typing import Any

import yaml

from portal.forumdata.fields import Field, Refused
from portal.forumdata.reading import Report, Row, line_of, read_text

Schema = dict[str, Field]
LIST_SIGN = "|"
"""Between the values of one cell of a CSV file."""


def read_rows(node: yaml.Node, schema: Schema, file: str, report: Report) -> list[Row]:
    """A list of rows; whatever is wrong in it is reported and left out."""
    if not isinstance(node, yaml.SequenceNode):
        report.add(file, line_of(node), "A list of rows is expected here, each begun with a hyphen.")
        return []
    found = [read_row(item, schema, file, report) for item in node.value]
    return [row for row in found if row is not None]


def read_row(node: yaml.Node, schema: Schema, file: str, report: Report) -> Row | None:
    """One row with every key of the schema; keys that are not written get their default."""
    if not isinstance(node, yaml.MappingNode):
        report.add(file, line_of(node), "A row with keys and values is expected here.")
        return None
    row = Row(file, line_of(node))
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        if key in row.lines:
            report.add(file, line_of(key_node), f"The key “{key}” stands twice in this row.")
        elif key not in schema:
            report.add(file, line_of(key_node), _unknown(key, schema))
        else:
            row.lines[key] = line_of(key_node)
            row[key] = _value(value_node, schema[key], key, file, report)
    return _complete(row, schema, report)


def _complete(row: Row, schema: Schema, report: Report) -> Row:
    for key, field in schema.items():
        if field.required and key not in row.lines:
            report.add(row.file, row.line, f"The key “{key}” is missing in this row.")
        row.setdefault(key, field.empty)
    return row


def _unknown(key: str, schema: Schema) -> str:
    near = difflib.get_close_matches(key, schema, 1)
    return f"The key “{key}” is not known here{f'; perhaps “{near[0]}” is meant' if near else ''}."


def _value(node: yaml.Node, field: Field, key: str, file: str, report: Report) -> Any:
    if field.rows is not None:
        return read_rows(node, field.rows, file, report)
    if not field.many:
        return _scalar(node, field, key, file, report)
    if not isinstance(node, yaml.SequenceNode):
        report.add(file, line_of(node), f"“{key}” takes a list, as in [one, two].")
        return []
    if field.required and not node.value:
        report.add(file, line_of(node), f"“{key}” is empty.")
    values = [_scalar(item, field, key, file, report) for item in node.value]
    return [value for value in values if value not in (None, "")]


def _scalar(node: yaml.Node, field: Field, key: str, file: str, report: Report) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        report.add(file, line_of(node), f"“{key}” takes one value, not a list or keys of its own.")
        return field.default
    return _read(str(node.value), field, key, (file, line_of(node)), report)


def _read(value: str, field: Field, key: str, at: tuple[str, int], report: Report) -> Any:
    """The value of the text that stands at a file and line, or the default after reporting why it is none."""
    value = value.strip()
    if "\x00" in value:
        report.add(*at, f"“{key}” holds a character that cannot be stored.")
        return field.default
    if value == "":
        if field.required:
            report.add(*at, f"“{key}” is empty.")
        return field.default
    try:
        return field.read(value)
    except Refused as refused:
        report.add(*at, str(refused))
        return field.default


def read_table(path: Path, schema: Schema, file: str, report: Report) -> list[Row]:
    """The rows of a CSV file: UTF-8, commas, keys on the first line; several values of a cell stand between “|”."""
    text = read_text(path, file, report, hint=" Save it as CSV UTF-8.")
    if text is None:
        return []
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        keys = _header(next(lines, []), schema, file, report)
        return [
            row
            for cells in lines
            if any(cells) and (row := _table_row(keys, cells, schema, file, lines.line_num, report))
        ]
    except csv.Error as error:
        report.add(file, max(lines.line_num, 1), f"This is not well-formed CSV: {error}.")
        return []


def _header(cells: list[str], schema: Schema, file: str, report: Report) -> list[str]:
    keys = [cell.strip() for cell in cells]
    if not any(keys):
        report.add(file, 1, "The first line must hold the keys; it is empty.")
        return []
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(keys) == 1 and sign in keys[0]:
            report.add(file, 1, f"The columns are separated by {name}; save the file with commas.")
            return []
    for number, key in enumerate(keys):
        if key in keys[:number]:
            report.add(file, 1, f"The key “{key}” stands twice on the first line.")
        elif key not in schema:
            report.add(file, 1, _unknown(key, schema))
        elif schema[key].rows is not None:
            report.add(file, 1, f"“{key}” takes rows of its own, which a CSV file cannot hold; use a YAML file.")
    return keys


def _table_row(keys: list[str], cells: list[str], schema: Schema, file: str, line: int, report: Report) -> Row | None:
    """One line; None where the first line was refused already."""
    if not keys:
        return None
    row = Row(file, line)
    if len(cells) != len(keys):
        report.add(file, line, f"This line has {len(cells)} cells, the first line {len(keys)}.")
    for key, cell in zip(keys, cells, strict=False):
        field = schema.get(key)
        if field is None or field.rows is not None or not (cell.strip() or field.required):
            continue
        row.lines[key] = line
        if field.many:
            values = [_read(part, field, key, (file, line), report) for part in cell.split(LIST_SIGN)]
            row[key] = [value for value in values if value not in (None, "")]
        else:
            row[key] = _read(cell, field, key, (file, line), report)
    return _complete(row, schema, report)
