"""The evidence of notice as data of a PDF for the file: all that the page holds, every message of every participant."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from endorsements.contexts.evidence import Line, evidence
from endorsements.models import Circulation
from members.access import Reader
from members.models import Forum


def evidence_file(circulation: Circulation, reader: Reader, forum: Forum, now: dt.datetime) -> dict[str, Any]:
    """Data for documents.printing.pdf("record", …)."""
    page = evidence(circulation, reader, forum, now, show="all")
    zone = ZoneInfo(forum.time_zone)
    document, version = page["document"], page["version"]
    sample = "Sample. " if circulation.is_sample else ""
    untold = page["untold"]
    silent = "Silent" if page["is_silence"] else "No reply"
    return {
        "title": "Evidence of notice",
        "author": forum.secretariat or forum.name,
        "landscape": True,
        "line": f"{sample}{document.symbol}/v{version.number}. {page['chip'][1]}. Secretariat and co-chairs.",
        "lede": f"{document.title}, version {version.number}. {circulation.sentence}",
        "facts": [
            ["Opened", at(circulation.opened_at, zone)],
            ["Deadline", at(circulation.expires_at, zone)],
            ["Replied", f"{page['replied']} of {page['eligible']}"],
            [f"{silent}, informed", str(page["informed"])],
            [f"{silent}, in doubt", str(len(page["in_doubt"]))],
            ["Messages", f"{page['message_count']} to {page['participants']} participants"],
        ],
        "notes": [
            *page["differences"],
            *([f"No message was written to {', '.join(untold)}: no address is known."] if untold else []),
        ],
        "tables": [_doubts(page, zone), _rounds(page, zone), _told(page, zone), _messages(page, zone)],
        "foot": f"{forum.name}. {sample}Made on {at(now, zone)}, {forum.secretariat_place} time. {circulation.ref}",
    }


def at(moment: dt.datetime | None, zone: ZoneInfo) -> str:
    """ "24 November 2026, 17:00"; a dash when there is none."""
    return f"{moment.astimezone(zone):%-d %B %Y, %H:%M}" if moment else "–"


def _doubts(page: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    rows = [
        [
            str(one.participant),
            " ".join([f"{one.chip[1]}.", *one.why]),
            "yes" if one.is_reached else "no",
            f"{at(one.signs.last_at, zone)}, {one.last_sign}" if one.last_sign else "none",
        ]
        for one in page["in_doubt"]
    ]
    head = ["Member", "Why", "Reached", "Last sign of life"]
    if page["is_silence"]:
        return _table("Silence in doubt", head, [2, 5, 1, 3], rows, "Nobody’s silence is in doubt.")
    return _table("In doubt", head, [2, 5, 1, 3], rows, "Every member without a reply knows of the draft.")


def _rounds(page: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    rows = [
        [
            one.name,
            at(one.at, zone),
            *(str(n) for n in (one.participants, len(one.messages), one.sent, one.delivered, one.opened, one.returned)),
            str(one.waiting),
            one.listed.sha256[:16] if one.listed else "–",
        ]
        for one in page["rounds"]
    ]
    head = ["Round", "When", "Participants", "Messages", "Sent", "Delivered", "Opened", "Returned", "Not sent"]
    head.append("SHA-256 of the list, in the register")
    return _table("Messages by round and state", head, [4, 4, 2, 2, 1, 2, 2, 2, 2, 4], rows, "No message was written.")


def _told(page: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    rows = [
        [
            str(one["participant"]),
            one["way"],
            at(one["told_at"], zone),
            one["note"],
            f"{at(one['recorded_at'], zone)}{', late' if one['is_late'] else ''}, {one['recorded_by']}",
        ]
        for one in page["told"]
    ]
    head = ["Participant", "How", "When", "Who was told", "Recorded"]
    return _table("Told in other ways", head, [2, 2, 2, 4, 3], rows, "Nobody was told in another way.")


def _messages(page: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    rows = [row for line in page["lines"] for row in _of(line, zone, with_address=page["names_addresses"])]
    head = ["Participant", "To", "What", "Sent", "Message-ID", "State"]
    return _table("Each message", head, [2, 3, 2, 2, 4, 3], rows, "No message was written.")


def _of(line: Line, zone: ZoneInfo, *, with_address: bool) -> list[list[str]]:
    return [
        [
            str(line.participant),
            f"{to}, {one.address}" if with_address else to,
            one.what,
            at(one.sent_at, zone),
            "".join(one.id_in_parts),
            " ".join(word for word in (one.chip[1], at(one.at, zone) if one.at else "", one.words) if word),
        ]
        for one, to in line.shown
    ]


def _table(title: str, head: list[str], widths: list[int], rows: list[list[str]], empty: str) -> dict[str, Any]:
    return {"title": title, "head": head, "widths": widths, "rows": rows, "empty": empty}
