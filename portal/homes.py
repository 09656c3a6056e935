"""What the home pages of signed-in people show."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse

from documents.access import visible_to as documents_visible_to
from documents.enums import DocumentState
from documents.models import Document
from endorsements import access
from endorsements.contexts.lists import Row, rows
from endorsements.enums import ENDED, State
from endorsements.models import Circulation
from endorsements.words import reply_chip
from meetings.access import invitations_to_approve
from meetings.access import visible_to as meetings_visible_to
from meetings.answers import invitations_for, open_papers_of, registrations
from meetings.checklists import due_on_desk
from meetings.models import Meeting
from meetings.queries import coming
from members.access import Reader, forum_and_clock
from members.directory import participants_with_note, posts_held_of
from members.due import invitations_that_expire, terms_that_end
from members.enums import Role
from members.invitations import vacant_posts
from members.models import Forum, Participant
from notifications import access as notices
from notifications.queries import number_of_tasks
from portal.directory.team import VACANT
from portal.public import meeting_row
from portal.templatetags.portal import largest_unit

ENDED_SHOWN = 5
DRAFTS_SHOWN = 8
RETURNED_SHOWN = 5
VACANT_SHOWN = 8
DUE_SHOWN = 10
COMING_SHOWN = 3


def desk(reader: Reader) -> dict[str, Any]:
    """The secretariat's desk: what runs and how long, what waits, what is drafted, mail that did not arrive."""
    found, (home, now) = access.visible_to(reader), forum_and_clock()
    here = (State.OPEN.value, State.WAITING.value, State.DRAFT.value)
    live = list(found.filter(state__in=here).order_by("expires_at"))
    running = [one for one in live if one.state == State.OPEN]
    waiting = [one for one in live if one.state == State.WAITING]
    drafts = sorted((one for one in live if one.state == State.DRAFT), key=lambda one: -one.pk)[:DRAFTS_SHOWN]
    ended = list(found.filter(state__in=[one.value for one in ENDED]).order_by("-ended_at")[:ENDED_SHOWN])
    made = rows([*running, *waiting, *drafts, *ended], reader, now)
    by_ref = {row.circulation.ref: row for row in made}

    def pick(many: list[Circulation]) -> list[Row]:
        return [by_ref[one.ref] for one in many]

    uncirculated = documents_visible_to(reader).filter(state=DocumentState.DRAFTING.value).order_by("-pk")
    returned = list(notices.tasks_visible_to(reader).order_by("-pk")[: RETURNED_SHOWN + 1])
    return {
        "forum": home,
        "now": now,
        "running": pick(running),
        "waiting": pick(waiting),
        "drafts": pick(drafts),
        "ended": pick(ended),
        "to_approve": [row for row in pick(drafts) if access.can_approve(reader, row.circulation)],
        "documents": _without_circulation(uncirculated),
        **registrations(reader, now),
        "preparing": due_on_desk(reader, now.astimezone(ZoneInfo(home.time_zone)).date()),
        "returned": returned[:RETURNED_SHOWN],
        "returned_number": number_of_tasks() if len(returned) > RETURNED_SHOWN else len(returned),
        **(posts := _posts(reader, now, home)),
        "lede": _desk_lede(len(running), len(waiting), pick(running)) + _vacant_words(posts["without_focal_point"]),
    }


def _posts(reader: Reader, now: dt.datetime, home: Forum) -> dict[str, Any]:
    """Posts without a person, terms that end, invitations that expire. Three queries."""
    rows = [
        {**row, "chip": VACANT, "url": _people_of(row["participant"])}
        for row in vacant_posts(now.astimezone(ZoneInfo(home.time_zone)).date())
    ]
    without = [row for row in rows if row["focal_point"]]
    return {
        "vacant": without[:VACANT_SHOWN],
        "more_vacant": without[VACANT_SHOWN:],
        "without_focal_point": len(without),
        "without_alternate": [row for row in rows if not row["focal_point"]],
        "terms": [{"post": one, "url": _people_of(one.participant)} for one in terms_that_end()[:DUE_SHOWN]],
        "expiring": [
            {"invitation": one, "url": _people_of(one.participant)}
            for one in invitations_that_expire(reader)[:DUE_SHOWN]
        ],
    }


def _people_of(participant: Participant | None) -> str:
    """The page of the people of a participant, or of the secretariat."""
    query = f"?participant={participant.code}" if participant else ""
    return reverse("people:team") + query


def _vacant_words(number: int) -> str:
    if not number:
        return ""
    return " One member has no focal point." if number == 1 else f" {number} members have no focal point."


def _without_circulation(found: QuerySet[Document]) -> list[Document]:
    return list(found.filter(versions__circulations__isnull=True).distinct()[:DRAFTS_SHOWN])


def _desk_lede(running: int, waiting: int, first: list[Row]) -> str:
    if not running:
        sentence = "No circulation is running."
    elif running == 1:
        sentence = f"One circulation is running; {largest_unit(first[0].left)} are left."
    else:
        sentence = f"{running} circulations are running; the first closes in {largest_unit(first[0].left)}."
    if waiting:
        sentence += f" {waiting} wait{'s' if waiting == 1 else ''} for a co-chair."
    return sentence


def delegate_home(reader: Reader) -> dict[str, Any]:
    """What needs the delegate now, soonest first; then what was answered and what has ended."""
    found, (home, now) = access.visible_to(reader), forum_and_clock()
    running = list(found.filter(state=State.OPEN.value).order_by("expires_at"))
    undecided = [one for one in _of_co_chairs(reader, found) if _waits_for(reader, one)]
    ended = list(found.filter(state__in=[one.value for one in ENDED]).order_by("-ended_at")[:ENDED_SHOWN])
    made = rows([*running, *ended], reader, now)
    open_rows = [row for row in made[: len(running)] if row.is_running]
    needs = [row for row in open_rows if row.waiting_for]
    invitations, to_approve = invitations_for(reader, now, home.time_zone), invitations_to_approve(reader)
    unanswered = sum(row["needs_answer"] and not row["is_over"] for row in invitations)
    answered = [row for row in open_rows if row not in needs]
    return {
        "forum": home,
        "now": now,
        "needs": needs,
        "undecided": rows(undecided, reader, now) if undecided else [],
        "answered": answered,
        "ended": made[len(running) :],
        "own_zone": reader.zone if reader.zone != home.time_zone else "",
        "own_city": reader.city,
        "sees_board": reader.is_co_chair,
        "lede": _delegate_lede(needs, len(undecided), len(to_approve)) + _invited_words(unanswered),
        "invitations": invitations,
        "invitations_to_approve": to_approve,
        "papers": open_papers_of(reader),
        "coming": [meeting_row(one) for one in _coming(reader, now, home)],
        **({} if needs else _nothing_to_do(reader)),
    }


def _invited_words(unanswered: int) -> str:
    if not unanswered:
        return ""
    return f" {'One meeting is' if unanswered == 1 else f'{unanswered} meetings are'} open for registration."


def _coming(reader: Reader, now: dt.datetime, home: Forum) -> QuerySet[Meeting]:
    """The next meetings this reader may know of. One query."""
    today = now.astimezone(ZoneInfo(home.time_zone)).date()
    return coming(meetings_visible_to(reader), today).select_related("series")[:COMING_SHOWN]


def _nothing_to_do(reader: Reader) -> dict[str, Any]:
    """What a quiet day is good for: the last reply, an empty handover note, a post without a person. Three queries for
    those who speak for a participant, else none."""
    speaks = reader.speaks_for
    if not speaks:
        return {}
    noted, held = participants_with_note(speaks), posts_held_of(speaks)
    named_by = {one.pk for one in reader.for_participants(Role.FOCAL_POINT)}
    tidy = [
        {
            "participant": one,
            "note_is_empty": one.pk not in noted,
            "has_no_alternate": (one.pk, Role.ALTERNATE.value) not in held,
            "people_url": _people_of(one) if one.pk in named_by else "",
        }
        for one in speaks
    ]
    last = access.last_reply_of(reader)
    return {
        "last": last,
        "last_chip": reply_chip(last.kind) if last else None,
        "tidy": [row for row in tidy if row["note_is_empty"] or row["has_no_alternate"]],
    }


def _of_co_chairs(reader: Reader, found: QuerySet[Circulation]) -> list[Circulation]:
    """Drafts and waiting circulations that a co-chair sees. One query, none for others."""
    if not reader.is_co_chair:
        return []
    return list(found.filter(state__in=[State.DRAFT.value, State.WAITING.value]).order_by("expires_at"))


def _waits_for(reader: Reader, circulation: Circulation) -> bool:
    return access.can_approve(reader, circulation) or access.can_decide(reader, circulation)


def _delegate_lede(needs: list[Row], undecided: int, invitations: int) -> str:
    if undecided or invitations:
        counted = [(undecided, "circulation"), (invitations, "invitation")]
        parts = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in counted if number]
        verb = "waits" if undecided + invitations == 1 else "wait"
        return f"{' and '.join(parts)} {verb} for your word as co-chair."
    if not needs:
        return "Nothing. No draft waits for your government’s reply."
    if len(needs) == 1:
        return "One draft waits for your government’s reply."
    return f"{len(needs)} drafts wait for your government’s reply."
