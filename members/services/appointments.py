"""Deeds of appointments: ended, changed, confirmed."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from audit.services import done, once, record_audit
from members import rules
from members.clock import clock
from members.enums import Role
from members.models import Appointment, User
from members.posts import words_of
from members.rules import NotAllowed
from members.services.confirming import settle_asked
from members.services.posts import (
    check_actor,
    check_free,
    end_post,
    is_secretariat,
    lock_appointment,
    lock_place,
)

CHANGED, CONFIRMED = "appointment.changed", "appointment.confirmed"


@transaction.atomic(durable=True)
def end_appointment(appointment_id: int, *, actor: User | None, reason: str) -> Appointment:
    """End an appointment at this instant; deeds already recorded stay. One audit row, one notice to the person.

    Waits for a reply that is being recorded by it (that deed holds the row FOR SHARE), and every later one is refused.
    An appointment that has ended is left as it is. Raises NotAllowed when the actor may not end this post; None is the
    portal itself.
    """
    post = lock_appointment(appointment_id)
    if actor is not None:
        check_actor(actor, post.role, post.participant_id)
    now = clock()
    if post.ends_at is not None and post.ends_at <= now:
        return post
    end_post(post, at=max(now, post.starts_at), actor=actor, reason=reason)
    return post


@transaction.atomic(durable=True)
def change_appointment(
    appointment_id: int,
    *,
    function: str,
    actor: User,
    key: uuid.UUID,
    ends_at: dt.datetime | None = None,
    changes_term: bool = False,
) -> Appointment:
    """Correct the function; with `changes_term` give the post another end, or none. One audit row if anything changed.

    Raises NotAllowed: it has ended, the actor may not, the new end lies in the past or meets another term. Only the
    secretariat changes a term.
    """
    if once(key, actor=actor, action=CHANGED):
        return Appointment.objects.get(pk=appointment_id)
    post = lock_appointment(appointment_id)
    check_actor(actor, post.role, post.participant_id)
    now = clock()
    if post.ends_at is not None and post.ends_at <= now:
        raise NotAllowed("This post has ended. It stays as it is on record.")
    changed = {} if function == post.function else {"function": function}
    if changes_term and not is_secretariat(actor):
        raise NotAllowed("The secretariat changes a term. Write to it.", "until")
    if changes_term and ends_at != post.ends_at:
        rules.check_term((post.starts_at, ends_at), now=now)
        check_free(post, ends_at)
        changed["ends_at"] = ends_at.isoformat() if ends_at else "open"
        post.ends_at = ends_at
    post.function = function
    post.save(update_fields=["function", "ends_at"])
    if changed:
        record_audit(CHANGED, actor=actor, kind="appointment", ref=str(post.pk), label=words_of(post), detail=changed)
    done(key, actor=actor, action=CHANGED, result_ref=str(post.pk))
    return post


@transaction.atomic(durable=True)
def confirm_appointments(
    participant_id: int | None, appointment_ids: Collection[int], *, actor: User, key: uuid.UUID
) -> int:
    """Say that these people still act for a participant (None: for the secretariat). One audit row each.

    Raises NotAllowed for a post that the actor does not look after. Posts that ended meanwhile are left as they are.
    """
    if result := once(key, actor=actor, action=CONFIRMED):
        return int(result)
    lock_place(participant_id)
    rows = Appointment.objects.filter(Q(participant_id=participant_id), pk__in=appointment_ids)
    posts = list(rows.select_related("user", "participant", "body").select_for_update(of=("self",)).order_by("pk"))
    check_keeper(actor, participant_id)
    now = clock()
    by_office = is_secretariat(actor)
    posts = [one for one in posts if by_office or one.role != Role.CO_CHAIR]
    posts = [one for one in posts if one.ends_at is None or one.ends_at > now]
    for post in posts:
        post.confirmed_at = now
        post.save(update_fields=["confirmed_at"])
        record_audit(CONFIRMED, actor=actor, kind="appointment", ref=str(post.pk), label=words_of(post))
    settle_asked(participant_id, now=now)
    done(key, actor=actor, action=CONFIRMED, result_ref=str(len(posts)))
    return len(posts)


def check_keeper(actor: User, participant_id: int | None) -> None:
    """Step, inside a transaction: who looks after the posts of a participant confirms them: its focal point, or the
    secretariat; those of the secretariat, a manager."""
    check_actor(actor, (Role.OFFICER if participant_id is None else Role.REVIEWER).value, participant_id)
