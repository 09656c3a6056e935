"""The evidence of notice as data of a PDF for the file: all that the page holds, every message of every participant."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from endorsements.contexts.evidence import evidence
from endorsements.models import Circulation
from members.access import Reader
from members.models import Forum
from members.told_file import at, doubts_table, messages_table, rounds_table, told_table


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
        "tables": [
            _doubts(page, zone),
            rounds_table(page["rounds"], zone, kept_in="register"),
            told_table(page["told"], zone),
            messages_table(page["lines"], zone, with_address=page["names_addresses"]),
        ],
        "foot": f"{forum.name}. {sample}Made on {at(now, zone)}, {forum.secretariat_place} time. {circulation.ref}",
    }


def _doubts(page: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    if page["is_silence"]:
        title, empty = "Silence in doubt", "Nobody’s silence is in doubt."
    else:
        title, empty = "In doubt", "Every member without a reply knows of the draft."
    return doubts_table(title, "Member", page["in_doubt"], zone, empty=empty)
