"""What the deeds on posts share. Every function here runs inside a deed's transaction.

Locks are taken in one order: the place, the invitation, the actor's appointments, the appointment. A place is a lock of
its own and not the participant's row: other deeds hold an appointment when they lock that row, and the two would wait
for each other.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import Q

from audit.services import record_audit
from members import rules
from members.access import forum, reader_of
from members.enums import Role
from members.models import Appointment, User
from members.posts import words_of
from members.rules import Held, NotAllowed
from members.services.confirming import settle_asked
from notifications.enums import Kind
from notifications.services import Addressee, notify

ENDED, MADE = "appointment.ended", "appointment.made"


def lock_place(participant_id: int | None) -> None:
    """No other deed on the posts of this participant (None: of the secretariat) runs until this one has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 13))", [f"posts of {participant_id}"])


def roles_of_actor(actor: User, participant_id: int | None) -> frozenset[Role]:
    """The posts that the actor may offer and end for a participant at this moment; the appointments that say so are
    held FOR SHARE to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM members_appointment WHERE user_id = %s ORDER BY id FOR SHARE", [actor.pk])
    return reader_of(User.objects.get(pk=actor.pk)).roles_to_name(participant_id)


def check_actor(actor: User, role: str, participant_id: int | None) -> None:
    if Role(role) not in roles_of_actor(actor, participant_id):
        raise NotAllowed("Your own post does not let you do this.")


def is_secretariat(actor: User) -> bool:
    """Does the secretariat offer this, and not a focal point?"""
    reader = reader_of(actor)
    return reader.is_staff or reader.is_admin


def held_posts(role: str, participant_id: int | None, user_id: int | None) -> list[Held]:
    """Posts in this role for a participant; of the secretariat those of the person alone."""
    rows = Appointment.objects.filter(Q(participant_id=participant_id), role=role)
    if participant_id is None:
        rows = rows.filter(Q(user_id=user_id))
    return [held(one) for one in rows.select_related("user")]


def held(one: Appointment) -> Held:
    return Held(one.pk, one.user_id, Role(one.role), one.body_id, (one.starts_at, one.ends_at), str(one.user))


def end_post(post: Appointment, *, at: dt.datetime, actor: User | None, reason: str) -> None:
    """End a locked appointment at an instant: one audit row, one notice to its person; who was asked to confirm it is
    asked no more when no other post of the place waits."""
    post.ends_at = at
    post.save(update_fields=["ends_at"])
    settle_asked(post.participant_id, now=at)
    words = words_of(post)
    detail = {"reason": reason, "at": at.isoformat()}
    record_audit(ENDED, actor=actor, kind="appointment", ref=str(post.pk), label=words, detail=detail)
    tell(
        Kind.POST_ENDED,
        post,
        [person_of(post)],
        {"reason": reason, "ended_at": at},
        event=f"{Kind.POST_ENDED.value}:{post.pk}:{at.isoformat()}",
        path="/",
    )


def person_of(post: Appointment) -> Addressee:
    """The holder of a post as an address."""
    place = post.participant
    return Addressee(
        address=post.user.email,
        name=str(post.user),
        user_id=post.user_id,
        participant_code=place.code if place else "",
        zone=post.user.time_zone or (place.time_zone if place else ""),
        city=place.city if place else "",
    )


def tell(
    kind: Kind,
    post: Appointment,
    to: Iterable[Addressee],
    context: Mapping[str, object],
    *,
    event: str,
    path: str,
    civil_before: dt.datetime | None = None,
) -> None:
    """One notice about a post, to each of the addresses; with `civil_before` in the civil hours of who reads there,
    unless these come after that instant."""
    notify(
        kind,
        event=event,
        to=to,
        context={**forum_words(), "post": words_of(post), "person": str(post.user), **context},
        subject_kind="appointment",
        subject_ref=str(post.pk),
        path=path,
        civil_before=civil_before,
        is_sample=post.user.is_sample,
    )


def forum_words() -> dict[str, object]:
    """What the texts need to say a moment in the forum's time."""
    row = forum()
    return {"forum_name": row.name, "forum_zone": row.time_zone, "forum_city": row.secretariat_place}


def lock_appointment(appointment_id: int) -> Appointment:
    """The appointment after its place, locked. Waits for a reply that is being recorded by it."""
    lock_place(Appointment.objects.only("participant_id").get(pk=appointment_id).participant_id)
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("user", "participant", "body")
    return rows.get(pk=appointment_id)


def check_free(post: Appointment, ends_at: dt.datetime | None) -> None:
    """A new end of a post may meet no other term."""
    term = (post.starts_at, ends_at)
    others = [one for one in held_posts(post.role, post.participant_id, post.user_id) if one.pk != post.pk]
    role = Role(post.role)
    if rules.held_twice(post.user_id, role, post.body_id, term, others):
        raise NotAllowed("This person holds the post again from a later day; the terms would overlap.", "until")
    if way := rules.in_the_way(role, post.body_id, term, others):
        raise NotAllowed(f"{way[0].name} holds the post then; one person at a time does.", "until")
