"""Checks that need more than one value: names used twice, references to nothing, periods that overlap."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from endorsements.enums import Mode
from meetings.models import Meeting, MeetingNote
from members.names import fold
from portal.forumdata.reading import Report, Row
from portal.forumdata.schema import ForumFiles

FIRST, LAST = dt.date.min, dt.date.max
CHAIRS_TWICE = "{who} co-chairs this body already at that time; co-chairs are different participants."


def source_text(tags: str, sources: dict[str, str]) -> str:
    """The texts behind the tags, as a page prints them."""
    return "; ".join(sources[tag] for tag in split(tags) if tag in sources)


def split(tags: str) -> list[str]:
    return [tag.strip() for tag in tags.split(",") if tag.strip()]


def period(row: Row) -> tuple[dt.date, dt.date]:
    """First and last day of a row; a day that is not known counts as always."""
    return row["from"] or FIRST, row["to"] or LAST


def overlaps(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def check(files: ForumFiles) -> None:
    """Report every fault between rows. Nothing is changed."""
    Checks(files).run()


class Checks:
    def __init__(self, files: ForumFiles) -> None:
        self.files = files
        self.rows = files.rows
        self.report: Report = files.report
        self.sources = {row["tag"]: row["text"] for row in self.rows["sources"]}
        self.codes = {row["code"] for row in self.rows["participants"]}
        self.places = {row["name"] for row in self.rows["places"]}
        self.bodies = {row["slug"] for row in self.rows["bodies"]}
        self.series = {row["slug"] for row in self.rows["series"]}
        self.verbs = {row["word"] for row in self.rows["verbs"]}
        self.stages = [row["slug"] for row in self.rows["admission_stages"]]

    def run(self) -> None:
        self._once()
        self._names()
        self._sources()
        self._participants()
        self._bodies()
        self._series()
        self._mergers()
        for row in self.rows["addresses"]:
            self._known(row, "participant", self.codes, "participant with the code")
        for row in self.rows["admission_stages"]:
            self._known(row, "body", self.bodies, "body")
        for row in self.rows["admissions"]:
            self._admission(row)
        for row in self.rows["meetings"]:
            self._meeting(row)
        self._outcomes()

    def _add(self, row: Row, key: str, sentence: str) -> None:
        self.report.add(row.file, row.at(key), sentence)

    def _known(self, row: Row, key: str, known: set[str], what: str) -> None:
        """A reference is in its list. When that list could not be read at all, only its own problem is told."""
        values = row[key] if isinstance(row[key], list) else [row[key]]
        for value in values if known else []:
            if value and value not in known:
                self._add(row, key, f"There is no {what} “{value}”.")

    def _unique(self, rows: Iterable[Row], key: str, what: str) -> None:
        seen: dict[Any, Row] = {}
        for row in rows:
            value = row[key]
            if not value:
                continue
            if value in seen:
                first = seen[value]
                self._add(row, key, f"The {what} “{value}” is used twice, first in {first.file}, line {first.at(key)}.")
            else:
                seen[value] = row

    def _once(self) -> None:
        for name, key, what in (
            ("sources", "tag", "tag"),
            ("participants", "code", "code"),
            ("participants", "slug", "slug"),
            ("places", "name", "place"),
            ("bodies", "slug", "slug"),
            ("series", "slug", "slug"),
            ("verbs", "word", "verb"),
            ("procedures", "slug", "slug"),
            ("meetings", "slug", "slug"),
            ("admission_stages", "slug", "slug"),
            ("mergers", "participant", "participant"),
        ):
            self._unique(self.rows[name], key, what)

    def _names(self) -> None:
        """No two participants share a spelling, whether it is a name or an alias."""
        owner: dict[str, tuple[str, str]] = {}
        for row in self.rows["participants"]:
            for key, name in names_of(row):
                folded = fold(name)
                code, where = owner.setdefault(folded, (row["code"], f"{row.file}, line {row.at(key)}"))
                if code != row["code"]:
                    self._add(row, key, f"The name “{name}” belongs to {code} already ({where}).")

    def _sources(self) -> None:
        for row in self._all_rows(self.files.forum, *(row for rows in self.rows.values() for row in rows)):
            for tag in split(row.get("source") or ""):
                if tag not in self.sources:
                    self._add(row, "source", f"There is no source with the tag “{tag}” in sources.yaml.")

    def _all_rows(self, *rows: Row) -> Iterator[Row]:
        for row in rows:
            yield row
            for value in row.values():
                if isinstance(value, list):
                    yield from self._all_rows(*(one for one in value if isinstance(one, Row)))

    def _participants(self) -> None:
        for row in self.rows["participants"]:
            self._periods([(row["code"], one) for one in row["standing"]], "standing")
            self._unique(row["former_names"], "to", "last day")
            if (row["latitude"] is None) != (row["longitude"] is None):
                self._add(row, "latitude", "Latitude and longitude go together; one of them is missing.")

    def _periods(self, rows: list[tuple[str, Row]], what: str) -> None:
        """No period ends before it starts, and no two of one participant overlap."""
        again = CHAIRS_TWICE if what == "chair" else "The {what} of {who} overlaps with another one in this list."
        seen: dict[str, list[Row]] = {}
        for who, row in rows:
            if row["from"] and row["to"] and row["to"] < row["from"]:
                self._add(row, "to", f"The {what} of {who} ends on {row['to']}, before it starts on {row['from']}.")
                continue
            if any(overlaps(period(row), period(other)) for other in seen.setdefault(who, [])):
                self._add(row, "from", again.format(what=what, who=who))
            seen[who].append(row)

    def _bodies(self) -> None:
        above: set[str] = set()
        for row in self.rows["bodies"]:
            self._known(row, "parent", self.bodies, "body")
            if row["parent"] in self.bodies and row["parent"] not in above:
                self._add(row, "parent", f"The body “{row['parent']}” must stand above the bodies under it.")
            above.add(row["slug"])
            for key, what in (("members", "membership"), ("chairs", "chair")):
                for one in row[key]:
                    self._known(one, "who", self.codes, "participant with the code")
                self._periods([(who, one) for one in row[key] for who in one["who"]], what)
            if row["takes_all_members"] and row["members"]:
                self._add(row, "members", "A body that takes all members keeps no list of them.")

    def _series(self) -> None:
        for row in [*self.rows["series"], *self.rows["procedures"]]:
            self._known(row, "body", self.bodies, "body")
        for row in self.rows["procedures"]:
            is_explicit = row["mode"] == Mode.EXPLICIT
            if is_explicit and row["objections_that_stop"] != 1:
                self._add(row, "objections_that_stop", "In an explicit endorsement one objection stops the draft: 1.")
            if row["quorum"] is not None and not is_explicit:
                self._add(row, "quorum", "Only an explicit endorsement has a number of answers needed.")
        for row in self.rows["places"]:
            self._known(row, "host", self.codes, "participant with the code")
            if (row["latitude"] is None) != (row["longitude"] is None):
                self._add(row, "latitude", "Latitude and longitude go together; one of them is missing.")

    def _mergers(self) -> None:
        gone = {row["participant"] for row in self.rows["mergers"]}
        for row in self.rows["mergers"]:
            for key in ("participant", "into"):
                self._known(row, key, self.codes, "participant with the code")
            if row["into"] in gone:
                self._add(row, "into", f"{row['into']} became part of another participant itself; name that one.")

    def _admission(self, row: Row) -> None:
        self._known(row, "who", self.codes, "participant with the code")
        self._known(row, "body", self.bodies, "body")
        if bool(row["as"]) == bool(row["body"]):
            self._add(row, "as", "An admission has either “as” (into the forum) or “body”.")
        latest = None
        for at, step in enumerate(row["steps"]):
            self._known(step, "stage", set(self.stages), "stage of an admission")
            before = [one["stage"] for one in row["steps"][:at]]
            if any(self._place(one) >= self._place(step["stage"]) for one in before):
                self._add(step, "stage", "The steps of an admission stand in the order of their stages, each once.")
            if step["on"] and latest and step["on"] < latest:
                self._add(step, "on", f"This step is dated {step['on']}, before the one above it, {latest}.")
            latest = step["on"] or latest
        if row["steps"] and self.stages and row["steps"][-1]["stage"] == self.stages[-1]:
            self._led_to(row, row["steps"][-1])

    def _place(self, stage: str) -> int:
        return self.stages.index(stage) if stage in self.stages else len(self.stages)

    def _led_to(self, row: Row, last: Row) -> None:
        """The day of the last stage is the first day of a standing or membership."""
        for who in row["who"]:
            if row["body"]:
                bodies = [one for one in self.rows["bodies"] if one["slug"] == row["body"]]
                starts = [one["from"] for body in bodies for one in body["members"] if who in one["who"]]
                what = f"membership of {row['body']}"
            else:
                found = [one for one in self.rows["participants"] if one["code"] == who]
                starts = [one["from"] for of in found for one in of["standing"] if one["as"] == row["as"]]
                what = f"standing as {row['as']}"
            if last["on"] and last["on"] not in starts:
                self._add(last, "on", f"The admission of {who} ends on {last['on']}, but no {what} starts on that day.")

    def _meeting(self, row: Row) -> None:
        self._known(row, "series", self.series, "series")
        self._known(row, "place", self.places, "place")
        self._known(row, "co_chairs", self.codes, "participant with the code")
        self._days(row)
        self._length(row, Meeting, "source")
        for note in row["notes"]:
            self._length(note, MeetingNote, "source")
        seen: set[str] = set()
        for one in row["attendance"]:
            self._known(one, "who", self.codes, "participant with the code")
            for who in one["who"]:
                if who in seen:
                    self._add(one, "who", f"{who} stands twice in the attendance of this meeting.")
                seen.add(who)

    def _days(self, row: Row) -> None:
        if row["to"] and not row["from"]:
            self._add(row, "to", "The last day is given without the first; add “from”.")
        if row["from"] and row["to"] and row["to"] < row["from"]:
            self._add(row, "to", f"The meeting ends on {row['to']}, before it starts on {row['from']}.")
        if row["from"]:
            for key in ("earliest", "latest"):
                if row[key]:
                    self._add(row, key, f"“{key}” is for a meeting whose days are not known; this one has “from”.")
            return
        if "from" in row.lines or "to" in row.lines:
            return
        if not (row["earliest"] and row["latest"] and row["words"]):
            self._add(row, "words", "A meeting needs “from”, or else “words”, “earliest” and “latest”.")
        elif row["latest"] < row["earliest"]:
            self._add(row, "latest", f"The latest day, {row['latest']}, lies before the earliest, {row['earliest']}.")

    def _length(self, row: Row, model: type[Meeting] | type[MeetingNote], key: str) -> None:
        longest = model._meta.get_field(key).max_length or 0  # type: ignore[union-attr]
        if len(source_text(row[key], self.sources)) > longest:
            self._add(row, key, f"The texts of these sources have more than {longest} characters together.")

    def _outcomes(self) -> None:
        rows = [row for meeting in self.rows["meetings"] for row in meeting["outcomes"]]
        proposals = [one for row in rows for one in row["proposals"]]
        self._unique([*rows, *proposals], "ref", "reference")
        for row in rows:
            self._known(row, "verb", self.verbs, "verb")
        for row in [*rows, *proposals]:
            self._known(row, "body", self.bodies, "body")
        if proposals and "proposed" not in self.verbs:
            self._add(proposals[0], "ref", "There is no verb “proposed”, which proposals take.")


def names_of(row: Row) -> Iterator[tuple[str, str]]:
    """Every spelling of a participant with the key it stands under; each spelling once."""
    seen: set[str] = set()
    former = [name for one in row["former_names"] for name in (one["name"], one["formal_name"])]
    for key, names in (
        ("name", [row["name"]]),
        ("formal_name", [row["formal_name"]]),
        ("aliases", row["aliases"]),
        ("former_names", former),
    ):
        for name in names:
            if name and fold(name) not in seen:
                seen.add(fold(name))
                yield key, name
