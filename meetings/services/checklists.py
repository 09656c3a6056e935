"""The checklist of a meeting: lines are added, ticked, opened again, left out. Their days follow the meeting."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from audit.services import done, once, record_audit
from meetings import checklist_rules, rules
from meetings.enums import SUBJECT, MeetingState, Verb
from meetings.models import Meeting, PreparationTask
from meetings.services.steps import lock_meeting
from members.clock import clock
from members.models import User
from members.names import one_line
from members.rules import NotAllowed
from members.services.holding import require_staff

ADDED, TAKEN, DONE, REOPENED, DROPPED = (
    f"task.{word}" for word in ("added", "usual_taken", "done", "reopened", "dropped")
)


@dataclass(frozen=True)
class TaskLine:
    """What is to be done, how many days before the opening, and who does it."""

    text: str
    days_before: int
    who: str = ""


@transaction.atomic(durable=True)
def add_task(slug: str, line: TaskLine, *, actor: User, key: uuid.UUID) -> PreparationTask:
    """Add a line of this meeting alone. One audit row. Raises NotAllowed: no text, the same line already, the meeting
    published or called off, the officer's post ended."""
    if made := once(key, actor=actor, action=ADDED):
        return PreparationTask.objects.get(pk=made)
    meeting = _open(slug, actor)
    text = one_line(line.text)
    checklist_rules.check_line(text, line.days_before)
    if meeting.tasks.filter(text__iexact=text).exists():
        raise NotAllowed("This line is in the list already.", "text")
    task: PreparationTask = meeting.tasks.create(text=text, days_before=line.days_before, who=line.who)
    _record(ADDED, meeting, task, actor)
    done(key, actor=actor, action=ADDED, result_ref=str(task.pk))
    return task


@transaction.atomic(durable=True)
def take_usual_tasks(slug: str, *, actor: User, key: uuid.UUID) -> int:
    """Add the lines of the series' usual list that this meeting does not have; how many. One audit row, none where
    nothing was missing."""
    if once(key, actor=actor, action=TAKEN):
        return 0
    meeting = _open(slug, actor)
    have = {one.casefold() for one in meeting.tasks.values_list("text", flat=True)}
    missing = [one for one in meeting.series.tasks.all() if one.text.casefold() not in have]
    copy_tasks(missing, meeting)
    if missing:
        detail = {"lines": len(missing)}
        record_audit(TAKEN, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=TAKEN, result_ref=slug)
    return len(missing)


@transaction.atomic(durable=True)
def finish_task(slug: str, pk: int, *, actor: User, key: uuid.UUID) -> PreparationTask:
    """Tick a line: who and when. One audit row. Raises NotAllowed: ticked by somebody before."""
    if once(key, actor=actor, action=DONE):
        return PreparationTask.objects.get(pk=pk)
    meeting = _open(slug, actor)
    task = _task(meeting, pk)
    if task.done_at:
        raise NotAllowed(f"{task.done_by} ticked this before you.")
    task.done_at, task.done_by = clock(), actor
    task.save(update_fields=["done_at", "done_by"])
    _record(DONE, meeting, task, actor)
    done(key, actor=actor, action=DONE, result_ref=str(pk))
    return task


@transaction.atomic(durable=True)
def reopen_task(slug: str, pk: int, *, actor: User, key: uuid.UUID) -> PreparationTask:
    """Take a tick back; the audit row keeps whose it was. Raises NotAllowed: not ticked."""
    if once(key, actor=actor, action=REOPENED):
        return PreparationTask.objects.get(pk=pk)
    meeting = _open(slug, actor)
    task = _task(meeting, pk)
    if task.done_at is None:
        raise NotAllowed("This line is not ticked any more.")
    was = {"done_by": task.done_by_id, "done_at": task.done_at.isoformat()}
    task.done_at, task.done_by = None, None
    task.save(update_fields=["done_at", "done_by"])
    _record(REOPENED, meeting, task, actor, **was)
    done(key, actor=actor, action=REOPENED, result_ref=str(pk))
    return task


@transaction.atomic(durable=True)
def drop_task(slug: str, pk: int, *, actor: User, key: uuid.UUID) -> None:
    """Leave a line out that this meeting does not need. One audit row with its words. Raises NotAllowed: ticked; what
    is done stays on record."""
    if once(key, actor=actor, action=DROPPED):
        return
    meeting = _open(slug, actor)
    task = _task(meeting, pk)
    if task.done_at:
        raise NotAllowed("This line is ticked. What is done stays; take the tick back first.")
    _record(DROPPED, meeting, task, actor, days_before=task.days_before)
    task.delete()
    done(key, actor=actor, action=DROPPED, result_ref=str(pk))


def copy_tasks(lines: object, meeting: Meeting) -> None:
    """Copies of lines for a meeting, none of them done. Inside a verb's transaction."""
    PreparationTask.objects.bulk_create(
        PreparationTask(meeting=meeting, text=one.text, days_before=one.days_before, who=one.who)
        for one in lines  # type: ignore[attr-defined]
    )


def _open(slug: str, actor: User) -> Meeting:
    """The meeting, locked, where its checklist may be changed."""
    meeting = lock_meeting(slug)
    require_staff(actor)
    rules.require(Verb.TICK, MeetingState(meeting.state))
    return meeting


def _task(meeting: Meeting, pk: int) -> PreparationTask:
    task = meeting.tasks.select_related("done_by").filter(pk=pk).first()
    if task is None:
        raise NotAllowed("Somebody took this line off the list.")
    found: PreparationTask = task
    return found


def _record(action: str, meeting: Meeting, task: PreparationTask, actor: User, **more: object) -> None:
    detail = {"task": task.pk, "text": task.text, **more}
    record_audit(action, actor=actor, kind=SUBJECT, ref=meeting.slug, label=meeting.title, detail=detail)
