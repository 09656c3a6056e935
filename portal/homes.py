"""What the home pages of signed-in people show."""

from typing import Any

from django.db.models import QuerySet

from documents.access import visible_to as documents_visible_to
from documents.enums import DocumentState
from documents.models import Document
from endorsements import access
from endorsements.clock import clock
from endorsements.contexts.lists import Row, rows
from endorsements.enums import ENDED, State
from endorsements.models import Circulation
from members.access import Reader, forum
from notifications.enums import NoticeState
from notifications.models import Notice
from portal.templatetags.portal import largest_unit

ENDED_SHOWN = 5
DRAFTS_SHOWN = 8
RETURNED_SHOWN = 5


def desk(reader: Reader) -> dict[str, Any]:
    """The secretariat's desk: what runs and how long, what waits, what is drafted, mail that did not arrive."""
    found, now, home = access.visible_to(reader), clock(), forum()
    live = list(found.filter(state__in=[State.OPEN.value, State.WAITING.value]).order_by("expires_at"))
    running = [one for one in live if one.state == State.OPEN]
    waiting = [one for one in live if one.state == State.WAITING]
    drafts = list(found.filter(state=State.DRAFT.value).order_by("-pk")[:DRAFTS_SHOWN])
    ended = list(found.filter(state__in=[one.value for one in ENDED]).order_by("-ended_at")[:ENDED_SHOWN])
    made = rows([*running, *waiting, *drafts, *ended], reader, now)
    by_ref = {row.circulation.ref: row for row in made}

    def pick(many: list[Circulation]) -> list[Row]:
        return [by_ref[one.ref] for one in many]

    uncirculated = documents_visible_to(reader).filter(state=DocumentState.DRAFTING.value).order_by("-pk")
    failed = [NoticeState.FAILED.value, NoticeState.BOUNCED.value]
    returned = Notice.objects.filter(state__in=failed).order_by("-pk")
    return {
        "forum": home,
        "now": now,
        "running": pick(running),
        "waiting": pick(waiting),
        "drafts": pick(drafts),
        "ended": pick(ended),
        "to_approve": [row for row in pick(drafts) if access.can_approve(reader, row.circulation)],
        "documents": _without_circulation(uncirculated),
        "returned": list(returned[:RETURNED_SHOWN]),
        "lede": _desk_lede(len(running), len(waiting), pick(running)),
    }


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
    found, now, home = access.visible_to(reader), clock(), forum()
    running = list(found.filter(state=State.OPEN.value).order_by("expires_at"))
    ended = list(found.exclude(state=State.OPEN.value).order_by("-ended_at")[:ENDED_SHOWN])
    made = rows([*running, *ended], reader, now)
    open_rows = [row for row in made[: len(running)] if row.is_running]
    needs = [row for row in open_rows if row.waiting_for]
    answered = [row for row in open_rows if row not in needs]
    return {
        "forum": home,
        "now": now,
        "needs": needs,
        "answered": answered,
        "ended": made[len(running) :],
        "own_zone": reader.zone if reader.zone != home.time_zone else "",
        "own_city": reader.city,
        "sees_board": reader.is_co_chair,
        "lede": _delegate_lede(needs),
    }


def _delegate_lede(needs: list[Row]) -> str:
    if not needs:
        return "Nothing. No draft waits for your government’s reply."
    if len(needs) == 1:
        return "One draft waits for your government’s reply."
    return f"{len(needs)} drafts wait for your government’s reply."
