"""What officers record while the meeting is in session: items taken up and done with, outcomes as they fall."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from audit.services import done, once, record_audit
from decisions.models import Outcome, Verb
from meetings import rules, session_rules
from meetings.agenda_enums import ItemKind
from meetings.enums import SUBJECT, MeetingState
from meetings.enums import Verb as MeetingVerb
from meetings.models import AgendaItem, ItemRun, Meeting, MeetingOutcome
from meetings.services.steps import lock_meeting
from members.clock import clock
from members.models import User
from members.rules import NotAllowed
from members.services.holding import require_staff

STARTED, FINISHED, NOTED = "item.started", "item.finished", "outcome.noted"


@dataclass(frozen=True)
class OutcomePlan:
    """Actor, verb, object as typed; `parent`: the outcome that a proposal came with."""

    actor: str
    verb: Verb
    text: str
    day: dt.date
    item: int | None = None
    parent: int | None = None


@transaction.atomic(durable=True)
def start_item(slug: str, item_pk: int, *, actor: User, key: uuid.UUID) -> None:
    """Take up an item, or take it up again; one that runs is done with at this instant. One audit row. Raises
    NotAllowed: not in session, the item is gone, it runs already, the officer's post ended."""
    if once(key, actor=actor, action=STARTED):
        return
    meeting = _held(slug, actor)
    item, now = _item(meeting, item_pk), clock()
    running = ItemRun.objects.filter(item__meeting=meeting, finished_at__isnull=True)
    if running.filter(item=item).exists():
        raise NotAllowed(f"“{item}” was taken up already.")
    running.update(finished_at=now, finished_by=actor)
    values = {"started_at": now, "started_by": actor, "finished_at": None, "finished_by": None}
    ItemRun.objects.update_or_create(item=item, defaults=values)
    _record(STARTED, meeting, actor, {"item": item.pk, "title": item.title})
    done(key, actor=actor, action=STARTED, result_ref=str(item.pk))


@transaction.atomic(durable=True)
def finish_item(slug: str, item_pk: int, *, actor: User, key: uuid.UUID) -> None:
    """Be done with the item that runs. One audit row. Raises NotAllowed as above, and: it does not run."""
    if once(key, actor=actor, action=FINISHED):
        return
    meeting = _held(slug, actor)
    item, now = _item(meeting, item_pk), clock()
    running = ItemRun.objects.filter(item=item, finished_at__isnull=True)
    if not running.update(finished_at=now, finished_by=actor):
        raise NotAllowed(f"“{item}” does not run now.")
    _record(FINISHED, meeting, actor, {"item": item.pk, "title": item.title})
    done(key, actor=actor, action=FINISHED, result_ref=str(item.pk))


@transaction.atomic(durable=True)
def note_outcome(slug: str, plan: OutcomePlan, *, actor: User, key: uuid.UUID) -> Outcome:
    """Note an outcome under its item; a proposal under the outcome it came with. It is not public before the record is.
    One audit row. Raises NotAllowed: not in session, a day that is none of the meeting's, an item or outcome that is
    none of its own, a proposal under a proposal, the officer's post ended."""
    if found := once(key, actor=actor, action=NOTED):
        return Outcome.objects.get(ref=found)
    meeting = _held(slug, actor)
    session_rules.check_outcome_day(plan.day, first=meeting.earliest_on, last=meeting.latest_on)
    item = _item(meeting, plan.item) if plan.item else None
    parent = _parent(meeting, plan.parent) if plan.parent else None
    number = meeting.outcome_links.count() + 1
    made = Outcome.objects.create(
        ref=f"{slug[:40]}-{meeting.pk}-{number}",
        actor=plan.actor,
        verb=plan.verb,
        text=plan.text,
        body=meeting.series.body,
        parent=parent,
        position=number,
        source_kind="meeting",
        source_title=meeting.title[:250],
        source_on=plan.day,
        source_path=meeting.get_absolute_url(),
        is_sample=meeting.is_sample,
    )
    MeetingOutcome.objects.create(meeting=meeting, outcome=made, item=item)
    detail = {"outcome": made.ref, "verb": plan.verb.word, "item": plan.item, "parent": parent.ref if parent else None}
    _record(NOTED, meeting, actor, detail)
    done(key, actor=actor, action=NOTED, result_ref=made.ref)
    return made


def _held(slug: str, actor: User) -> Meeting:
    meeting = lock_meeting(slug)
    require_staff(actor)
    rules.require(MeetingVerb.RUN, MeetingState(meeting.state))
    return meeting


def _item(meeting: Meeting, pk: int) -> AgendaItem:
    found = meeting.agenda_items.filter(pk=pk, kind=ItemKind.ITEM.value).first()
    if found is None:
        raise NotAllowed("This item is not in the agenda any more. Nothing was recorded.", "item")
    return found


def _parent(meeting: Meeting, pk: int) -> Outcome:
    found = Outcome.objects.filter(pk=pk, meeting_link__meeting=meeting, parent__isnull=True).first()
    if found is None:
        raise NotAllowed("A proposal stands under an outcome of this meeting. Choose one of the list.", "parent")
    return found


def _record(action: str, meeting: Meeting, actor: User, detail: Mapping[str, object]) -> None:
    record_audit(action, actor=actor, kind=SUBJECT, ref=meeting.slug, label=meeting.title, detail=dict(detail))
