"""Evidence of notice: who was told about a circulation, when, by which message, and whose silence is in doubt."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from audit.services import openings
from endorsements import access, positions
from endorsements.contexts.common import head
from endorsements.enums import Act
from endorsements.models import Circulation
from endorsements.positions import Seat
from members.access import Reader
from members.directory import Post, posts_of
from members.enums import ROLE_NAMES, SPEAKS, Role
from members.models import Forum
from notifications.enums import WAY_NAMES, Kind, Way
from notifications.evidence import Listed, Message, Round, messages_about, rounds_of, untold
from notifications.models import ToldOtherwise
from notifications.reach import told_about
from notifications.signs import Doubt, Signs, doubts, is_reached

SHOWS = {"doubt": "In doubt", "silent": "No reply", "all": "All"}
VACANT, RETURNED, NOT_REACHED = ("e-vacant", "Vacant"), ("n-returned", "Returned"), ("r-unreached", "Not reached")


@dataclass(frozen=True)
class Line:
    """One participant: how it stands, what it was sent, why its silence is in doubt."""

    seat: Seat
    signs: Signs
    messages: list[Message]
    posts: list[Post] = field(default_factory=list)

    @property
    def participant(self) -> Any:
        return self.seat.participant

    @property
    def is_silent(self) -> bool:
        return self.seat.counts and self.seat.position is None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        return doubts(self.signs) if self.is_silent else ()

    @property
    def is_in_doubt(self) -> bool:
        return bool(self.doubts)

    @property
    def is_reached(self) -> bool:
        return is_reached(self.signs)

    @property
    def chip(self) -> tuple[str, str]:
        """The gravest doubt as a label."""
        if Doubt.VACANT in self.doubts:
            return VACANT
        if Doubt.RETURNED in self.doubts:
            return RETURNED
        arrived = [one for one in self.messages if one.has_arrived]
        return arrived[-1].chip if arrived else NOT_REACHED

    @property
    def why(self) -> list[str]:
        return [_why(doubt, self) for doubt in self.doubts]

    @property
    def last_sign(self) -> str:
        """What the last sign of life was."""
        signs = self.signs
        words = {signs.arrived_at: "mail accepted", signs.opened_at: "draft opened", signs.told_at: "told otherwise"}
        return words[signs.last_at] if signs.last_at else ""

    @property
    def task(self) -> Message | None:
        """The newest message that came back and that nobody has seen to."""
        return next((one for one in reversed(self.messages) if one.is_task), None)

    def to(self, message: Message) -> str:
        """Who reads there: the role, else an official address."""
        if message.user_id is None:
            return "Official address"
        return next((ROLE_NAMES[Role(one.role)] for one in self.posts if one.user_id == message.user_id), "Person")

    @property
    def shown(self) -> list[tuple[Message, str]]:
        return [(one, self.to(one)) for one in self.messages]


def _why(doubt: Doubt, line: Line) -> str:
    if doubt is Doubt.VACANT:
        ended = [one.ends_at for one in line.posts if one.role in SPEAKS and one.ends_at]
        since = f" since {max(ended):%-d %B %Y}" if ended else ""
        return f"No focal point and no alternate in office{since}. Nobody can reply."
    if doubt is Doubt.RETURNED:
        answer = next((one.answer for one in reversed(line.messages) if one.is_returned and one.answer), "")
        return f"The newest message to one of its addresses came back{f': {answer}' if answer else ''}."
    taken = sum(one.has_arrived for one in line.messages)
    if not taken:
        return "No message has arrived, and nobody has opened the draft."
    return f"A mail server took {taken} message{'' if taken == 1 else 's'}. Nobody has opened the draft."


def evidence(
    circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime, *, show: str = ""
) -> dict[str, Any]:
    """Context of the page and data of the PDF; `show` is one of SHOWS, anything else means what is in doubt, else all.
    A fixed number of queries, whatever the number of participants and messages."""
    told = list(told_about(positions.SUBJECT, circulation.ref).select_related("recorded_by"))
    lines, rounds = gather(circulation, now, told=told)
    silent = [one for one in lines if one.is_silent]
    in_doubt = [one for one in silent if one.is_in_doubt]
    counting = [one for one in lines if one.seat.counts]
    chosen = show if show in SHOWS else "doubt" if in_doubt else "all"
    shown = {"doubt": in_doubt, "silent": silent, "all": lines}[chosen]
    return {
        **head(circulation, reader, forum, now),
        "lines": shown,
        "in_doubt": in_doubt,
        "replied": len(counting) - len(silent),
        "eligible": len(counting),
        "informed": len(silent) - len(in_doubt),
        "rounds": rounds,
        "message_count": sum(len(one.messages) for one in rounds),
        "participants": len(lines),
        "differences": differences(lines, rounds),
        "untold": without_message(lines),
        "shows": [(key, _label(key, in_doubt, silent, lines), key == chosen) for key in SHOWS],
        "told": told_rows(circulation, lines, told),
        "may_tell": access.can_tell(reader, circulation),
        "may_extend": access.can_extend(reader, circulation),
        "names_addresses": reader.is_staff,
        "lede": _lede(len(in_doubt), len(silent), circulation, now),
    }


def gather(
    circulation: Circulation, now: dt.datetime, *, told: list[ToldOtherwise] | None = None
) -> tuple[list[Line], list[Round]]:
    """Every participant with its messages, and the rounds in which they were sent. `told`: what was told otherwise,
    where it is known already."""
    seats = positions.seats(circulation)
    opened = openings(positions.SUBJECT, circulation.ref)
    signs = positions.signs(circulation, seats, now=now, opened=opened, told=told)
    messages = messages_about(positions.SUBJECT, circulation.ref, opened)
    posts = posts_of([seat.participant.pk for seat in seats])
    lines = [
        Line(
            seat,
            signs[seat.participant.code],
            [one for one in messages if one.participant_code == seat.participant.code],
            posts.get(seat.participant.pk, []),
        )
        for seat in sorted(seats, key=lambda one: (not one.participant.is_state, one.participant.sort_key))
    ]
    return lines, rounds_of(messages, listed(circulation))


def listed(circulation: Circulation) -> list[Listed]:
    """The rounds of notices as the register has them. One query."""
    rows = circulation.register.filter(act=Act.NOTICES.value).order_by("seq").values_list("at", "content")
    facts = [(at, json.loads(content)["facts"]) for at, content in rows]
    return [Listed(Kind(one["kind"]), at, one["count"], one["list_sha256"]) for at, one in facts]


def differences(lines: list[Line], rounds: list[Round]) -> list[str]:
    """What does not agree with the register or the snapshot, by the name of the round. Empty: all does."""
    found = [one.difference for one in rounds if one.difference]
    outside = sum(len(one.messages) for one in rounds) - sum(len(one.messages) for one in lines)
    if outside:
        found.append(f"{outside} messages went to participants that are not in this circulation.")
    return found


def without_message(lines: list[Line]) -> list[str]:
    """Names of the participants of the snapshot to which no message was written."""
    expected = {one.participant.code: str(one.participant) for one in lines}
    return untold((message for one in lines for message in one.messages), expected)


def told_rows(circulation: Circulation, lines: list[Line], told: list[ToldOtherwise]) -> list[dict[str, Any]]:
    """What was told otherwise, newest first."""
    names = {one.participant.code: one.participant for one in lines}
    return [
        {
            "participant": names.get(one.participant_code, one.participant_code),
            "way": WAY_NAMES[Way(one.way)],
            "told_at": one.told_at,
            "note": one.note,
            "recorded_by": one.recorded_by,
            "recorded_at": one.recorded_at,
            "is_late": one.recorded_at >= circulation.expires_at,
        }
        for one in told
    ]


def _label(key: str, in_doubt: list[Line], silent: list[Line], lines: list[Line]) -> str:
    return f"{SHOWS[key]} ({len({'doubt': in_doubt, 'silent': silent, 'all': lines}[key])})"


def _lede(in_doubt: int, silent: int, circulation: Circulation, now: dt.datetime) -> str:
    if now >= circulation.expires_at or circulation.ended_at:
        return "Who was told, when, and by which message. The deadline has passed; what comes now changes no ending."
    if in_doubt:
        members = "One member is" if in_doubt == 1 else f"{in_doubt} members are"
        return f"{members} without a reply and may not know. Reach them before the deadline."
    if silent:
        return "Every member without a reply knows of the draft. Nothing is asked of you."
    return "Every member has replied. Nothing is asked of you."
