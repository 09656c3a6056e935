"""The information note of a meeting as data for documents.printing.pdf("record", …)."""

from typing import Any
from zoneinfo import ZoneInfo

from meetings.days import meeting_days
from meetings.letters import where
from meetings.models import InformationNote, Meeting
from members.models import Forum
from members.told_file import at

SECTIONS = {"venue": "Venue", "hotel": "Hotel", "contact": "Contact", "dress": "Dress", "visas": "Visas"}


def information_file(meeting: Meeting, note: InformationNote, forum: Forum) -> dict[str, Any]:
    days = {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "planned_text")}
    sample = "Sample. " if meeting.is_sample else ""
    zone = ZoneInfo(forum.time_zone)
    return {
        "title": "Information for participants",
        "author": forum.secretariat or forum.name,
        "line": f"{sample}{meeting.title}",
        "lede": f"{meeting_days(days) or 'Days to be decided'}. {where(meeting)}.",
        "facts": [[title, getattr(note, name)] for name, title in SECTIONS.items() if getattr(note, name)]
        or [["Note", "Nothing is written yet."]],
        "notes": [],
        "tables": [],
        "foot": f"{forum.name}. {sample}As of {at(note.changed_at, zone)}, {forum.secretariat_place} time.",
    }
