"""A meeting is made in its series, and changed while it is ahead. Nobody is told: the invitation does that."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

from audit.services import done, once, record_audit
from meetings import planning_rules, rules
from meetings.enums import SUBJECT, Format, MeetingState, Verb
from meetings.models import Meeting, MeetingInvitation, Series
from meetings.planning_rules import Days, Settled
from meetings.services.agenda import copy_agenda
from meetings.services.checklists import copy_tasks
from meetings.services.steps import lock_meeting
from members.directory import co_chairs_of, today
from members.models import Participant, User
from members.names import one_line
from members.rules import NotAllowed
from members.services.holding import require_staff
from notifications.services import settle

PLANNED, CHANGED = "meeting.planned", "meeting.changed"
RESERVED = frozenset({"plan", "record", "series"})
"""Words of addresses beside those of meetings."""
SLUG_ROOM = 74
NAMED_IN_THE_INVITATION = frozenset(
    {"title", "place", "country", "format", "starts_on", "ends_on", "sits_on", "planned_text"}
)


@dataclass(frozen=True)
class MeetingPlan:
    """The terms of a meeting as an officer sets them. No co-chairs: those of the body. No country or time zone: those
    of the host."""

    title: str
    days: Days
    symbol: str = ""
    ordinal: str = ""
    format: Format = Format.IN_PERSON
    place: str = ""
    host: Participant | None = None
    country: str = ""
    time_zone: str = ""
    purpose: str = ""
    co_chairs: tuple[Participant, ...] = ()
    beside: tuple[Meeting, ...] = ()


class MeetingIsStale(NotAllowed):
    """Somebody changed the meeting in the meantime; `saved` is how it stands now."""

    def __init__(self, saved: Meeting) -> None:
        super().__init__("Somebody changed this meeting while you wrote. Nothing is lost: both are here.")
        self.saved = saved


@transaction.atomic(durable=True)
def plan_meeting(
    series: Series, plan: MeetingPlan, *, like: Meeting | None = None, actor: User, key: uuid.UUID
) -> Meeting:
    """Make a planned meeting. Effects in order: the meeting under an address made from its title, its co-chairs and the
    meetings beside it, its checklist, one audit row.

    `like`: an earlier meeting of the series, of which seats, reminders, checklist and agenda are taken; without one the
    checklist is the usual one of the series. Raises NotAllowed with the field: days that are not ahead or end before
    they start, no title; the officer's post ended.
    """
    if made := once(key, actor=actor, action=PLANNED):
        return Meeting.objects.get(slug=made)
    require_staff(actor)
    days = planning_rules.settle(plan.days)
    planning_rules.check_ahead(days, today=today())
    meeting = make_meeting(series, plan, days, like=like, state=MeetingState.PLANNED.value)
    lines = list(like.tasks.all()) if like else []
    copy_tasks(lines or series.tasks.all(), meeting)
    if like and like.agenda_items.exists():
        copy_agenda(like, meeting, actor=actor)
    detail = {"series": series.slug, "like": like.slug if like else ""}
    record_audit(PLANNED, actor=actor, kind=SUBJECT, ref=meeting.slug, label=meeting.title, detail=detail)
    done(key, actor=actor, action=PLANNED, result_ref=meeting.slug)
    return meeting


@transaction.atomic(durable=True)
def change_meeting(slug: str, plan: MeetingPlan, *, version: int, actor: User, key: uuid.UUID) -> Meeting:
    """Change the terms of a meeting that is ahead; its address stays. `version`: the one the form began from.

    Effects in order: the meeting with the next version, an approval that was asked is void where the invitation names
    what changed, one audit row with the names of what changed. Raises NotAllowed with the field: not ahead, its days
    known to who was invited (they are moved by postponing), MeetingIsStale, the refusals of `plan_meeting`.
    """
    if once(key, actor=actor, action=CHANGED):
        return Meeting.objects.get(slug=slug)
    meeting = lock_meeting(slug)
    require_staff(actor)
    rules.require(Verb.CHANGE, MeetingState(meeting.state))
    if meeting.version != version:
        raise MeetingIsStale(meeting)
    days = planning_rules.settle(plan.days)
    if days != days_of(meeting):
        if meeting.state != MeetingState.PLANNED:
            raise NotAllowed("Who was invited knows these days. To move them, postpone the meeting.", "first_day")
        planning_rules.check_ahead(days, today=today())
    values = _values(plan, days)
    if plan.place != meeting.place:
        values |= _at_place(plan)
    changed = sorted(name for name, value in values.items() if getattr(meeting, name) != value)
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.save()
    changed += _set_related(meeting, plan)
    if NAMED_IN_THE_INVITATION.intersection(changed):
        _void_approval(meeting, actor)
    record_audit(CHANGED, actor=actor, kind=SUBJECT, ref=slug, label=meeting.title, detail={"changed": changed})
    done(key, actor=actor, action=CHANGED, result_ref=slug)
    return meeting


def make_meeting(
    series: Series, plan: MeetingPlan, days: Settled, *, like: Meeting | None = None, **values: Any
) -> Meeting:
    """The row with its co-chairs and the meetings beside it. Inside a verb's transaction."""
    copied = {"seats": like.seats, "reminder_hours": like.reminder_hours, "is_sample": like.is_sample} if like else {}
    lock_slugs()
    slug = slug_of(plan.title)
    made: Meeting = Meeting.objects.create(
        slug=slug, series=series, **_values(plan, days), **_at_place(plan), **copied, **values
    )
    _set_related(made, plan)
    return made


def lock_slugs() -> None:
    """Until the end of the transaction nobody else makes an address of a meeting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('meetings.slug', 7))")


def slug_of(title: str) -> str:
    """A free address made from the title. After `lock_slugs`."""
    base = slugify(title)[:SLUG_ROOM].strip("-") or "meeting"
    taken = set(Meeting.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def days_of(meeting: Meeting) -> Settled:
    """The days of a meeting as the rules take them."""
    return Settled(
        meeting.starts_on,
        meeting.ends_on,
        tuple(meeting.sits_on),
        meeting.planned_text,
        meeting.earliest_on,
        meeting.latest_on,
    )


def _values(plan: MeetingPlan, days: Settled) -> dict[str, Any]:
    title = one_line(plan.title)
    if not title:
        raise NotAllowed("Write the title.", "title")
    host = plan.host
    return {
        "title": title,
        "symbol": plan.symbol,
        "ordinal": plan.ordinal,
        "format": plan.format.value,
        "place": plan.place,
        "host": host,
        "country": plan.country or (host.short_name if host else ""),
        "time_zone": plan.time_zone or (host.time_zone if host else ""),
        "purpose": plan.purpose,
        "starts_on": days.first,
        "ends_on": days.last,
        "sits_on": list(days.sits_on),
        "planned_text": days.words,
        "earliest_on": days.from_on,
        "latest_on": days.until_on,
    }


def _at_place(plan: MeetingPlan) -> dict[str, Any]:
    """Latitude and longitude as an earlier meeting at the same place has them; the home page plots by them."""
    known = Meeting.objects.filter(place=plan.place, latitude__isnull=False, longitude__isnull=False).exclude(place="")
    found = known.values("latitude", "longitude").order_by("-pk").first()
    return dict(found) if found else {"latitude": None, "longitude": None}


def _set_related(meeting: Meeting, plan: MeetingPlan) -> list[str]:
    """Co-chairs and meetings beside it; the names of what changed."""
    chairs = list(plan.co_chairs) or co_chairs_of(meeting.series.body, min(meeting.latest_on, today()))
    wanted = {"co_chairs": {one.pk for one in chairs}, "beside": {one.pk for one in plan.beside} - {meeting.pk}}
    changed = []
    for name, ids in wanted.items():
        related = getattr(meeting, name)
        if set(related.values_list("pk", flat=True)) != ids:
            related.set(ids)
            changed.append(name)
    return changed


def _void_approval(meeting: Meeting, actor: User) -> None:
    """What a co-chair was asked to approve names other days or another place; who changed them approves nothing."""
    waiting = MeetingInvitation.objects.filter(meeting=meeting, asked_at__isnull=False, sent_at__isnull=True)
    if waiting.update(asked_at=None, changed_by=actor):
        settle(SUBJECT, meeting.slug)
