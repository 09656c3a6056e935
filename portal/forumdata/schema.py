"""What each file of a forum holds: its keys, and which of them must be there."""

import difflib
from pathlib import Path
from typing import Any

import yaml

from decisions.enums import Weight
from decisions.models import Outcome, Verb
from endorsements.enums import Mode
from endorsements.models import Procedure
from meetings.enums import Capacity, Format, MeetingState
from meetings.models import Meeting, Series
from members.enums import BodyKind, Kind, Mark, StandingKind
from members.models import Alias, Body, BodyMembership, Forum, Participant, Standing
from portal.forumdata import fields as f
from portal.forumdata.fields import Field, Refused
from portal.forumdata.reading import Report, Row, compose, line_of

Schema = dict[str, Field]

MARK = Field(f.one_of([mark.value for mark in Mark]), default=Mark.A.value)
DATED: Schema = {"from": Field(f.first_day, default=None), "to": Field(f.last_day, default=None), "mark": MARK}
YES_NO = Field(f.yes_or_no, default=False)

FORUM: Schema = {
    **{name: Field(f.column(Forum, name), required=True) for name in ("name", "short_name", "secretariat")},
    "secretariat_place": Field(f.column(Forum, "secretariat_place"), required=True),
    "secretariat_abbreviation": Field(f.column(Forum, "secretariat_abbreviation")),
    "summary": Field(f.column(Forum, "summary")),
    "about": Field(f.text(), many=True),
    "founded_year": Field(f.whole(1648, 2100), default=None),
    "time_zone": Field(f.zone, required=True),
    "holiday_country": Field(f.code),
    "number_series": Field(f.column(Forum, "number_series"), required=True),
    "mark": MARK,
    "source": Field(f.text()),
}
SOURCES: Schema = {"tag": Field(f.text(20), required=True), "text": Field(f.text(), required=True)}
PLACES: Schema = {
    "name": Field(f.column(Meeting, "place"), required=True),
    "country": Field(f.column(Meeting, "country"), required=True),
    "host": Field(f.code, default=None),
    "time_zone": Field(f.zone, required=True),
    "latitude": Field(f.degrees(90), default=None),
    "longitude": Field(f.degrees(180), default=None),
}
PARTICIPANTS: Schema = {
    "code": Field(f.code, required=True),
    "kind": Field(f.one_of([kind.value for kind in Kind]), required=True),
    "name": Field(f.column(Participant, "short_name"), required=True),
    "slug": Field(f.slug),
    "sort": Field(f.column(Participant, "sort_key")),
    "formal_name": Field(f.column(Participant, "formal_name")),
    "aliases": Field(f.column(Alias, "name"), many=True),
    "city": Field(f.column(Participant, "city")),
    "time_zone": Field(f.zone),
    "latitude": Field(f.degrees(90), default=None),
    "longitude": Field(f.degrees(180), default=None),
    "mark": MARK,
    "source": Field(f.column(Participant, "source")),
    "standing": Field(
        rows={
            "as": Field(f.one_of([standing.value for standing in StandingKind]), required=True),
            **DATED,
            "source": Field(f.column(Standing, "source")),
        }
    ),
}
OF_BODY: Schema = {
    "who": Field(f.code, required=True, many=True),
    **DATED,
    "source": Field(f.column(BodyMembership, "source")),
}
BODIES: Schema = {
    "slug": Field(f.slug, required=True),
    "name": Field(f.column(Body, "name"), required=True),
    "abbreviation": Field(f.column(Body, "abbreviation")),
    "kind": Field(f.one_of([kind.value for kind in BodyKind]), required=True),
    "parent": Field(f.slug, default=None),
    "summary": Field(f.column(Body, "summary")),
    "takes_all_members": YES_NO,
    "is_current": Field(f.yes_or_no, default=True),
    "mark": MARK,
    "source": Field(f.column(Body, "source")),
    "members": Field(rows=OF_BODY),
    "chairs": Field(rows=OF_BODY),
}
SERIES: Schema = {
    "slug": Field(f.slug, required=True),
    "name": Field(f.column(Series, "name"), required=True),
    "abbreviation": Field(f.column(Series, "abbreviation")),
    "body": Field(f.slug, required=True),
}
VERBS: Schema = {
    "word": Field(f.column(Verb, "word"), required=True),
    "heading": Field(f.column(Verb, "heading"), required=True),
    "weight": Field(f.one_of([weight.value for weight in Weight]), required=True),
}
PROCEDURES: Schema = {
    "slug": Field(f.slug, required=True),
    "name": Field(f.column(Procedure, "name"), required=True),
    "body": Field(f.slug, default=None),
    "mode": Field(f.one_of([mode.value for mode in Mode]), required=True),
    "min_working_days": Field(f.whole(0, 365), required=True),
    "usual_hour": Field(f.time, required=True),
    "objections_that_stop": Field(f.whole(1, 1000), required=True),
    "stops_at_once": Field(f.yes_or_no, required=True),
    "proposals_stop": Field(f.yes_or_no, required=True),
    "counts_organisations": Field(f.yes_or_no, required=True),
    "unreached_hold": Field(f.yes_or_no, required=True),
    "sentence": Field(f.text(), required=True),
}
PROPOSALS: Schema = {
    "ref": Field(f.slug, required=True),
    "text": Field(f.text(), required=True),
    "body": Field(f.slug, default=None),
    "label": Field(f.column(Outcome, "label")),
}
OUTCOMES: Schema = {
    **PROPOSALS,
    "actor": Field(f.column(Outcome, "actor"), required=True),
    "verb": Field(f.column(Verb, "word"), required=True),
    "is_background": YES_NO,
    "needs_review": Field(f.column(Outcome, "needs_review")),
    "proposals": Field(rows=PROPOSALS),
}
MEETINGS: Schema = {
    "slug": Field(f.slug, required=True),
    "series": Field(f.slug, required=True),
    "ordinal": Field(f.column(Meeting, "ordinal")),
    "symbol": Field(f.column(Meeting, "symbol")),
    "title": Field(f.column(Meeting, "title"), required=True),
    "summary": Field(f.text()),
    "purpose": Field(f.text(), many=True),
    "place": Field(f.column(Meeting, "place")),
    "from": Field(f.day, default=None),
    "to": Field(f.day, default=None),
    "words": Field(f.column(Meeting, "planned_text")),
    "earliest": Field(f.day, default=None),
    "latest": Field(f.day, default=None),
    "format": Field(f.one_of([form.value for form in Format]), default=Format.IN_PERSON.value),
    "state": Field(f.one_of([state.value for state in MeetingState]), required=True),
    "is_public_in_part": YES_NO,
    "published_on": Field(f.day, default=None),
    "co_chairs": Field(f.code, many=True),
    "next": Field(f.column(Meeting, "next_text")),
    "source": Field(f.text()),
    "attendance": Field(
        rows={
            "who": Field(f.code, required=True, many=True),
            "as": Field(f.one_of([capacity.value for capacity in Capacity]), required=True),
        }
    ),
    "outcomes": Field(rows=OUTCOMES),
    "notes": Field(rows={"text": Field(f.text(), required=True), "source": Field(f.text())}),
}

FILES: dict[str, Schema] = {
    "sources": SOURCES,
    "participants": PARTICIPANTS,
    "places": PLACES,
    "bodies": BODIES,
    "series": SERIES,
    "verbs": VERBS,
    "procedures": PROCEDURES,
}


class ForumFiles:
    """All rows of a forum's folder, read and each checked by itself."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.report = report
        self.files = 0
        self.forum = self._forum(folder / "forum.yaml")
        self.rows: dict[str, list[Row]] = {
            name: self._list(folder / f"{name}.yaml", schema) for name, schema in FILES.items()
        }
        self.rows["meetings"] = [
            row for path in sorted((folder / "meetings").glob("*.yaml")) for row in self._list(path, MEETINGS)
        ]
        self._strangers(folder)

    def _forum(self, path: Path) -> Row:
        node = compose(path, str(path), self.report)
        if node is None:
            return Row(str(path), 1)
        self.files += 1
        return read_row(node, FORUM, str(path), self.report) or Row(str(path), 1)

    def _list(self, path: Path, schema: Schema) -> list[Row]:
        node = compose(path, str(path), self.report)
        if node is None:
            return []
        self.files += 1
        return read_rows(node, schema, str(path), self.report)

    def _strangers(self, folder: Path) -> None:
        known = {"forum.yaml", *(f"{name}.yaml" for name in FILES)}
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("**/*.yml")]):
            if path.name not in known:
                self.report.add(
                    str(path), 1, f"No file of this name is read here; known are {', '.join(sorted(known))}."
                )


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
    for key, field in schema.items():
        if field.required and key not in row.lines:
            report.add(file, row.line, f"The key “{key}” is missing in this row.")
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
    value = str(node.value).strip()
    if "\x00" in value:
        report.add(file, line_of(node), f"“{key}” holds a character that cannot be stored.")
        return field.default
    if value == "":
        if field.required:
            report.add(file, line_of(node), f"“{key}” is empty.")
        return field.default
    try:
        return field.read(value)
    except Refused as refused:
        report.add(file, line_of(node), str(refused))
        return field.default
