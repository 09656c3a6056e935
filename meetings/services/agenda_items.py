"""Items of an agenda: added, changed, moved, removed. Each verb locks the meeting, which stands for its agenda."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from audit.services import done, once
from documents.models import Document
from meetings import agenda_rules as rules
from meetings.agenda_entries import entries_of, last_day
from meetings.agenda_enums import MOST_ITEMS, AgendaState, AgendaVerb, ItemKind, Move
from meetings.agenda_rules import Entry, Spot
from meetings.models import AgendaItem, AgendaPaper, Meeting, PaperRequest
from meetings.services.agenda_steps import Desk, close_desk, open_desk
from members.models import User
from members.names import one_line
from members.rules import NotAllowed

ADDED, CHANGED, MOVED, REMOVED = "agenda.item_added", "agenda.item_changed", "agenda.item_moved", "agenda.item_removed"


@dataclass(frozen=True)
class ItemPlan:
    """An item as typed. `documents` and `requests`: keys of its papers."""

    title: str
    kind: ItemKind = ItemKind.ITEM
    label: str = ""
    minutes: int | None = None
    starts_at: dt.time | None = None
    purpose: str = ""
    presenter: str = ""
    restricted_note: str = ""
    documents: tuple[int, ...] = ()
    requests: tuple[int, ...] = ()


class ItemIsStale(NotAllowed):
    """Somebody else changed the item in the meantime; `saved` holds what stands there now."""

    def __init__(self, saved: AgendaItem) -> None:
        who = saved.changed_by or "The secretariat"
        super().__init__(f"{who} changed this item while you wrote. Nothing is lost: both are here.")
        self.saved = saved


@transaction.atomic(durable=True)
def add_item(slug: str, plan: ItemPlan, spot: Spot, *, actor: User, key: uuid.UUID) -> AgendaItem:
    """Put a new item into the agenda; into a frozen one it comes marked late. Effects: the item with its papers, one
    audit row. Raises NotAllowed: the meeting over, a place or a number of minutes that can not be."""
    if before := once(key, actor=actor, action=ADDED):
        return AgendaItem.objects.get(pk=before)
    desk = open_desk(slug, AgendaVerb.CHANGE, actor)
    entries = desk.entries()
    if len(entries) >= MOST_ITEMS:
        raise NotAllowed(f"An agenda has {MOST_ITEMS} items at most.")
    _check_days(desk.meeting, spot.day)
    rules.check_parent(entries, None, spot.parent)
    _check(plan, is_under=spot.parent is not None)
    above = next((one for one in entries if one.pk == spot.parent), None)
    day = above.day if above else spot.day
    made = AgendaItem(
        meeting=desk.meeting,
        parent_id=spot.parent,
        day=day,
        position=sum(one.day == day for one in rules.below(entries, spot.parent)),
        is_late=desk.agenda.state == AgendaState.FROZEN,
    )
    _write(made, plan, actor)
    _put_papers(made, plan)
    if spot.before is not None:
        _rearrange(entries, rules.placed([*entries, _entry(made)], made.pk, spot))
    close_desk(desk, ADDED, item=made.pk, title=made.title, is_late=made.is_late)
    done(key, actor=actor, action=ADDED, result_ref=str(made.pk))
    return made


@transaction.atomic(durable=True)
def change_item(slug: str, pk: int, plan: ItemPlan, *, version: int, actor: User, key: uuid.UUID) -> AgendaItem:
    """Change what an item says. `version`: of the item when the form was made. Of a frozen agenda the number, kind,
    title and purpose of what stood in it stay; times, presenter, note and papers may follow events.

    Raises NotAllowed: frozen, the item gone, minutes that can not be; ItemIsStale with what stands there now.
    """
    if once(key, actor=actor, action=CHANGED):
        return AgendaItem.objects.get(pk=pk)
    desk = open_desk(slug, AgendaVerb.CHANGE, actor)
    item = _item(desk, pk)
    if item.version != version:
        raise ItemIsStale(item)
    _check(plan, is_under=item.parent_id is not None)
    if plan.kind == ItemKind.BREAK and item.children.exists():
        raise NotAllowed("This item has sub-items, so it can not become a break.", "kind")
    if _substance(plan) != (item.kind, item.label, item.title, item.purpose):
        rules.require_open(AgendaState(desk.agenda.state), is_late=item.is_late)
    item.version += 1
    _write(item, plan, actor)
    _put_papers(item, plan)
    close_desk(desk, CHANGED, item=pk, title=item.title)
    done(key, actor=actor, action=CHANGED, result_ref=str(pk))
    return item


@transaction.atomic(durable=True)
def move_item(slug: str, pk: int, to: Move | Spot, *, version: int, actor: User, key: uuid.UUID) -> AgendaItem:
    """Move an item with all under it: one step, or to a place. `version`: of the agenda as the page showed it.

    Raises NotAllowed: frozen, nowhere to go, under itself or one of its own sub-items; AgendaIsStale.
    """
    if once(key, actor=actor, action=MOVED):
        return AgendaItem.objects.get(pk=pk)
    desk = open_desk(slug, AgendaVerb.CHANGE, actor, version=version)
    item = _item(desk, pk)
    rules.require_open(AgendaState(desk.agenda.state), is_late=item.is_late)
    entries = desk.entries()
    spot = rules.spot_of(entries, pk, to, days=last_day(desk.meeting)) if isinstance(to, Move) else to
    if spot is None:
        raise NotAllowed("This item can not move further that way.")
    _check_days(desk.meeting, spot.day, was=item.day)
    _rearrange(entries, rules.placed(entries, pk, spot))
    close_desk(desk, MOVED, item=pk, title=item.title, under=spot.parent, day=spot.day)
    done(key, actor=actor, action=MOVED, result_ref=str(pk))
    item.refresh_from_db()
    return item


@transaction.atomic(durable=True)
def remove_item(slug: str, pk: int, *, version: int, actor: User, key: uuid.UUID) -> None:
    """Take an item out with all under it. One audit row keeps its title. Raises NotAllowed: frozen, gone; AgendaIsStale
    where the agenda is not the one that the page of confirmation showed."""
    if once(key, actor=actor, action=REMOVED):
        return
    desk = open_desk(slug, AgendaVerb.CHANGE, actor, version=version)
    item = _item(desk, pk)
    inside = rules.descendants(desk.entries(), pk)
    rules.require_open(AgendaState(desk.agenda.state), is_late=item.is_late)
    item.delete()
    close_desk(desk, REMOVED, item=pk, title=item.title, sub_items=len(inside))
    done(key, actor=actor, action=REMOVED, result_ref=str(pk))


def _item(desk: Desk, pk: int) -> AgendaItem:
    found = AgendaItem.objects.select_related("changed_by").filter(meeting=desk.meeting, pk=pk).first()
    if found is None:
        raise NotAllowed("This item is not in the agenda any more. Somebody removed it.")
    return found


def _check(plan: ItemPlan, *, is_under: bool) -> None:
    rules.check_minutes(plan.minutes)
    if not plan.title.strip():
        raise NotAllowed("Write the title.", "title")
    if is_under and plan.starts_at is not None:
        raise NotAllowed("A sub-item has no fixed start. It follows the item above it.", "starts_at")
    if plan.kind == ItemKind.BREAK and is_under:
        raise NotAllowed("A break stands between items, not under one.", "kind")


def _check_days(meeting: Meeting, day: int, *, was: int | None = None) -> None:
    """A day of the meeting, or the one on which the item stands already: a meeting may have become shorter."""
    last = last_day(meeting)
    if not 1 <= day <= last and day != was:
        raise NotAllowed(f"The meeting has {last} day{'' if last == 1 else 's'}. Choose one of them.", "place")


def _substance(plan: ItemPlan) -> tuple[str, str, str, str]:
    is_item = plan.kind == ItemKind.ITEM
    return plan.kind.value, plan.label if is_item else "", one_line(plan.title), plan.purpose if is_item else ""


def _write(item: AgendaItem, plan: ItemPlan, actor: User) -> None:
    item.kind, item.label, item.title, item.purpose = _substance(plan)
    item.minutes, item.starts_at = plan.minutes, plan.starts_at
    item.presenter, item.restricted_note = one_line(plan.presenter), plan.restricted_note.strip()
    item.changed_by = actor
    item.save()


def _put_papers(item: AgendaItem, plan: ItemPlan) -> None:
    """The papers named, in place of those of before. What is not a paper of this meeting is left out by the form."""
    documents = set(Document.objects.filter(pk__in=plan.documents).values_list("pk", flat=True))
    requests = set(PaperRequest.objects.filter(pk__in=plan.requests, meeting=item.meeting).values_list("pk", flat=True))
    held = item.papers.all()
    held.exclude(document_id__in=documents).filter(document__isnull=False).delete()
    held.exclude(request_id__in=requests).filter(request__isnull=False).delete()
    has = {(one.document_id, one.request_id) for one in held.all()}
    wanted = [(pk, None) for pk in sorted(documents)] + [(None, pk) for pk in sorted(requests)]
    AgendaPaper.objects.bulk_create(
        AgendaPaper(item=item, document_id=document, request_id=request)
        for document, request in wanted
        if (document, request) not in has
    )


def _entry(item: AgendaItem) -> Entry:
    return entries_of([item])[0]


def _rearrange(before: Iterable[Entry], after: Iterable[Entry]) -> None:
    """Write the places that changed. The uniqueness of places is asked at the end of the transaction."""
    known = {one.pk: one for one in before}
    for one in after:
        if known.get(one.pk) != one:
            AgendaItem.objects.filter(pk=one.pk).update(parent_id=one.parent, day=one.day, position=one.position)
