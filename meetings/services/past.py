"""A past meeting is recorded from a source; another person, a manager, publishes the record."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from audit.services import done, once, record_audit
from meetings import planning_rules, rules
from meetings.enums import SUBJECT, MeetingState
from meetings.models import Meeting, MeetingNote, Series
from meetings.services.planning import MeetingPlan, make_meeting
from meetings.services.steps import lock_meeting
from members.clock import clock
from members.directory import today
from members.enums import Role
from members.models import User
from members.names import one_line
from members.rules import NotAllowed
from members.services.holding import hold_office, is_in_office, require_staff

RECORDED, PUBLISHED = "meeting.recorded", "meeting.record_published"


@dataclass(frozen=True)
class Evidence:
    """The letter, statement or list that says so; remarks on the record, each a note of its own; whether only that it
    took place and who came is public."""

    source: str
    remarks: tuple[str, ...] = ()
    is_public_in_part: bool = False


@transaction.atomic(durable=True)
def record_meeting(series: Series, plan: MeetingPlan, evidence: Evidence, *, actor: User, key: uuid.UUID) -> Meeting:
    """Enter a past meeting as closed: only the secretariat sees it until its record is published.

    Effects in order: the meeting with its co-chairs, a note for each remark, one audit row with the source. Raises
    NotAllowed with the field: no source, days that are still ahead, the refusals of planning, the officer's post ended.
    """
    if made := once(key, actor=actor, action=RECORDED):
        return Meeting.objects.get(slug=made)
    require_staff(actor)
    source = one_line(evidence.source)
    rules.check_source(source)
    days = planning_rules.settle(plan.days)
    planning_rules.check_past(days, today=today())
    meeting = make_meeting(
        series,
        plan,
        days,
        state=MeetingState.CLOSED.value,
        source=source,
        is_public_in_part=evidence.is_public_in_part,
        recorded_by=actor,
    )
    MeetingNote.objects.bulk_create(
        MeetingNote(meeting=meeting, text=text, source=source, position=at)
        for at, text in enumerate(evidence.remarks, 1)
    )
    detail = {"series": series.slug, "source": source, "remarks": len(evidence.remarks)}
    record_audit(RECORDED, actor=actor, kind=SUBJECT, ref=meeting.slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=RECORDED, result_ref=meeting.slug)
    return meeting


@transaction.atomic(durable=True)
def publish_record(slug: str, *, actor: User, key: uuid.UUID) -> Meeting:
    """Make the record of a meeting that was recorded from a source public. One audit row; nobody is told.

    Raises NotAllowed: not recorded from a source or not closed, recorded by the same person, not a manager in office.
    """
    if once(key, actor=actor, action=PUBLISHED):
        return Meeting.objects.get(slug=slug)
    meeting = lock_meeting(slug)
    office = hold_office(actor, Role.MANAGER)
    if office is None or not is_in_office(office, clock()):
        raise NotAllowed("Your post as manager has ended. Nothing was published.")
    after = rules.publish_record(
        MeetingState(meeting.state),
        is_recorded=meeting.recorded_by_id is not None,
        is_recorder=meeting.recorded_by_id == actor.pk,
    )
    meeting.state, meeting.published_on = after.value, today()
    meeting.version += 1
    meeting.save(update_fields=["state", "published_on", "version"])
    record_audit(PUBLISHED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title)
    done(key, actor=actor, action=PUBLISHED, result_ref=slug)
    return meeting
