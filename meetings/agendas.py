"""The agenda as a page and as a file: rows with their numbers, times and words, nothing left to work out."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from documents.enums import DocumentState
from documents.models import Document
from meetings import access
from meetings import agenda_rules as rules
from meetings.agenda_entries import entries_of, last_day
from meetings.agenda_enums import PURPOSE_NAMES, AgendaState, AgendaVerb, ItemKind, Move, Purpose
from meetings.agenda_rules import Entry
from meetings.days import day_in_words, meeting_days
from meetings.letters import where
from meetings.models import Agenda, AgendaItem, AgendaPaper, Meeting
from members.access import Reader
from members.models import Forum

CHIPS = {
    AgendaState.DRAFT: ("s-draft", "Draft"),
    AgendaState.PUBLISHED: ("s-open", "Published"),
    AgendaState.FROZEN: ("s-closed", "Frozen"),
}
READERS = {
    AgendaState.DRAFT: "Secretariat and co-chairs",
    AgendaState.PUBLISHED: "Only members and invited participants",
    AgendaState.FROZEN: "Only members and invited participants",
}
LATE = ("s-extended", "Late")
PAPER_COLUMNS = (
    "item_id",
    "document_id",
    "document__symbol",
    "document__title",
    "document__state",
    "request__title",
    "request__due_on",
    "request__received_at",
    "request__participant__short_name",
)


@dataclass(frozen=True)
class PaperLine:
    """A paper in words; `url` empty where this reader may not open it."""

    symbol: str
    title: str
    url: str = ""
    note: str = ""
    chip: tuple[str, str] | None = None


@dataclass
class Row:
    """One row of the agenda."""

    item: AgendaItem
    number: str
    cited: str
    time: str = ""
    remarks: list[str] = field(default_factory=list)
    papers: list[PaperLine] = field(default_factory=list)
    children: list["Row"] = field(default_factory=list)
    moves: list[tuple[str, str, bool]] = field(default_factory=list)
    key: str = ""
    note: str = ""

    @property
    def is_break(self) -> bool:
        return self.item.kind == ItemKind.BREAK

    @property
    def purpose(self) -> str:
        return PURPOSE_NAMES[Purpose(self.item.purpose)] if self.item.purpose else ""

    @property
    def late_chip(self) -> tuple[str, str] | None:
        return LATE if self.item.is_late else None

    @property
    def name(self) -> str:
        """How a button names it: "item 3 (b)", "the break Lunch"."""
        return f"the break {self.item.title}" if self.is_break else f"item {self.cited}"


@dataclass(frozen=True)
class DayPart:
    number: int
    heading: str
    date: dt.date | None
    span: str
    over: str
    rows: list[Row]
    starts: int = 0
    ends: int = 0
    """First start and last end, in minutes after midnight."""


def agenda_page(
    meeting: Meeting, agenda: Agenda, reader: Reader, forum: Forum, *, is_desk: bool, notes: bool
) -> dict[str, Any]:
    """Everything that the page, the PDF and the Word file print. Four queries, whatever the number of items."""
    items = list(meeting.agenda_items.all())
    papers = _papers(meeting, reader)
    days = day_parts(meeting, agenda, items, papers, is_desk=is_desk, notes=notes)
    state = AgendaState(agenda.state)
    row = {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "planned_text")}
    top = [one for one in items if one.parent_id is None and one.kind == ItemKind.ITEM]
    return {
        "forum": forum,
        "meeting": meeting,
        "agenda": agenda,
        "chip": CHIPS[state],
        "readers": READERS[state],
        "is_desk": is_desk,
        "title": "Provisional agenda" if state == AgendaState.DRAFT else "Agenda",
        "days": days,
        "when": meeting_days(row) or "days to be decided",
        "where": where(meeting),
        "items_words": _items_words(len(top), len({one.day for one in items})),
        "papers_words": _papers_words(papers),
        "times_words": times_words(meeting, forum),
        "has_items": bool(items),
        "can_change": access.can_agenda(AgendaVerb.CHANGE, reader, meeting, agenda) and is_desk,
        "can_publish": access.can_agenda(AgendaVerb.PUBLISH, reader, meeting, agenda) and is_desk and bool(top),
        "can_freeze": access.can_agenda(AgendaVerb.FREEZE, reader, meeting, agenda) and is_desk,
        "can_thaw": access.can_agenda(AgendaVerb.THAW, reader, meeting, agenda) and is_desk,
        "can_take_back": access.can_agenda(AgendaVerb.TAKE_BACK, reader, meeting, agenda) and is_desk,
        "sees_notes": notes,
        "key": uuid.uuid4(),
    }


def zone_of(meeting: Meeting, forum: Forum) -> str:
    return meeting.time_zone or forum.time_zone


def times_words(meeting: Meeting, forum: Forum) -> str:
    """ "Bangkok, UTC+7"; the offset of the first day."""
    zone = zone_of(meeting, forum)
    city = (meeting.place if meeting.time_zone else forum.secretariat_place) or zone
    noon = dt.datetime.combine(meeting.starts_on or meeting.earliest_on, dt.time(12), ZoneInfo(zone))
    minutes = int((noon.utcoffset() or dt.timedelta()).total_seconds() // 60)
    sign, rest = "+" if minutes >= 0 else "−", abs(minutes)
    offset = f"{rest // 60}:{rest % 60:02d}" if rest % 60 else str(rest // 60)
    return f"{city}, UTC{sign}{offset}"


def day_parts(
    meeting: Meeting,
    agenda: Agenda,
    items: list[AgendaItem],
    papers: dict[int, list[PaperLine]],
    *,
    is_desk: bool = False,
    notes: bool = False,
) -> list[DayPart]:
    entries = entries_of(items)
    numbers, cited = rules.numbers(entries), rules.cited(entries)
    last = last_day(meeting)
    rows = {
        one.pk: Row(
            one,
            numbers[one.pk],
            cited[one.pk],
            papers=papers.get(one.pk, []),
            note=one.restricted_note if notes else "",
            key=str(uuid.uuid4()) if is_desk else "",
        )
        for one in items
    }
    ordered = [entry for entry, _ in rules.in_order(entries)]
    for entry in ordered:
        if entry.parent is not None:
            rows[entry.parent].children.append(rows[entry.pk])
        if is_desk:
            rows[entry.pk].moves = _moves(entries, entry, agenda, last)
    shown = max([one.day for one in items] + [last if meeting.starts_on else 1])
    return [_day(meeting, agenda, entries, rows, number) for number in range(1, shown + 1)]


def _day(meeting: Meeting, agenda: Agenda, entries: list[Entry], rows: dict[int, Row], number: int) -> DayPart:
    ends = rules.minutes_of(agenda.day_ends)
    timed = rules.timed(entries, number, starts=rules.minutes_of(agenda.day_starts), ends=ends)
    top = [entry for entry in rules.below(entries, None) if entry.day == number]
    for entry in top:
        slot, row = timed.slots[entry.pk], rows[entry.pk]
        row.time = rules.clock_time(slot.start)
        if slot.overlap:
            row.remarks.append(f"Starts {_minutes(slot.overlap)} before the end of what stands before it.")
        if slot.inner_over:
            row.remarks.append(f"Its sub-items are {_minutes(slot.inner_over)} longer than the item.")
    date = meeting.starts_on + dt.timedelta(days=number - 1) if meeting.starts_on else None
    is_after = date is not None and number > last_day(meeting)
    heading = f"{date:%A} {day_in_words(date)}" if date and not is_after else f"Day {number}"
    span = ""
    if timed.start is not None and timed.end is not None:
        span = f"{rules.clock_time(timed.start)} to {rules.clock_time(timed.end)}"
    over = f"Ends {_minutes(timed.over)} after {agenda.day_ends:%H:%M}, the end of the day." if timed.over else ""
    if is_after:
        over = f"This is after the last day of the meeting. {over}".strip()
    return DayPart(
        number,
        heading,
        None if is_after else date,
        span,
        over,
        [rows[one.pk] for one in top],
        timed.start or 0,
        timed.end or 0,
    )


def _minutes(number: int) -> str:
    return f"{number} minute{'' if number == 1 else 's'}"


def _moves(entries: list[Entry], entry: Entry, agenda: Agenda, last: int) -> list[tuple[str, str, bool]]:
    """(move, words, may it be): up and down always, in and out where they can be."""
    if agenda.state == AgendaState.FROZEN and not entry.is_late:
        return []
    able = {move: rules.may_move(entries, entry.pk, move, days=last) for move in Move}
    found = [(Move.UP.value, "up", able[Move.UP]), (Move.DOWN.value, "down", able[Move.DOWN])]
    found += [(Move.IN.value, "under the one above", True)] if able[Move.IN] else []
    found += [(Move.OUT.value, "out of the one above", True)] if able[Move.OUT] else []
    return found


def _papers(meeting: Meeting, reader: Reader) -> dict[int, list[PaperLine]]:
    """Papers by item. A document that the reader may not open is named without a link."""
    held = list(AgendaPaper.objects.filter(item__meeting=meeting).order_by("pk").values(*PAPER_COLUMNS))
    ids = {one["document_id"] for one in held if one["document_id"]}
    seen = ids if reader.is_staff else set()
    if ids and not reader.is_staff:
        seen = set(access.documents_to_name(reader).filter(pk__in=ids).values_list("pk", flat=True))
    found: dict[int, list[PaperLine]] = defaultdict(list)
    for one in held:
        found[one["item_id"]].append(_paper(one, seen, is_staff=reader.is_staff))
    return dict(found)


def _paper(one: dict[str, Any], seen: set[int], *, is_staff: bool) -> PaperLine:
    pk = one["document_id"]
    if pk:
        url = Document(pk=pk).get_absolute_url() if pk in seen else ""
        chip = ("s-draft", "Draft") if is_staff and one["document__state"] == DocumentState.DRAFTING else None
        return PaperLine(one["document__symbol"], one["document__title"], url, chip=chip)
    title, whose = one["request__title"], one["request__participant__short_name"]
    if one["request__received_at"]:
        return PaperLine("", title, note=f"Paper of {whose}.")
    due = f"{one['request__due_on']:%a} {day_in_words(one['request__due_on'])}"
    return PaperLine("", title, note=f"Paper due on {due} from {whose}." if is_staff else "To follow.")


def _items_words(count: int, days: int) -> str:
    if not count:
        return "none yet"
    return f"{count}, over {days} days" if days > 1 else str(count)


def _papers_words(papers: dict[int, list[PaperLine]]) -> str:
    lines = [one for of in papers.values() for one in of]
    if not lines:
        return "none"
    to_come = sum(one.note.startswith(("Paper due", "To follow")) for one in lines)
    return f"{len(lines)}, {to_come} to come" if to_come else str(len(lines))
