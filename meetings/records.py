"""The page of one meeting as plain rows: facts, outcomes under their verbs, attendance by capacity, neighbours."""

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.urls import reverse

from decisions.access import visible_to as visible_outcomes
from decisions.enums import Weight
from meetings.access import Reach, visible_to
from meetings.days import NOT_ON_RECORD, meeting_days, single_days_in_words, span_in_parts
from meetings.enums import Capacity, Format, MeetingState, Presence
from meetings.models import Attendance, Meeting, Series
from meetings.queries import STATE_WORDS, STILL_TO_COME, counted, in_room, postponed_words
from meetings.session_rules import ROW_OF, mark_of, presence_of
from members.access import Reader
from members.directory import name_on
from members.enums import Kind, Mark

HELD = (MeetingState.PUBLISHED.value, MeetingState.CLOSED.value)
EVERYBODY = "Members"
"""The actor that goes without saying under a verb."""
CAPACITY_GROUPS = {
    (Capacity.MEMBER, Kind.STATE): "Member States",
    (Capacity.MEMBER, Kind.ORGANISATION): "Member organisations",
    (Capacity.OBSERVER, Kind.STATE): "Observer States",
    (Capacity.OBSERVER, Kind.ORGANISATION): "Observer organisations",
    (Capacity.GUEST, None): "Guests",
    (Capacity.RESOURCE_PERSON, None): "Resource persons",
}
OUTCOME_COLUMNS = (
    "pk",
    "parent_id",
    "actor",
    "text",
    "label",
    "needs_review",
    "is_background",
    "is_sample",
    "verb__heading",
    "verb__weight",
)
FORMAT_WORDS = {Format.VIRTUAL.value: "Virtual", Format.HYBRID.value: "In person and remote"}


def meeting_page(meeting: Meeting, reader: Reader, reach: Reach) -> dict[str, Any]:
    """Everything the template prints, for what this reader may see. Seven queries at most, whatever the meeting."""
    co_chairs = list(meeting.co_chairs.values("pk", name=name_on(meeting.latest_on)))
    neighbours = neighbours_of(meeting, reader)
    is_followed = any(row["is_after"] for row in neighbours)
    attendance = attendance_of(meeting, {row["pk"] for row in co_chairs}) if reach.attendance else None
    return {
        "meeting": meeting,
        "kind_words": _kind_words(meeting),
        "audience": _audience(meeting, reach),
        "lede": _lede(meeting, reach),
        "facts": _facts(meeting, [row["name"] for row in co_chairs], attendance),
        "days": _days(meeting),
        "is_held": meeting.state in HELD,
        "shows_record": reach.record,
        "purpose": meeting.purpose.split("\n\n") if reach.record and meeting.purpose else [],
        "outcomes": outcomes_of(meeting, reader) if reach.record else None,
        "attendance": attendance,
        "neighbours": neighbours,
        "next_text": meeting.next_text if reach.record and not is_followed else "",
        "notes": list(meeting.notes.values("text", "source")) if reach.record else [],
        "sources": [part for part in meeting.source.split("; ") if part] if reach.record else [],
    }


def _kind_words(meeting: Meeting) -> str:
    if meeting.state == MeetingState.PUBLISHED.value:
        return "Meeting record"
    return f"Meeting, {STATE_WORDS[meeting.state]}"


def _audience(meeting: Meeting, reach: Reach) -> str:
    if meeting.state == MeetingState.CLOSED.value:
        return "Secretariat"
    return "Public in part" if meeting.is_public_in_part else "Public"


def _lede(meeting: Meeting, reach: Reach) -> str:
    if meeting.is_public_in_part and not reach.record:
        return "A confidential meeting. Public is only that it took place, and who came."
    if reach.record and meeting.summary:
        return meeting.summary
    body = meeting.series.body.name
    where = f" in {meeting.place}, {meeting.country}" if meeting.place else ""
    if meeting.state in STILL_TO_COME:
        return f"The {body} is to meet{where or '; the place is to be decided'}."
    if meeting.state in HELD:
        known = where if where or meeting.starts_on else "; when and where is not on record"
        return f"The {body} met{known}."
    if meeting.state == MeetingState.POSTPONED.value:
        return f"This meeting of the {body} is {postponed_words(meeting.starts_on)}."
    return f"This meeting of the {body} is {STATE_WORDS[meeting.state]}."


def _days(meeting: Meeting) -> dict[str, str]:
    if meeting.starts_on is None:
        if meeting.state == MeetingState.POSTPONED.value:
            return {"first": f"not known yet; planned for {meeting.planned_text}"}
        return {"first": f"{meeting.planned_text}, {NOT_ON_RECORD}" if meeting.state in HELD else meeting.planned_text}
    if meeting.sits_on:
        return {"first": single_days_in_words(meeting.sits_on)}
    first, joint, last = span_in_parts(meeting.starts_on, meeting.ends_on)
    ends = meeting.ends_on or meeting.starts_on
    isos = {"first_iso": meeting.starts_on.isoformat(), "last_iso": ends.isoformat()}
    return {"first": first, "joint": joint, "last": last, **isos}


def _facts(meeting: Meeting, co_chairs: list[str], attendance: dict[str, Any] | None) -> list[tuple[str, str]]:
    place = ", ".join(part for part in (meeting.place, meeting.country) if part)
    if not place and meeting.format != Format.VIRTUAL.value:
        place = "to be decided" if meeting.state in STILL_TO_COME else "not on record"
    facts = [
        ("Place", place),
        ("Host country", getattr(meeting, "host_name", "") or ""),
        ("Format", FORMAT_WORDS.get(meeting.format, "")),
        ("Co-chairs", " and ".join(co_chairs)),
        ("Present", attendance["counts"] if attendance else ""),
        ("First planned", meeting.planned_text if meeting.starts_on else ""),
    ]
    return [(label, value) for label, value in facts if value]


def outcomes_of(meeting: Meeting, reader: Reader) -> dict[str, Any]:
    """Outcomes in groups, in the order of the verbs; proposals under their parent; background apart."""
    found = visible_outcomes(reader).filter(meeting_link__meeting=meeting).order_by("verb__position", "position", "pk")
    rows: list[dict[str, Any]] = list(found.values(*OUTCOME_COLUMNS))
    children: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if row["parent_id"]:
            children.setdefault(row["parent_id"], []).append(row)
    groups: dict[str, list[dict[str, Any]]] = {}
    decisions = 0
    for row in rows:
        if row["parent_id"] or row["is_background"]:
            continue
        row["children"] = children.get(row["pk"], ())
        row["who"] = "" if row["actor"] == EVERYBODY else row["actor"]
        groups.setdefault(row["verb__heading"], []).append(row)
        decisions += row["verb__weight"] == Weight.DECIDES
    return {
        "groups": [{"heading": heading, "rows": found} for heading, found in groups.items()],
        "background": [row for row in rows if row["is_background"]],
        "count": _count(decisions, sum(map(len, children.values()))),
    }


def _count(decisions: int, proposals: int) -> str:
    found = [counted(decisions, "decision")] + ([counted(proposals, "proposal")] if proposals else [])
    return f"{', '.join(found)}. What was asked, planned or noted is not counted as a decision."


def attendance_of(meeting: Meeting, co_chair_ids: set[int]) -> dict[str, Any]:
    """Who came, by capacity, under the names of that time; each participant once, present when it or one of its
    delegates was at one session at least."""
    rows = Attendance.objects.filter(session__meeting=meeting).order_by("participant__sort_key", "session__position")
    columns = (
        "participant_id",
        "capacity",
        "presence",
        "mode",
        "participant__kind",
        "participant__mark",
        "participant__slug",
    )
    names = {
        "short_name": name_on(meeting.latest_on, "participant__"),
        "formal_name": name_on(meeting.latest_on, "participant__", "formal_name"),
    }
    found: dict[int, dict[str, Any]] = {}
    for row in rows.values(*columns, **names):
        seen = found.setdefault(row["participant_id"], {**row, "marks": []})
        seen["marks"].append(mark_of(row["presence"], row["mode"]))
    for seen in found.values():
        seen["presence"] = ROW_OF[presence_of(seen["marks"])][0].value
    present = [row for row in found.values() if row["presence"] == Presence.PRESENT.value]
    states = sum(row["participant__kind"] == Kind.STATE.value for row in present)
    excused = [row["short_name"] for row in found.values() if row["presence"] == Presence.EXCUSED.value]
    groups = _capacity_groups(present, co_chair_ids, meeting.host_id)
    return {
        "counts": in_room(states, len(present) - states),
        "first": groups[0] if groups else None,
        "others": groups[1:],
        "excused": ", ".join(excused),
        "has_unsure": any(row["participant__mark"] == Mark.C.value for row in present),
    }


def _capacity_groups(
    present: list[dict[str, Any]], co_chair_ids: set[int], host_id: int | None
) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {heading: [] for heading in CAPACITY_GROUPS.values()}
    base = reverse("directory:participant-list")
    for row in present:
        capacity, kind = Capacity(row["capacity"]), Kind(row["participant__kind"])
        heading = CAPACITY_GROUPS.get((capacity, kind)) or CAPACITY_GROUPS[capacity, None]
        roles = ["co-chair"] if row["participant_id"] in co_chair_ids else []
        roles += ["host"] if row["participant_id"] == host_id else []
        name = full_name(row["short_name"], row["formal_name"], kind)
        is_unsure = row["participant__mark"] == Mark.C.value
        url = f"{base}{row['participant__slug']}/"
        groups[heading].append({"name": name, "url": url, "role": ", ".join(roles), "is_unsure": is_unsure})
    return [{"heading": heading, "rows": rows, "count": len(rows)} for heading, rows in groups.items() if rows]


def full_name(short: str, formal: str, kind: Kind) -> str:
    """A State by its short name; an organisation in full, with its abbreviation."""
    if kind == Kind.STATE or not formal or formal == short:
        return short
    return f"{formal} ({short})"


def neighbours_of(meeting: Meeting, reader: Reader) -> list[dict[str, Any]]:
    """The meetings before and after this one, of its own series and of the highest series, and those back to back with
    it. One query."""
    seen = visible_to(reader).exclude(pk=meeting.pk).order_by()
    before = seen.filter(latest_on__lt=meeting.earliest_on).order_by("-latest_on", "-pk")
    after = seen.filter(earliest_on__gt=meeting.latest_on).order_by("earliest_on", "pk")
    highest = Series.objects.order_by("position", "pk").values("pk")[:1]
    wanted = [Q(series_id=meeting.series_id), Q(series_id__in=highest)]
    columns = ("slug", "title", "place", "starts_on", "ends_on", "sits_on", "planned_text", "earliest_on", "state")
    parts = [found.filter(which) for which in wanted for found in (before, after)]
    near = [found.annotate(is_beside=Value(value=False)).values(*columns, "is_beside")[:1] for found in parts]
    beside = seen.filter(beside=meeting).annotate(is_beside=Value(value=True)).values(*columns, "is_beside")
    found = {row["slug"]: row for row in sorted(_union([*near, beside]), key=lambda row: row["is_beside"])}
    rows = sorted(found.values(), key=lambda row: (row["earliest_on"], row["slug"]))
    base = reverse("meetings:meeting-list")
    return [
        {
            "url": f"{base}{row['slug']}/",
            "title": f"{row['title']}{', ' + row['place'] if row['place'] else ''}",
            "days": _neighbour_days(row),
            "is_beside": row["is_beside"],
            "is_after": row["earliest_on"] > meeting.latest_on,
        }
        for row in rows
    ]


def _union(parts: list[QuerySet[Meeting, dict[str, Any]]]) -> QuerySet[Meeting, dict[str, Any]]:
    """Without repeats: in the highest series the two wishes are one."""
    return parts[0].union(*parts[1:])


def _neighbour_days(row: dict[str, Any]) -> str:
    is_open = row["state"] in STILL_TO_COME
    days = meeting_days(row, is_held=row["state"] in HELD)
    if row["starts_on"] and row["planned_text"]:
        return f"{days}, first planned for {row['planned_text']}"
    return f"planned for {days}" if is_open else days
