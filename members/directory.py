"""Questions to the directory: who belongs to a body on a day, who is told, who co-chairs. Reads only."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.http import Http404

from members.access import forum
from members.enums import SPEAKS, TOLD, Role, StandingKind
from members.models import (
    Appointment,
    Body,
    FormerName,
    HandoverNote,
    OfficialAddress,
    Participant,
    Standing,
    User,
    dated,
)
from notifications.services import Addressee


def today() -> dt.date:
    """The forum's day at this moment."""
    return dt.datetime.now(ZoneInfo(forum().time_zone)).date()


def get_participant(slug: str) -> Participant:
    """The participant of an address; 404 when there is none. Every participant of the directory is public."""
    participant = Participant.objects.filter(slug=slug).first()
    if participant is None:
        raise Http404("No such participant.")
    return participant


def get_body(slug: str) -> Body:
    """The body of an address; 404 when there is none. Every body is public."""
    body = Body.objects.select_related("parent").filter(slug=slug).first()
    if body is None:
        raise Http404("No such body.")
    return body


def all_bodies() -> QuerySet[Body]:
    return Body.objects.select_related("parent")


def name_on(on: dt.date | F, prefix: str = "", column: str = "short_name") -> Coalesce:
    """Expression for the name a participant bore on a day (a date, or a column of the query): the former name that was
    in use then, else the present one. `prefix` leads from the query's rows to the participant; `column` may be
    `formal_name`."""
    day = OuterRef(on.name) if isinstance(on, F) else on  # type: ignore[attr-defined]
    former = FormerName.objects.filter(participant=OuterRef(f"{prefix}pk"), to_on__gte=day).order_by("to_on")
    return Coalesce(Subquery(former.values(column)[:1]), F(f"{prefix}{column}"))


def participants_of(body: Body, on: dt.date) -> QuerySet[Participant]:
    """Participants of a body on a day: its own members, or every member of the forum where the body takes all."""
    if body.takes_all_members:
        return members_on(on)
    return Participant.objects.filter(pk__in=body.memberships.filter(dated(on)).values("participant_id"))


def co_chairs_of(body: Body, on: dt.date) -> list[Participant]:
    """Participants that co-chair a body on a day; where none is known, those of its parent and so on up."""
    chairs = Participant.objects.filter(pk__in=body.chairs.filter(dated(on)).values("participant_id"))
    found = list(chairs)
    if found or body.parent is None:
        return found
    return co_chairs_of(body.parent, on)


def members_on(on: dt.date) -> QuerySet[Participant]:
    """Members of the forum on a day."""
    rows = Standing.objects.filter(dated(on), standing=StandingKind.MEMBER.value)
    return Participant.objects.filter(pk__in=rows.values("participant_id"))


def observers_on(on: dt.date) -> QuerySet[Participant]:
    """Observers of the forum on a day."""
    rows = Standing.objects.filter(dated(on), standing=StandingKind.OBSERVER.value)
    return Participant.objects.filter(pk__in=rows.values("participant_id"))


class _Post(NamedTuple):
    """A person in a post at a participant. Plain values, not rows of three models: a circulation tells thousands of
    people in one transaction."""

    role: str
    user_id: int
    email: str
    name: str
    own_zone: str
    participant_id: int | None
    code: str
    place: str
    zone: str
    city: str


OF_A_POST = (
    *("role", "user_id", "user__email", "user__name", "user__time_zone", "participant_id"),
    *("participant__code", "participant__short_name", "participant__time_zone", "participant__city"),
)
"""Columns of a _Post, in its order."""


def addressees_of(
    participant_ids: Collection[int], *, also: Collection[Role] = (), observers: Collection[int] = ()
) -> list[Addressee]:
    """Everyone who is told about what concerns these participants: focal points, alternates, reviewers in office, and
    the official addresses; people of the roles in `also` too. One addressee an address and participant; who may reply
    comes first. `observers`: participants whose observer delegates reply where no focal point or alternate is in
    office."""
    roles = {*TOLD, *also, *([Role.OBSERVER_DELEGATE] if observers else [])}
    rows = (
        Appointment.objects.filter(participant_id__in=participant_ids, role__in=[role.value for role in roles])
        .in_office(Now())
        .order_by("participant__sort_key", "pk")
    )
    posts = [_Post(*row) for row in rows.values_list(*OF_A_POST)]
    own = set(observers) - {one.participant_id for one in posts if one.role in SPEAKS}
    found: dict[tuple[str, str], Addressee] = {}
    for post in sorted(posts, key=lambda one: one.role not in SPEAKS):
        is_observer = post.role == Role.OBSERVER_DELEGATE and Role.OBSERVER_DELEGATE not in also
        if is_observer and post.participant_id not in observers:
            continue
        person = _person(post, may_reply=_replies(post, own))
        found.setdefault((person.address, person.participant_code), person)
    mailboxes = OfficialAddress.objects.filter(participant_id__in=participant_ids).select_related("participant")
    for mailbox in mailboxes:
        box = mailbox_of(mailbox)
        found.setdefault((box.address, box.participant_code), box)
    return list(found.values())


def mailbox_of(mailbox: OfficialAddress) -> Addressee:
    """An official address as somebody to tell, in its participant's zone."""
    place = mailbox.participant
    return Addressee(
        address=mailbox.email.lower(),
        name=mailbox.label or place.short_name,
        participant_code=place.code,
        participant_name=place.short_name,
        zone=place.time_zone,
        city=place.city,
    )


def _replies(post: _Post, own: Collection[int | None]) -> bool:
    """`own`: participants that an observer delegate speaks for."""
    is_observer = post.role == Role.OBSERVER_DELEGATE
    return post.role in SPEAKS or (is_observer and post.participant_id in own)


def _person(post: _Post, *, may_reply: bool = False) -> Addressee:
    return Addressee(
        address=post.email.lower(),
        name=post.name or post.email,
        user_id=post.user_id,
        participant_code=post.code,
        participant_name=post.place,
        zone=post.own_zone or post.zone,
        city=post.city,
        may_reply=may_reply,
    )


def zones_in_use() -> set[str]:
    """Time zones in which anyone may read: of participants and of people. Two queries."""
    places = Participant.objects.exclude(time_zone="").order_by().values_list("time_zone", flat=True).distinct()
    people = User.objects.exclude(time_zone="").order_by().values_list("time_zone", flat=True).distinct()
    return {*places, *people} - {""}


def staff_addressees(*roles: Role, but: User | None = None) -> list[Addressee]:
    """Addresses of the secretariat's people in these roles, without one person (who did the deed)."""
    people = Appointment.objects.filter(role__in=[role.value for role in roles]).in_office(Now()).select_related("user")
    found = {one.user_id: one.user for one in people if but is None or one.user_id != but.pk}
    return [
        Addressee(address=user.email, name=str(user), user_id=user.pk, zone=user.time_zone) for user in found.values()
    ]


def co_chair_addressees(body: Body) -> list[Addressee]:
    """People in office as co-chairs of a body, or of the forum as a whole."""
    rows = Appointment.objects.filter(Q(body=body) | Q(body__isnull=True), role=Role.CO_CHAIR.value)
    return [_person(_Post(*row)) for row in rows.in_office(Now()).values_list(*OF_A_POST)]


def participants_with_speaker(participant_ids: Iterable[int], *, observers: Collection[int] = ()) -> set[int]:
    """Those of the participants that have a focal point or alternate in office at this moment; of `observers`, those
    that have an observer delegate too."""
    speaks = Q(role__in=[role.value for role in SPEAKS])
    if observers:
        speaks |= Q(role=Role.OBSERVER_DELEGATE.value, participant_id__in=list(observers))
    speaking = Appointment.objects.filter(speaks, participant_id__in=list(participant_ids))
    return set(speaking.in_office(Now()).values_list("participant_id", flat=True))


@dataclass(frozen=True)
class Post:
    """Who held which role for a participant, and until when; None: still, or until told otherwise."""

    user_id: int
    role: Role
    ends_at: dt.datetime | None


def posts_of(participant_ids: Collection[int]) -> dict[int, list[Post]]:
    """Every post of these participants, past ones too, the newest first. One query."""
    found: dict[int, list[Post]] = {}
    rows = Appointment.objects.filter(participant_id__in=participant_ids).order_by("-starts_at", "-pk")
    for key, user_id, role, ends_at in rows.values_list("participant_id", "user_id", "role", "ends_at"):
        found.setdefault(key, []).append(Post(user_id, Role(role), ends_at))
    return found


def participants_spoken_for_before(appointments: Iterable[Appointment]) -> set[int]:
    """Participants of these appointments for which another person spoke before each of them began. One query."""
    before = Q()
    for one in appointments:
        before |= Q(participant=one.participant_id, starts_at__lt=one.starts_at) & ~Q(user=one.user_id)
    if not before:
        return set()
    found = Appointment.objects.filter(before).speaking().order_by()
    return set(found.values_list("participant_id", flat=True))


def posts_held_of(participants: Iterable[Participant]) -> set[tuple[int | None, str]]:
    """(participant, role) of every post in office of these participants. One query."""
    rows = Appointment.objects.filter(participant__in=list(participants)).in_office(Now()).order_by()
    return set(rows.values_list("participant_id", "role"))


def participants_with_note(participants: Iterable[Participant]) -> set[int]:
    """Those of the participants whose handover note holds a word. One query; the text itself is not read."""
    rows = HandoverNote.objects.filter(participant__in=list(participants)).exclude(text="")
    return set(rows.values_list("participant_id", flat=True))


def counts(on: dt.date) -> dict[str, int]:
    """Members and observers by kind on a day, computed: keys member_state, member_organisation, observer_state, …"""
    rows = (
        Standing.objects.filter(dated(on))
        .values_list("standing", "participant__kind")
        .annotate(number=Count("participant", distinct=True))
    )
    found = {f"{standing}_{kind}": number for standing, kind, number in rows.order_by()}
    keys = ["member_state", "member_organisation", "observer_state", "observer_organisation"]
    return {key: found.get(key, 0) for key in keys}
