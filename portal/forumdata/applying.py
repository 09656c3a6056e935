"""Writes checked rows to the tables: what is new is made, what differs is changed, what is gone from a file stays."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.utils.text import slugify

from audit.services import record_audit
from decisions.models import Verb
from endorsements.models import Procedure
from meetings.models import Series
from members.models import Alias, Body, BodyChair, BodyMembership, Forum, Participant, Standing
from members.names import fold
from portal.forumdata.checking import FIRST, LAST, names_of, overlaps, period, split
from portal.forumdata.reading import Report, Row
from portal.forumdata.schema import ForumFiles

Thing = TypeVar("Thing", bound=models.Model)


class Stopped(Exception):
    """The tables hold something that the files contradict; the report says what. Everything is rolled back."""


class Tally:
    def __init__(self) -> None:
        self.new = self.changed = self.same = 0

    def __str__(self) -> str:
        return f"{self.new} new, {self.changed} changed, {self.same} unchanged"


class Writer:
    """Writes rows and counts them."""

    def __init__(self, files: ForumFiles) -> None:
        self.files = files
        self.rows = files.rows
        self.report: Report = files.report
        self.sources = {row["tag"]: row["text"] for row in self.rows["sources"]}
        self.tally = Tally()

    def put(self, model: type[Thing], found: Thing | None, values: dict[str, Any], **key: Any) -> Thing:
        """Make the row, or change the columns that differ."""
        if found is None:
            self.tally.new += 1
            return model._default_manager.create(**key, **values)
        differing = [name for name, value in values.items() if getattr(found, name) != value]
        if not differing:
            self.tally.same += 1
            return found
        for name in differing:
            setattr(found, name, values[name])
        found.save(update_fields=[name.removesuffix("_id") for name in differing])
        self.tally.changed += 1
        return found

    def put_all(self, model: type[Thing], by: str, rows: Iterable[tuple[Hashable, dict[str, Any]]]) -> dict[Any, Thing]:
        """Rows of a table by their natural key."""
        found: dict[Any, Thing] = {getattr(one, by): one for one in model._default_manager.all()}
        for key, values in rows:
            found[key] = self.put(model, found.get(key), values, **{by: key})
        return found


def apply(files: ForumFiles) -> Tally:
    """Write all rows in one transaction; a second run changes nothing.

    Effects: rows made or changed, and one audit row when there was any. Raises Stopped, with the report filled, when a
    row that is no longer in the files overlaps with one that is; nothing is changed then.
    """
    from portal.forumdata.meetings import put_meetings

    writer = Writer(files)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('loadforum', 0))")
        forum = _forum(writer)
        participants = _participants(writer)
        bodies = _bodies(writer, participants)
        _rest(writer, bodies)
        put_meetings(writer, participants, bodies)
        if len(writer.report):
            raise Stopped
        tally = writer.tally
        if tally.new or tally.changed:
            detail = {"new": tally.new, "changed": tally.changed, "unchanged": tally.same}
            record_audit(
                "forum.loaded", actor=None, kind="forum", ref=forum.short_name, label=forum.name, detail=detail
            )
    return tally


def _forum(writer: Writer) -> Forum:
    row = writer.files.forum
    values = {name: row[name] for name in row if name not in ("about", "mark", "source")}
    return writer.put(Forum, Forum.objects.first(), {**values, "about": "\n\n".join(row["about"])})


def _participants(writer: Writer) -> dict[str, Participant]:
    rows = writer.rows["participants"]
    found: dict[str, Participant] = writer.put_all(
        Participant, "code", ((row["code"], _participant(row)) for row in rows)
    )
    spellings = (
        (fold(name), {"name": name, "participant_id": found[row["code"]].pk})
        for row in rows
        for _, name in names_of(row)
    )
    writer.put_all(Alias, "folded", spellings)
    _put_dated(
        writer,
        Standing,
        "participant",
        lambda one: one.standing,
        [(found[row["code"]], None, row["code"], one) for row in rows for one in row["standing"]],
    )
    return found


def _participant(row: Row) -> dict[str, Any]:
    same = {name: row[name] for name in ("kind", "city", "time_zone", "latitude", "longitude", "mark", "formal_name")}
    return {
        **same,
        "slug": row["slug"] or slugify(row["name"]),
        "short_name": row["name"],
        "sort_key": fold(row["sort"] or row["name"]),
        "source": tags(row),
    }


def tags(row: Row) -> str:
    return ", ".join(split(row["source"]))


def _bodies(writer: Writer, participants: dict[str, Participant]) -> dict[str, Body]:
    rows = writer.rows["bodies"]
    found: dict[str, Body] = {body.slug: body for body in Body.objects.all()}
    for position, row in enumerate(rows, 1):
        names = ("name", "abbreviation", "kind", "summary", "takes_all_members", "is_current", "mark")
        values = {name: row[name] for name in names} | {"position": position, "source": tags(row)}
        values["parent_id"] = found[row["parent"]].pk if row["parent"] else None
        found[row["slug"]] = writer.put(Body, found.get(row["slug"]), values, slug=row["slug"])
    for model, key in ((BodyMembership, "members"), (BodyChair, "chairs")):
        wanted = [
            (participants[who], found[row["slug"]], who, one) for row in rows for one in row[key] for who in one["who"]
        ]
        _put_dated(writer, model, "body", lambda one: "", wanted)
    return found


def _put_dated(
    writer: Writer,
    model: type[models.Model],
    owner: str,
    kind: Callable[[Any], str],
    wanted: Sequence[tuple[Participant, Body | None, str, Row]],
) -> None:
    """Rows with a period have no key of their own. A row of the file takes the stored row of the same owner and
    participant with the same first day, else one of the same kind that no other row of the file took, else it is new.
    """
    stored: dict[Any, list[Any]] = {}
    for one in model._default_manager.order_by("pk"):
        stored.setdefault((getattr(one, "body_id", None), one.participant_id), []).append(one)  # type: ignore[attr-defined]
    groups: dict[Any, list[Row]] = {}
    for participant, body, _, row in wanted:
        groups.setdefault((body.pk if body else None, participant.pk), []).append(row)
    for (body_id, participant_id), rows in groups.items():
        left = stored.get((body_id, participant_id), [])
        for row, taken in _pairs(rows, left, kind):
            key: dict[str, Any] = {"participant_id": participant_id} | ({"body_id": body_id} if body_id else {})
            values = {"from_on": row["from"], "to_on": row["to"], "mark": row["mark"], "source": tags(row)}
            writer.put(model, taken, values | ({"standing": row["as"]} if "as" in row else {}), **key)
        for one in left:
            _refuse_overlap(writer, one, rows)


def _pairs(rows: list[Row], left: list[Any], kind: Callable[[Any], str]) -> list[tuple[Row, Any]]:
    """Each row of the file with the stored row it means; `left` keeps the stored rows that no row means."""
    pairs: list[tuple[Row, Any]] = [(row, None) for row in rows]
    for same_day in (True, False):
        for index, (row, taken) in enumerate(pairs):
            fits = [
                one for one in left if kind(one) == row.get("as", "") and (not same_day or one.from_on == row["from"])
            ]
            if taken is None and fits:
                left.remove(fits[0])
                pairs[index] = (row, fits[0])
    return pairs


def _refuse_overlap(writer: Writer, stored: Any, rows: list[Row]) -> None:
    for row in rows:
        if overlaps(period(row), (stored.from_on or FIRST, stored.to_on or LAST)):
            writer.report.add(
                row.file,
                row.line,
                f"The database holds another entry that overlaps and is in no file ({stored}, from "
                f"{stored.from_on or 'not known'}); end or delete it in the administration first.",
            )


def _rest(writer: Writer, bodies: dict[str, Body]) -> None:
    series = enumerate(writer.rows["series"], 1)
    writer.put_all(
        Series,
        "slug",
        (
            (
                row["slug"],
                {
                    "name": row["name"],
                    "abbreviation": row["abbreviation"],
                    "body_id": bodies[row["body"]].pk,
                    "position": at,
                },
            )
            for at, row in series
        ),
    )
    verbs = enumerate(writer.rows["verbs"], 1)
    writer.put_all(
        Verb,
        "word",
        ((row["word"], {"heading": row["heading"], "weight": row["weight"], "position": at}) for at, row in verbs),
    )
    writer.put_all(Procedure, "slug", ((row["slug"], _procedure(row, bodies)) for row in writer.rows["procedures"]))


def _procedure(row: Row, bodies: dict[str, Body]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name not in ("slug", "body")}
    return {**values, "body_id": bodies[row["body"]].pk if row["body"] else None, "is_sample": False}
