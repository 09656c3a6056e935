"""What each file of a forum holds: its keys, and which of them must be there."""

from pathlib import Path

from decisions.enums import Weight
from decisions.models import Outcome, Verb
from endorsements.enums import Mode
from endorsements.models import Procedure
from meetings.enums import Capacity, Format, MeetingState
from meetings.models import Meeting, Series, SeriesTask
from members.enums import BodyKind, Kind, Mark, StandingKind
from members.models import (
    AdmissionStage,
    AdmissionStep,
    Alias,
    Body,
    BodyMembership,
    FormerName,
    Forum,
    Merger,
    OfficialAddress,
    Participant,
    Standing,
)
from portal.forumdata import fields as f
from portal.forumdata.fields import Field
from portal.forumdata.reading import Report, Row, compose
from portal.forumdata.rows import Schema, read_row, read_rows, read_table

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
    "formal_mark": MARK,
    "languages": Field(f.text(40), many=True),
    "other_time_zones": Field(f.zone, many=True),
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
    "former_names": Field(
        rows={
            "name": Field(f.column(FormerName, "short_name"), required=True),
            "formal_name": Field(f.column(FormerName, "formal_name")),
            "to": Field(f.day, required=True, default=None),
            "mark": MARK,
            "source": Field(f.column(FormerName, "source")),
        }
    ),
}
ADDRESSES: Schema = {
    "participant": Field(f.code, required=True),
    "email": Field(f.email, required=True),
    "label": Field(f.column(OfficialAddress, "label")),
}
MERGERS: Schema = {
    "participant": Field(f.code, required=True),
    "into": Field(f.code, required=True),
    "on": Field(f.day, required=True, default=None),
    "mark": MARK,
    "source": Field(f.column(Merger, "source")),
}
ADMISSION_STAGES: Schema = {
    "slug": Field(f.slug, required=True),
    "word": Field(f.column(AdmissionStage, "word"), required=True),
    "sentence": Field(f.column(AdmissionStage, "sentence"), required=True),
    "body": Field(f.slug, default=None),
}
ADMISSIONS: Schema = {
    "who": Field(f.code, required=True, many=True),
    "as": Field(f.one_of([standing.value for standing in StandingKind])),
    "body": Field(f.slug, default=None),
    "steps": Field(
        rows={
            "stage": Field(f.slug, required=True),
            "on": Field(f.day, default=None),
            "mark": MARK,
            "source": Field(f.column(AdmissionStep, "source"), required=True),
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
    "also_called": Field(f.text(120), many=True),
    "set_up": Field(f.column(Body, "set_up")),
    "summary": Field(f.column(Body, "summary")),
    "terms_of_reference": Field(f.text(), many=True),
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
    "checklist": Field(
        rows={
            "text": Field(f.column(SeriesTask, "text"), required=True),
            "days": Field(f.whole(0, 730), required=True),
            "who": Field(f.column(SeriesTask, "who")),
        }
    ),
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
    "min_hours": Field(f.whole(1, 8760), default=None),
    "usual_hour": Field(f.time, required=True),
    "objections_that_stop": Field(f.whole(1, 1000), required=True),
    "stops_at_once": Field(f.yes_or_no, required=True),
    "proposals_stop": Field(f.yes_or_no, required=True),
    "quorum": Field(f.whole(1, 1000), default=None),
    "closes_early": Field(f.yes_or_no, default=False),
    "counts_organisations": Field(f.yes_or_no, required=True),
    "unreached_hold": Field(f.yes_or_no, required=True),
    "may_extend": Field(f.yes_or_no, default=True),
    "longest_days": Field(f.whole(1, 3660), default=None),
    "reminder_hours": Field(f.whole(1, 8760), many=True),
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
    "addresses": ADDRESSES,
    "mergers": MERGERS,
    "admission_stages": ADMISSION_STAGES,
    "admissions": ADMISSIONS,
}
OPTIONAL = {"addresses", "mergers", "admission_stages", "admissions"}
"""A forum need not have these files."""


class ForumFiles:
    """All rows of a forum's folder, read and each checked by itself."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.report = report
        self.files = 0
        self.forum = self._forum(folder / "forum.yaml")
        self.rows: dict[str, list[Row]] = {name: self._either(folder, name, schema) for name, schema in FILES.items()}
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

    def _either(self, folder: Path, name: str, schema: Schema) -> list[Row]:
        """The list of a name, from its YAML file or its CSV file."""
        path, table = folder / f"{name}.yaml", folder / f"{name}.csv"
        if path.exists() and table.exists():
            self.report.add(str(table), 1, f"{path.name} and {table.name} hold the same list; keep one of them.")
        elif table.exists():
            self.files += 1
            return read_table(table, schema, str(table), self.report)
        elif name in OPTIONAL and not path.exists():
            return []
        return self._list(path, schema)

    def _list(self, path: Path, schema: Schema) -> list[Row]:
        node = compose(path, str(path), self.report)
        if node is None:
            return []
        self.files += 1
        return read_rows(node, schema, str(path), self.report)

    def _strangers(self, folder: Path) -> None:
        known = {"forum.yaml", *(f"{name}.{kind}" for name in FILES for kind in ("yaml", "csv"))}
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("**/*.yml"), *folder.glob("*.csv")]):
            if path.name not in known:
                self.report.add(
                    str(path), 1, f"No file of this name is read here; known are {', '.join(sorted(known))}."
                )
