"""Evidence of notice: who was told about a circulation, when, by which message, and whose silence is in doubt."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from audit.services import openings
from endorsements import access, positions
from endorsements.contexts.common import head
from endorsements.enums import Act
from endorsements.models import Circulation
from endorsements.positions import Seat
from members.access import Reader
from members.directory import posts_of
from members.models import Forum
from members.told import ToldLine, told_page, told_rows
from notifications.enums import Kind
from notifications.evidence import Listed, Round, messages_about, rounds_of
from notifications.models import ToldOtherwise
from notifications.reach import told_about

SHOWS = {"doubt": "In doubt", "silent": "No reply", "all": "All"}


@dataclass(frozen=True, kw_only=True)
class Line(ToldLine):
    """One participant of the snapshot: how it stands, what it was sent, why its silence is in doubt."""

    seat: Seat


def evidence(
    circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime, *, show: str = ""
) -> dict[str, Any]:
    """Context of the page and data of the PDF; `show` is one of SHOWS, anything else means what is in doubt, else all.
    A fixed number of queries, whatever the number of participants and messages."""
    told = list(told_about(positions.SUBJECT, circulation.ref).select_related("recorded_by"))
    lines, rounds = gather(circulation, now, told=told)
    page = told_page(lines, rounds, SHOWS, show=show, outside="not in this circulation")
    silent = sum(one.is_silent for one in lines)
    counting = sum(one.seat.counts for one in lines)
    return {
        **head(circulation, reader, forum, now),
        **page,
        "replied": counting - silent,
        "eligible": counting,
        "told": _told_rows(circulation, lines, told),
        "may_tell": access.can_tell(reader, circulation),
        "may_extend": access.can_extend(reader, circulation),
        "names_addresses": reader.is_staff,
        "lede": _lede(len(page["in_doubt"]), silent, circulation, now),
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
            seat=seat,
            participant=seat.participant,
            is_silent=seat.counts and seat.position is None,
            signs=signs[seat.participant.code],
            messages=[one for one in messages if one.participant_code == seat.participant.code],
            posts=posts.get(seat.participant.pk, []),
        )
        for seat in sorted(seats, key=lambda one: (not one.participant.is_state, one.participant.sort_key))
    ]
    return lines, rounds_of(messages, listed(circulation))


def listed(circulation: Circulation) -> list[Listed]:
    """The rounds of notices as the register has them. One query."""
    rows = circulation.register.filter(act=Act.NOTICES.value).order_by("seq").values_list("at", "content")
    facts = [(at, json.loads(content)["facts"]) for at, content in rows]
    return [Listed(Kind(one["kind"]), at, one["count"], one["list_sha256"]) for at, one in facts]


def _told_rows(circulation: Circulation, lines: list[Line], told: list[ToldOtherwise]) -> list[dict[str, Any]]:
    """What was told otherwise, with what came after the deadline marked."""
    late = [one.recorded_at >= circulation.expires_at for one in told]
    return [{**row, "is_late": is_late} for row, is_late in zip(told_rows(lines, told), late, strict=True)]


def _lede(in_doubt: int, silent: int, circulation: Circulation, now: dt.datetime) -> str:
    if now >= circulation.expires_at or circulation.ended_at:
        return "Who was told, when, and by which message. The deadline has passed; what comes now changes no ending."
    if in_doubt:
        members = "One member is" if in_doubt == 1 else f"{in_doubt} members are"
        return f"{members} without a reply and may not know. Reach them before the deadline."
    if silent:
        return "Every member without a reply knows of the draft. Nothing is asked of you."
    return "Every member has replied. Nothing is asked of you."
