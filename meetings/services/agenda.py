"""The state of an agenda: published, frozen, taken back; and its copy for another meeting."""

import datetime as dt
import uuid

from django.db import transaction

from audit.services import done, once
from meetings import agenda_rules as rules
from meetings.agenda_entries import entries_of
from meetings.agenda_enums import AgendaVerb
from meetings.models import Agenda, AgendaItem, AgendaPaper, Meeting
from meetings.services.agenda_steps import close_desk, open_desk
from members.models import User
from members.rules import NotAllowed

HOURS, PUBLISHED, FROZEN = "agenda.hours_set", "agenda.published", "agenda.frozen"
COPIED = ("day", "position", "kind", "label", "title", "minutes", "starts_at", "purpose", "presenter")
STEPS_BACK = {AgendaVerb.THAW: "agenda.thawed", AgendaVerb.TAKE_BACK: "agenda.taken_back"}


@transaction.atomic(durable=True)
def set_agenda_hours(slug: str, *, starts: dt.time, ends: dt.time, version: int, actor: User, key: uuid.UUID) -> Agenda:
    """When each day begins and ends. One audit row. Raises NotAllowed: an end not after the start; AgendaIsStale."""
    if once(key, actor=actor, action=HOURS):
        return Agenda.objects.get(meeting__slug=slug)
    desk = open_desk(slug, AgendaVerb.CHANGE, actor, version=version)
    if ends <= starts:
        raise NotAllowed("The day ends before it begins. Choose a later end.", "day_ends")
    desk.agenda.day_starts, desk.agenda.day_ends = starts, ends
    close_desk(desk, HOURS, starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}")
    done(key, actor=actor, action=HOURS, result_ref=slug)
    return desk.agenda


@transaction.atomic(durable=True)
def publish_agenda(slug: str, *, version: int, actor: User, key: uuid.UUID) -> Agenda:
    """Show the agenda to those who read the meeting's papers. `version`: of the agenda that the officer looked at.

    Effects: state, one audit row. Raises NotAllowed: nothing in it, published already, the meeting over; AgendaIsStale.
    """
    if once(key, actor=actor, action=PUBLISHED):
        return Agenda.objects.get(meeting__slug=slug)
    desk = open_desk(slug, AgendaVerb.PUBLISH, actor, version=version)
    if not AgendaItem.objects.filter(meeting=desk.meeting, kind="item").exists():
        raise NotAllowed("There is no item yet. Add one first.")
    desk.agenda.state, desk.agenda.published_at = desk.after.value, desk.now
    close_desk(desk, PUBLISHED)
    done(key, actor=actor, action=PUBLISHED, result_ref=slug)
    return desk.agenda


@transaction.atomic(durable=True)
def freeze_agenda(slug: str, *, version: int, actor: User, key: uuid.UUID) -> Agenda:
    """From now on items stay as they are, and what is added is marked late. One audit row. Raises NotAllowed: not
    published; AgendaIsStale."""
    if once(key, actor=actor, action=FROZEN):
        return Agenda.objects.get(meeting__slug=slug)
    desk = open_desk(slug, AgendaVerb.FREEZE, actor, version=version)
    desk.agenda.state, desk.agenda.frozen_at = desk.after.value, desk.now
    close_desk(desk, FROZEN)
    done(key, actor=actor, action=FROZEN, result_ref=slug)
    return desk.agenda


@transaction.atomic(durable=True)
def step_agenda_back(slug: str, verb: AgendaVerb, *, reason: str, version: int, actor: User, key: uuid.UUID) -> Agenda:
    """Frozen back to published, or published back to draft. The reason stands in the one audit row; what was marked
    late stays marked. Raises NotAllowed: no reason, nothing to step back from; AgendaIsStale."""
    action = STEPS_BACK[verb]
    if once(key, actor=actor, action=action):
        return Agenda.objects.get(meeting__slug=slug)
    desk = open_desk(slug, verb, actor, version=version)
    rules.check_reason(reason)
    desk.agenda.state, desk.agenda.frozen_at = desk.after.value, None
    if verb == AgendaVerb.TAKE_BACK:
        desk.agenda.published_at = None
    close_desk(desk, action, reason=reason.strip())
    done(key, actor=actor, action=action, result_ref=slug)
    return desk.agenda


def copy_agenda(source: Meeting, target: Meeting, *, actor: User, with_documents: bool = False) -> int:
    """Copy the agenda of one meeting into another that has none, as a draft; how many items. Inside a transaction.

    Days, order, numbers, titles, minutes, fixed starts, purposes and presenters go along. Notes for the chairs, late
    marks and papers asked for belong to the old meeting and stay there; documents go along where asked for.
    """
    if AgendaItem.objects.filter(meeting=target).exists():
        raise NotAllowed("This meeting has an agenda already. Nothing was copied.")
    held = Agenda.objects.filter(meeting=source).first()
    hours = {"day_starts": held.day_starts, "day_ends": held.day_ends} if held else {}
    Agenda.objects.update_or_create(meeting=target, defaults={**hours, "changed_by": actor})
    items = {one.pk: one for one in AgendaItem.objects.filter(meeting=source)}
    made: dict[int, AgendaItem] = {}
    for entry, _ in rules.in_order(entries_of(items.values())):
        old = items[entry.pk]
        made[entry.pk] = AgendaItem.objects.create(
            meeting=target,
            parent=made[old.parent_id] if old.parent_id else None,
            changed_by=actor,
            **{name: getattr(old, name) for name in COPIED},
        )
    if with_documents:
        papers = AgendaPaper.objects.filter(item__meeting=source, document__isnull=False)
        AgendaPaper.objects.bulk_create(
            AgendaPaper(item=made[one.item_id], document_id=one.document_id) for one in papers
        )
    return len(made)
