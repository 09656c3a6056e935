"""Evidence of notice of a meeting: who was told of its invitation, when, by which message, and in which state. Each
round of notices is held against its row of the audit log, and the participants against those that were invited."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from audit.models import AuditEntry
from audit.services import openings
from meetings.called import head
from meetings.enums import SUBJECT, DelegationState
from meetings.models import Meeting, MeetingInvitation
from meetings.services.steps import TOLD
from members.access import Reader
from members.directory import participants_with_speaker, posts_of
from members.models import Forum
from members.told import ToldLine, told_page, told_rows
from members.told_file import at, doubts_table, messages_table, rounds_table, told_table
from notifications.enums import Kind
from notifications.evidence import Listed, Round, messages_about, rounds_of
from notifications.models import ToldOtherwise
from notifications.reach import signs_of, told_about
from notifications.signs import opening_is_due

SHOWS = {"doubt": "In doubt", "silent": "No answer", "all": "All"}
KEPT_IN = "log of deeds"


def evidence(
    meeting: Meeting,
    invitation: MeetingInvitation | None,
    reader: Reader,
    forum: Forum,
    now: dt.datetime,
    *,
    show: str = "",
) -> dict[str, Any]:
    """Context of the page and data of the PDF; `show` is one of SHOWS, anything else means what is in doubt, else all.
    A fixed number of queries, whatever the number of participants and messages."""
    told = list(told_about(SUBJECT, meeting.slug).select_related("recorded_by"))
    lines, rounds = gather(meeting, invitation, told, now)
    page = told_page(lines, rounds, SHOWS, show=show, outside="not invited to this meeting")
    silent = sum(one.is_silent for one in lines)
    return {
        **head(meeting, invitation, reader, forum, now),
        **page,
        "answered": len(lines) - silent,
        "invited": len(lines),
        "told": told_rows(lines, told),
        "names_addresses": reader.is_staff,
        "thing": "invitation",
        "kept_in": KEPT_IN,
        "lede": _lede(len(page["in_doubt"]), silent, len(lines)),
    }


def gather(
    meeting: Meeting, invitation: MeetingInvitation | None, told: list[ToldOtherwise], now: dt.datetime
) -> tuple[list[ToldLine], list[Round]]:
    """Every participant that was invited with its messages, and the rounds in which they were sent. Seven queries."""
    delegations = list(meeting.delegations.select_related("participant").order_by("participant__sort_key"))
    opened = openings(SUBJECT, meeting.slug)
    messages = messages_about(SUBJECT, meeting.slug, opened)
    ids = [one.participant_id for one in delegations]
    observers = [one.participant_id for one in delegations if one.is_observer]
    speaking, posts = participants_with_speaker(ids, observers=observers), posts_of(ids)
    due = invitation is not None and opening_is_due(invitation.sent_at, invitation.answer_by, now)
    signs = signs_of(
        SUBJECT,
        meeting.slug,
        codes=[one.participant.code for one in delegations],
        speaking={one.participant.code for one in delegations if one.participant_id in speaking},
        before=now,
        opening_is_due=due,
        opened=opened,
        told=told,
    )
    lines = [
        ToldLine(
            participant=one.participant,
            is_silent=one.state == DelegationState.INVITED,
            signs=signs[one.participant.code],
            messages=[message for message in messages if message.participant_code == one.participant.code],
            posts=posts.get(one.participant_id, []),
            thing="invitation",
        )
        for one in delegations
    ]
    return lines, rounds_of(messages, listed(meeting))


def listed(meeting: Meeting) -> list[Listed]:
    """The rounds of notices as the audit log has them. One query."""
    rows = AuditEntry.objects.filter(subject_kind=SUBJECT, subject_ref=meeting.slug, action=TOLD).order_by("pk")
    return [
        Listed(Kind(one["kind"]), dt.datetime.fromisoformat(one["at"]), one["count"], one["list_sha256"], KEPT_IN)
        for one in rows.values_list("detail", flat=True)
    ]


def _lede(in_doubt: int, silent: int, invited: int) -> str:
    if not invited:
        return "Nobody was invited yet."
    if in_doubt:
        who = "One participant is" if in_doubt == 1 else f"{in_doubt} participants are"
        return f"{who} without an answer and may not know of the invitation."
    if silent:
        return "Every participant without an answer knows of the invitation."
    return "Every participant has answered."


def evidence_file(
    meeting: Meeting, invitation: MeetingInvitation | None, reader: Reader, forum: Forum, now: dt.datetime
) -> dict[str, Any]:
    """Data for documents.printing.pdf("record", …): all that the page holds, every message."""
    page = evidence(meeting, invitation, reader, forum, now, show="all")
    zone = ZoneInfo(forum.time_zone)
    sample = "Sample. " if meeting.is_sample else ""
    untold = page["untold"]
    return {
        "title": "Evidence of notice",
        "author": forum.secretariat or forum.name,
        "landscape": True,
        "line": f"{sample}{page['chip'][1]}. Secretariat and co-chairs.",
        "lede": f"Invitation to the {meeting.title}, {page['days']}, {page['where']}.",
        "facts": [
            ["Invited", at(invitation.sent_at if invitation else None, zone)],
            ["Registration until", at(invitation.answer_by if invitation else None, zone)],
            ["Answered", f"{page['answered']} of {page['invited']}"],
            ["No answer, informed", str(page["informed"])],
            ["No answer, in doubt", str(len(page["in_doubt"]))],
            ["Messages", f"{page['message_count']} to {page['participants']} participants"],
        ],
        "notes": [
            *page["differences"],
            *([f"No message was written to {', '.join(untold)}: no address is known."] if untold else []),
        ],
        "tables": [
            doubts_table(
                "In doubt", "Participant", page["in_doubt"], zone, empty="Everybody without an answer knows of it."
            ),
            rounds_table(page["rounds"], zone, kept_in=KEPT_IN),
            told_table(page["told"], zone),
            messages_table(page["lines"], zone, with_address=page["names_addresses"]),
        ],
        "foot": f"{forum.name}. {sample}Made on {at(now, zone)}, {forum.secretariat_place} time. {meeting.slug}",
    }
