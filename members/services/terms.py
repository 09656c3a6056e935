"""What the calendar does to posts: a term that ends is told in time, a post is confirmed once a year or lapses.

Each step is told from what is on record (notices, audit rows), so a task that runs late, twice or not at all changes
nothing but the hour. Mails about it leave between 08:00 and 18:00 of who reads them.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from audit.models import AuditEntry
from audit.services import record_audit
from members import rules
from members.clock import clock
from members.directory import mailbox_of, staff_addressees
from members.enums import STAFF, Role
from members.models import Appointment, OfficialAddress, Participant
from members.posts import words_of
from members.rules import Step
from members.services import posts
from members.services.confirming import due_for_confirmation
from notifications.enums import Kind
from notifications.models import Notice
from notifications.services import Addressee, notify

ASKED, KEPT = "appointment.confirmation_asked", "appointment.kept"
LAPSED = "Nobody confirmed it after three reminders."
Place = tuple[int | None, bool]
"""A participant (None: the secretariat), and whether its co-chairs are meant, whom the secretariat looks after."""


def warn_ending_terms() -> int:
    """Tell each post whose term ends within 30 days, once: its person, who looks after it, the official addresses.

    Effects: notices alone; a term that was moved is told anew. Returns how many posts were told.
    """
    now = clock()
    rows = Appointment.objects.filter(ends_at__gt=now, ends_at__lte=now + rules.WARNED_BEFORE, user__is_active=True)
    return sum(_warn(one) for one in rows.select_related("user", "participant", "body").order_by("pk"))


@transaction.atomic(durable=True)
def _warn(post: Appointment) -> bool:
    event = f"{Kind.TERM_ENDING.value}:{post.pk}:{post.ends_at:%Y%m%d%H%M}"
    if Notice.objects.filter(event=event).exists():
        return False
    to = [posts.person_of(post), *_keepers(post), *_office(post)]
    path = _team(post.participant)
    ends = {"ends_at": post.ends_at}
    posts.tell(Kind.TERM_ENDING, post, to, ends, event=event, path=path, civil_before=post.ends_at)
    return True


def review_posts(*, is_busy: Callable[[int], bool]) -> None:
    """Ask for the yearly confirmation of each post that is due, and let lapse what nobody confirmed.

    `is_busy` says whether a participant has an open circulation: then none of its posts lapses, and the official
    address and the officers are told. One transaction for each participant.
    """
    now = clock()
    due = _due(now).values_list("participant_id", "role").distinct()
    places = {(participant, role == Role.CO_CHAIR) for participant, role in due}
    for place in sorted(places, key=lambda one: (one[0] or 0, one[1])):
        _review(place, is_busy)


def _due(now: dt.datetime) -> QuerySet[Appointment]:
    """Posts in office that were not confirmed for a year."""
    return due_for_confirmation(now)


@transaction.atomic(durable=True)
def _review(place: Place, is_busy: Callable[[int], bool]) -> None:
    posts.lock_place(place[0])
    now = clock()
    rows = _due(now).filter(Q(participant_id=place[0])).select_related("user", "participant", "body").order_by("pk")
    rounds: dict[int, list[Appointment]] = {}
    for post in rows:
        if (post.role == Role.CO_CHAIR) is not place[1]:
            continue
        due_at = rules.confirmation_due(post.starts_at, post.confirmed_at, every=settings.POSTS_CONFIRMED_EVERY)
        asked = list(_asked(post).filter(at__gte=due_at).values_list("at", flat=True))
        step = rules.confirmation_step(due_at, asked, now=now)
        if step is Step.ASK:
            rounds.setdefault(len(asked) + 1, []).append(post)
        elif step is Step.LAPSE and post.participant_id and is_busy(post.participant_id):
            _keep(post, due_at)
        elif step is Step.LAPSE:
            posts.end_post(posts.lock_appointment(post.pk), at=now, actor=None, reason=LAPSED)
    for number, asked_for in rounds.items():
        _ask(asked_for, number, now)


def _asked(post: Appointment) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(action=ASKED, subject_kind="appointment", subject_ref=str(post.pk))


def _ask(due: list[Appointment], number: int, now: dt.datetime) -> None:
    """One mail for all posts of a place that are asked for the same time; one audit row each."""
    first = due[0]
    for post in due:
        detail = {"round": number}
        record_audit(ASKED, actor=None, kind="appointment", ref=str(post.pk), label=words_of(post), detail=detail)
    keepers = [] if first.role == Role.CO_CHAIR else list(_keepers(first))
    notify(
        Kind.CONFIRM_ASKED,
        event=f"{Kind.CONFIRM_ASKED.value}:{first.pk}:{number}:{now:%Y%m%d%H%M%S}",
        to=keepers or _office(first),
        context={
            **posts.forum_words(),
            "whom": str(first.participant or "the secretariat"),
            "people": [(str(one.user), words_of(one)) for one in due],
            "asked": number,
        },
        subject_kind="appointment",
        subject_ref=str(first.pk),
        path=reverse("people:appointment-confirm") + _query(first.participant),
        civil_before=now + rules.ROUND,
        is_sample=any(one.user.is_sample for one in due),
    )


def _keep(post: Appointment, due_at: dt.datetime) -> None:
    """Once for each year: one audit row, notices to the official address and the officers."""
    event = f"{Kind.POST_KEPT.value}:{post.pk}:{due_at:%Y%m%d}"
    if Notice.objects.filter(event=event).exists():
        return
    record_audit(KEPT, actor=None, kind="appointment", ref=str(post.pk), label=words_of(post))
    to = [*_keepers(post), *_office(post)]
    whom = {"whom": str(post.participant)}
    path, before = _team(post.participant), clock() + rules.ROUND
    posts.tell(Kind.POST_KEPT, post, to, whom, event=event, path=path, civil_before=before)


def _keepers(post: Appointment) -> Iterable[Addressee]:
    """The focal point in office and the official addresses of the participant of a post."""
    if post.participant is None:
        return []
    place = post.participant
    speaking = Appointment.objects.filter(participant=place, role=Role.FOCAL_POINT.value)
    focal = speaking.in_office(clock()).select_related("user", "participant")
    boxes = OfficialAddress.objects.filter(participant=place)
    return [
        *(posts.person_of(one) for one in focal),
        *(mailbox_of(one) for one in boxes.select_related("participant")),
    ]


def _office(post: Appointment) -> list[Addressee]:
    """Who of the secretariat is told: managers of its own posts, else the officers."""
    return staff_addressees(Role.MANAGER if Role(post.role) in STAFF else Role.OFFICER)


def _query(participant: Participant | None) -> str:
    return f"?participant={participant.code}" if participant else ""


def _team(participant: Participant | None) -> str:
    return reverse("people:team") + _query(participant)
