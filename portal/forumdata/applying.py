"""Writes checked rows to the tables: what is new is made, what the files changed is changed, nothing is deleted."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.utils.text import slugify

from audit.services import record_audit
from decisions.models import Verb
from endorsements.models import Procedure
from meetings.models import Series, SeriesTask
from members.models import (
    Alias,
    Body,
    BodyChair,
    BodyMembership,
    FormerName,
    Forum,
    Merger,
    OfficialAddress,
    Participant,
    Standing,
)
from members.names import fold
from portal.forumdata.admissions import put_admissions
from portal.forumdata.checking import FIRST, LAST, names_of, overlaps, split
from portal.forumdata.meetings import put_meetings
from portal.forumdata.reading import Row
from portal.forumdata.schema import ForumFiles
from portal.forumdata.writing import Tally, Writer


class Stopped(Exception):
    """The tables hold something that the files contradict; the report says what. Everything is rolled back."""


def apply(files: ForumFiles, *, files_win: bool = False) -> Tally:
    """Write all rows in one transaction; a second run changes nothing.

    What was edited in the portal since the last load stays, unless the file was edited too: then the load stops, or,
    with `files_win`, the file is followed. Effects: rows made or changed, and one audit row when there was any. Raises
    Stopped, with the report filled, for such a conflict and when a row that is in no file overlaps with one that is.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('loadforum', 0))")
        writer = Writer(files, files_win=files_win)
        forum = _forum(writer)
        participants = _participants(writer)
        bodies = _bodies(writer, participants)
        _rest(writer, participants, bodies)
        put_admissions(writer, participants, bodies)
        put_meetings(writer, participants, bodies)
        if len(writer.report):
            raise Stopped
        writer.remember()
        tally = writer.tally
        if tally.new or tally.changed:
            detail = {"new": tally.new, "changed": tally.changed, "unchanged": tally.same, "kept": tally.kept}
            record_audit(
                "forum.loaded", actor=None, kind="forum", ref=forum.short_name, label=forum.name, detail=detail
            )
    return tally


def _forum(writer: Writer) -> Forum:
    row = writer.files.forum
    values = {name: row[name] for name in row if name not in ("about", "mark", "source")}
    return writer.put(Forum, Forum.objects.first(), {**values, "about": "\n\n".join(row["about"])}, row, "forum")


def _participants(writer: Writer) -> dict[str, Participant]:
    rows = writer.rows["participants"]
    found: dict[str, Participant] = writer.put_all(
        Participant, "code", ((row["code"], _participant(row), row) for row in rows)
    )
    spellings = (
        (fold(name), {"name": name, "participant_id": found[row["code"]].pk}, row)
        for row in rows
        for _, name in names_of(row)
    )
    writer.put_all(Alias, "folded", spellings, leaf=True)
    _former_names(writer, found)
    wanted = [(found[row["code"]], None, row["code"], one) for row in rows for one in row["standing"]]
    _put_dated(writer, Standing, lambda one: one.standing, wanted)
    return found


def _participant(row: Row) -> dict[str, Any]:
    same = ("kind", "city", "time_zone", "latitude", "longitude", "mark", "formal_name", "formal_mark")
    return {
        **{name: row[name] for name in (*same, "languages", "other_time_zones")},
        "slug": row["slug"] or slugify(row["name"]),
        "short_name": row["name"],
        "sort_key": fold(row["sort"] or row["name"]),
        "source": tags(row),
    }


def _former_names(writer: Writer, participants: dict[str, Participant]) -> None:
    stored = {(one.participant_id, one.to_on): one for one in FormerName.objects.all()}
    for row in writer.rows["participants"]:
        for one in row["former_names"]:
            key = {"participant_id": participants[row["code"]].pk, "to_on": one["to"]}
            values = {"short_name": one["name"], "formal_name": one["formal_name"]}
            values |= {"mark": one["mark"], "source": tags(one)}
            found = stored.get((key["participant_id"], one["to"]))
            writer.put_leaf(FormerName, found, values, one, f"{row['code']} {one['to']}", **key)


def tags(row: Row) -> str:
    return ", ".join(split(row["source"]))


def _bodies(writer: Writer, participants: dict[str, Participant]) -> dict[str, Body]:
    rows = writer.rows["bodies"]
    found: dict[str, Body] = {body.slug: body for body in Body.objects.all()}
    for position, row in enumerate(rows, 1):
        names = ("name", "abbreviation", "kind", "summary", "takes_all_members", "is_current", "mark")
        values = {name: row[name] for name in (*names, "also_called", "set_up")}
        values |= {"position": position, "source": tags(row)}
        values |= {"terms_of_reference": "\n\n".join(row["terms_of_reference"])}
        values["parent_id"] = found[row["parent"]].pk if row["parent"] else None
        found[row["slug"]] = writer.put(Body, found.get(row["slug"]), values, row, row["slug"], slug=row["slug"])
    for model, key in ((BodyMembership, "members"), (BodyChair, "chairs")):
        wanted = [
            (participants[who], found[row["slug"]], who, one) for row in rows for one in row[key] for who in one["who"]
        ]
        _put_dated(writer, model, lambda one: "", wanted)
    return found


def _put_dated(
    writer: Writer,
    model: type[models.Model],
    kind: Callable[[Any], str],
    wanted: Sequence[tuple[Participant, Body | None, str, Row]],
) -> None:
    """Rows with a period have no key of their own. A row of the file takes the stored row of the same owner and
    participant with the same first day, else one of the same kind that no other row of the file took, else it is new.
    """
    stored: dict[Any, list[Any]] = {}
    for one in model._default_manager.select_related("participant").order_by("pk"):
        stored.setdefault((getattr(one, "body_id", None), one.participant_id), []).append(one)  # type: ignore[attr-defined]
    groups: dict[Any, list[tuple[str, Row]]] = {}
    for participant, body, code, row in wanted:
        owner = f"{body.slug} {code}" if body else code
        groups.setdefault((body.pk if body else None, participant.pk), []).append((owner, row))
    for (body_id, participant_id), rows in groups.items():
        left = stored.get((body_id, participant_id), [])
        written = []
        for owner, row, taken in _pairs(rows, left, kind):
            key: dict[str, Any] = {"participant_id": participant_id} | ({"body_id": body_id} if body_id else {})
            values = {"from_on": row["from"], "to_on": row["to"], "mark": row["mark"], "source": tags(row)}
            values |= {"standing": row["as"]} if "as" in row else {}
            ref = f"{owner} {row.get('as', '')} {row['from']}"
            written.append((row, writer.put_leaf(model, taken, values, row, ref, **key)))
        for one in left:
            _refuse_overlap(writer, one, written)


def _pairs(rows: list[tuple[str, Row]], left: list[Any], kind: Callable[[Any], str]) -> list[tuple[str, Row, Any]]:
    """Each row of the file with the stored row it means; `left` keeps the stored rows that no row means."""
    pairs: list[tuple[str, Row, Any]] = [(owner, row, None) for owner, row in rows]
    for same_day in (True, False):
        for index, (owner, row, taken) in enumerate(pairs):
            fits = [
                one for one in left if kind(one) == row.get("as", "") and (not same_day or one.from_on == row["from"])
            ]
            if taken is None and fits:
                left.remove(fits[0])
                pairs[index] = (owner, row, fits[0])
    return pairs


def _refuse_overlap(writer: Writer, stored: Any, written: list[tuple[Row, Any]]) -> None:
    """A row made in the portal must not overlap with what stands there now for a row of the files."""
    span = (stored.from_on or FIRST, stored.to_on or LAST)
    for row, one in written:
        if one is not None and overlaps((one.from_on or FIRST, one.to_on or LAST), span):
            writer.report.add(
                row.file,
                row.line,
                f"The database holds another entry that overlaps and is in no file ({stored}, from "
                f"{stored.from_on or 'not known'}); end or delete it in the administration first.",
            )


def _checklists(writer: Writer, series: dict[str, Series]) -> None:
    """The usual checklist of each series; a line is known by its words."""
    stored = {(one.series_id, one.text): one for one in SeriesTask.objects.all()}
    for row in writer.rows["series"]:
        owner = series[row["slug"]]
        for one in row["checklist"]:
            values = {"days_before": one["days"], "who": one["who"]}
            found = stored.get((owner.pk, one["text"]))
            ref = f"{row['slug']} {one['text']}"
            writer.put_leaf(SeriesTask, found, values, one, ref, series_id=owner.pk, text=one["text"])


def _rest(writer: Writer, participants: dict[str, Participant], bodies: dict[str, Body]) -> None:
    series = (
        (
            row["slug"],
            {
                "name": row["name"],
                "abbreviation": row["abbreviation"],
                "body_id": bodies[row["body"]].pk,
                "position": at,
            },
            row,
        )
        for at, row in enumerate(writer.rows["series"], 1)
    )
    _checklists(writer, writer.put_all(Series, "slug", series))
    verbs = (
        (row["word"], {"heading": row["heading"], "weight": row["weight"], "position": at}, row)
        for at, row in enumerate(writer.rows["verbs"], 1)
    )
    writer.put_all(Verb, "word", verbs)
    procedures = ((row["slug"], _procedure(row, bodies), row) for row in writer.rows["procedures"])
    writer.put_all(Procedure, "slug", procedures)
    mergers = (
        (
            participants[row["participant"]].pk,
            {"into_id": participants[row["into"]].pk, "on": row["on"], "mark": row["mark"], "source": tags(row)},
            row,
        )
        for row in writer.rows["mergers"]
    )
    writer.put_all(Merger, "participant_id", mergers, leaf=True)
    _addresses(writer, participants)


def _procedure(row: Row, bodies: dict[str, Body]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name not in ("slug", "body", "min_hours")}
    values["min_seconds"] = row["min_hours"] * 3600 if row["min_hours"] else None
    return {**values, "body_id": bodies[row["body"]].pk if row["body"] else None, "is_sample": False}


def _addresses(writer: Writer, participants: dict[str, Participant]) -> None:
    stored = {(one.participant_id, one.email.lower()): one for one in OfficialAddress.objects.all()}
    for row in writer.rows["addresses"]:
        key = {"participant_id": participants[row["participant"]].pk, "email": row["email"]}
        found = stored.get((key["participant_id"], row["email"]))
        ref = f"{row['participant']} {row['email']}"
        writer.put_leaf(OfficialAddress, found, {"label": row["label"]}, row, ref, **key)
