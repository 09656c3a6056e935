"""The page of a roll call as plain values: cards by category, counts, what was saved last."""

import datetime as dt
import functools
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.db.models.functions import Extract
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from meetings import session_rules, words
from meetings.access import last_of, marks_of, of_the_forum, registered
from meetings.enums import Capacity, DelegateRole, Mark, MeetingState
from meetings.models import Attendance, Delegate, Meeting, Session
from members.access import Reader
from members.enums import Kind
from members.models import Forum, Participant
from members.names import fold

GROUPS = {
    "states": "Member States",
    "orgs": "Member organisations",
    "observers": "Observers",
    "guests": "Guests and resource persons",
}
HOWS = [("", "as ticked"), (Mark.REMOTE.value, "remote"), (Mark.EXCUSED.value, "excused")]


@functools.cache
def options_of(how: str) -> SafeString:
    """The same for some four hundred lines of a page, so that they are written once."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, " selected" if value == how else "", said) for value, said in HOWS),
    )


@dataclass(frozen=True)
class Line:
    """One box: a delegate, or the participant itself. `key`: "12-0" or "12-345", participant and delegate."""

    participant: int
    delegate: int
    name: str
    note: str
    mark: Mark
    is_head: bool = False

    @property
    def key(self) -> str:
        return f"{self.participant}-{self.delegate}"

    @property
    def is_present(self) -> bool:
        return self.mark in session_rules.PRESENT

    @property
    def how(self) -> str:
        return self.mark.value if self.mark in {Mark.REMOTE, Mark.EXCUSED} else ""

    @property
    def how_words(self) -> str:
        return session_rules.MARK_NAMES[self.mark] if self.how else ""

    @property
    def options(self) -> SafeString:
        """What stands beside the box, as options of a select."""
        return options_of(self.how)


@dataclass
class Card:
    """A participant: the line of the head of its delegation, or its own, in front; the others behind."""

    participant: Participant
    capacity: Capacity
    front: Line
    more: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [self.front, *self.more]

    @property
    def group(self) -> str:
        if self.capacity == Capacity.OBSERVER:
            return "observers"
        if self.capacity != Capacity.MEMBER:
            return "guests"
        return "states" if self.participant.kind == Kind.STATE else "orgs"

    @property
    def mark(self) -> Mark:
        return session_rules.presence_of(one.mark for one in self.lines)

    @property
    def is_open(self) -> bool:
        """Are the lines behind shown at once? Where one of them is marked, or the head is otherwise than ticked."""
        return bool(self.front.how) or any(one.mark != Mark.NONE for one in self.more)

    @property
    def others(self) -> int:
        return len(self.more) - 1 if self.more else 0

    def fits(self, wanted: str) -> bool:
        names = [self.participant.short_name, self.participant.formal_name, *(one.name for one in self.lines)]
        return any(wanted in fold(name) for name in names)


def cards_of(meeting: Meeting, session: Session, reader: Reader) -> list[Card]:
    """Every participant that comes, that is marked, and that belongs to the forum. Four queries."""
    on = meeting.earliest_on
    rows = marks_of(reader, session)
    marks = {(one.participant_id, one.delegate_id or 0): one for one in rows}
    delegations = {one.participant_id: one for one in registered(reader, meeting)}
    listed = {one.pk: one for one in of_the_forum(reader, on)}
    people: dict[int, Participant] = dict(listed)
    people |= {one.participant_id: one.participant for one in rows}
    people |= {pk: one.participant for pk, one in delegations.items()}
    stood = {one.participant_id: one.capacity for one in rows}
    cards = []
    for pk, one in sorted(people.items(), key=lambda pair: pair[1].sort_key):
        known = listed.get(pk)
        standing = "guest" if known is None else "member" if known.is_member else "observer"  # type: ignore[attr-defined]
        delegation = delegations.get(pk)
        capacity = stood.get(pk) or (delegation.capacity if delegation else standing)
        delegates = list(delegation.delegates.all()) if delegation else []
        cards.append(_card(one, Capacity(capacity), delegates, marks))
    return cards


def _card(
    participant: Participant, capacity: Capacity, delegates: list[Delegate], marks: dict[tuple[int, int], Attendance]
) -> Card:
    def line(delegate: int, name: str, note: str = "", *, is_head: bool = False) -> Line:
        row = marks.get((participant.pk, delegate))
        mark = session_rules.mark_of(row.presence, row.mode) if row else Mark.NONE
        return Line(participant.pk, delegate, name, note, mark, is_head)

    if not delegates:
        return Card(participant, capacity, line(0, participant.short_name))
    ordered = sorted(delegates, key=lambda one: (one.role != DelegateRole.HEAD, one.position))
    lines = [line(one.pk, str(one), one.function, is_head=one.role == DelegateRole.HEAD) for one in ordered]
    unknown = line(0, "Somebody of the delegation, not known who")
    return Card(participant, capacity, lines[0], [*lines[1:], unknown])


def counts_of(cards: list[Card]) -> dict[str, Any]:
    """States in the room by category, and persons where they are known. Computed, never typed."""
    here = [one for one in cards if one.mark in session_rules.PRESENT]
    found: dict[str, Any] = {group: sum(one.group == group for one in here) for group in GROUPS}
    found["all"] = sum(one.participant.kind == Kind.STATE for one in here)
    found["remote"] = sum(one.mark == Mark.REMOTE for one in here)
    found["of_states"] = sum(one.group == "states" for one in cards)
    found["of_orgs"] = sum(one.group == "orgs" for one in cards)
    known = [line for card in cards for line in card.lines if line.delegate]
    found["persons"] = sum(line.is_present for line in known) if any(line.mark for line in known) else None
    return found


def standing_of(session: Session) -> str:
    """What a page that follows the roll call compares: it changes with every tick, also with one whose clock was read
    before that of another and that came in after it, as ticks run side by side. One query."""
    moments = Sum(Extract("marked_at", "epoch"))
    found = session.attendances.aggregate(number=Count("pk"), moments=moments)
    return f"{found['number']}-{found['moments'] or 0}"


def last_words(session: Session, meeting: Meeting, reader: Reader, forum: Forum) -> str:
    """ "Last tick 09:12:40", and by whom on a second line; "" where there is none."""
    saved = last_of(reader, session)
    if saved is None or saved.marked_at is None:
        return ""
    zone = ZoneInfo(meeting.time_zone or forum.time_zone)
    return f"Last tick {saved.marked_at.astimezone(zone):%H:%M:%S}\nby {saved.marked_by or 'the secretariat'}"


def roll_page(
    meeting: Meeting, session: Session, reader: Reader, forum: Forum, asked: dict[str, str]
) -> dict[str, Any]:
    """Context of the page. `asked`: `show` (registered or all) and `q`, as the address has them."""
    standing = standing_of(session)  # before the marks: a tick between them is followed, not lost
    cards = cards_of(meeting, session, reader)
    has_registered = any(one.front.delegate for one in cards)
    shows_all = asked.get("show") == "all" or not has_registered
    wanted = fold(asked.get("q", "")[:60])
    shown = [one for one in cards if shows_all or one.front.delegate or one.mark != Mark.NONE]
    shown = [one for one in shown if not wanted or one.fits(wanted)]
    groups = [(key, name, [one for one in shown if one.group == key]) for key, name in GROUPS.items()]
    return {
        "forum": forum,
        "meeting": meeting,
        "session": session,
        "when": when_words(session, meeting, forum),
        "chip": words.MEETINGS[MeetingState(meeting.state)],
        "standing": standing,
        "groups": [one for one in groups if one[2]],
        "counts": counts_of(cards),
        "registered": sum(bool(one.front.delegate) for one in cards if one.group == "states"),
        "total": len(cards),
        "has_registered": has_registered,
        "shows_all": shows_all,
        "q": asked.get("q", "")[:60],
        "names": [one.participant.short_name for one in cards],
        "last": last_words(session, meeting, reader, forum),
    }


def when_words(session: Session, meeting: Meeting, forum: Forum) -> str:
    """ "Tue 23 July 2019, 09:00 to 12:30" on the clock of the meeting; nothing where it is not known."""
    if session.starts_at is None or session.ends_at is None:
        return ""
    zone = ZoneInfo(meeting.time_zone or forum.time_zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return f"{starts:%a} {starts.day} {starts:%B %Y}, {starts:%H:%M} to {ends:%H:%M}"


def running_now(sessions: list[Session], now: dt.datetime) -> Session | None:
    """The session that runs, or the only one."""
    for one in sessions:
        if one.starts_at and one.ends_at and one.starts_at <= now < one.ends_at:
            return one
    return sessions[0] if len(sessions) == 1 else None
