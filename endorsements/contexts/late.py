"""Replies that are late, were recorded after the deadline, or are contested: rows for the board and for who decides."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from endorsements import words
from endorsements.contexts.common import head
from endorsements.enums import Means, PositionKind, Timing
from endorsements.models import Circulation, Position
from members.access import Reader
from members.models import Forum

SHOWN = (
    *("circulation", "kind", "means", "timing", "received_at", "recorded_at", "on_behalf_of__short_name"),
    *("contest__position", "contest__reason"),
    *("remark__position", "remark__remark", "remark__appointment__participant__short_name"),
)
"""What a row shows of a reply."""


@dataclass(frozen=True)
class Noted:
    """One such reply, as a row."""

    position: Position
    chip: tuple[str, str]
    notes: list[tuple[str, str]]
    how: str
    url: str
    contested: str
    remark: str


def to_mind(circulation: Circulation) -> list[Noted]:
    """All that a plain reply in time is not, newest first. One query."""
    rows = circulation.positions.select_related("on_behalf_of", "contest", "remark__appointment__participant")
    rows = rows.exclude(timing=Timing.IN_TIME.value, means="").order_by("-pk").only(*SHOWN)
    return [row_of(one) for one in rows]


def row_of(position: Position) -> Noted:
    contest, remark = getattr(position, "contest", None), getattr(position, "remark", None)
    chair = remark.appointment.participant if remark else ""
    return Noted(
        position=position,
        chip=words.REPLIES[PositionKind(position.kind)],
        notes=words.note_chips(position),
        how=words.MEANS[Means(position.means)] if position.means else "In the portal",
        url=reverse("endorsements:position-receipt", args=[position.circulation.ref, position.pk]),
        contested=contest.reason if contest else "",
        remark=f"{chair}: {words.REMARKS[remark.remark]}" if remark else "",
    )


def otherwise(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """What recording will do, before it is done."""
    return {
        **head(circulation, reader, forum, now),
        "does_what": words.recording_does(circulation, now),
    }
