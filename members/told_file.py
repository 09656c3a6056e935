"""Tables of a PDF of evidence of notice, from the lines and rounds of its page."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from members.told import ToldLine
from notifications.evidence import Round

Table = dict[str, Any]


def at(moment: dt.datetime | None, zone: ZoneInfo) -> str:
    """ "24 November 2026, 17:00"; a dash when there is none."""
    return f"{moment.astimezone(zone):%-d %B %Y, %H:%M}" if moment else "–"


def table(title: str, head: list[str], widths: list[int], rows: list[list[str]], empty: str) -> Table:
    return {"title": title, "head": head, "widths": widths, "rows": rows, "empty": empty}


def doubts_table(title: str, who: str, in_doubt: Iterable[ToldLine], zone: ZoneInfo, *, empty: str) -> Table:
    rows = [
        [
            str(one.participant),
            " ".join([f"{one.chip[1]}.", *one.why]),
            "yes" if one.is_reached else "no",
            f"{at(one.signs.last_at, zone)}, {one.last_sign}" if one.last_sign else "none",
        ]
        for one in in_doubt
    ]
    return table(title, [who, "Why", "Reached", "Last sign of life"], [2, 5, 1, 3], rows, empty)


def rounds_table(rounds: Iterable[Round], zone: ZoneInfo, *, kept_in: str) -> Table:
    found = [
        [
            one.name,
            at(one.at, zone),
            *(str(n) for n in (one.participants, len(one.messages), one.sent, one.delivered, one.opened, one.returned)),
            str(one.waiting),
            one.listed.sha256[:16] if one.listed else "–",
        ]
        for one in rounds
    ]
    head = ["Round", "When", "Participants", "Messages", "Sent", "Delivered", "Opened", "Returned", "Not sent"]
    head.append(f"SHA-256 of the list, in the {kept_in}")
    return table("Messages by round and state", head, [4, 4, 2, 2, 1, 2, 2, 2, 2, 4], found, "No message was written.")


def told_table(told: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> Table:
    rows = [
        [
            str(one["participant"]),
            one["way"],
            at(one["told_at"], zone),
            one["note"],
            f"{at(one['recorded_at'], zone)}{', late' if one['is_late'] else ''}, {one['recorded_by']}",
        ]
        for one in told
    ]
    head = ["Participant", "How", "When", "Who was told", "Recorded"]
    return table("Told in other ways", head, [2, 2, 2, 4, 3], rows, "Nobody was told in another way.")


def messages_table(lines: Sequence[ToldLine], zone: ZoneInfo, *, with_address: bool) -> Table:
    rows = [
        [
            str(line.participant),
            f"{to}, {one.address}" if with_address else to,
            one.what,
            at(one.sent_at, zone),
            "".join(one.id_in_parts),
            " ".join(word for word in (one.chip[1], at(one.at, zone) if one.at else "", one.words) if word),
        ]
        for line in lines
        for one, to in line.shown
    ]
    head = ["Participant", "To", "What", "Sent", "Message-ID", "State"]
    return table("Each message", head, [2, 3, 2, 2, 4, 3], rows, "No message was written.")
