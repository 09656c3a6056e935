"""The appointment behind a deed, held while the deed runs: ending it waits for the deed, or the deed sees the end."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from members.clock import clock
from members.directory import participants_with_speaker
from members.enums import SPEAKS, STAFF, Role
from members.models import Appointment, Body, Participant, User
from members.rules import NotAllowed


def hold_speaker(actor: User, participant: Participant) -> Appointment | None:
    """The appointment by which the actor speaks for the participant at this instant; when none is in office, the one
    that ended last, for the refusal to name; None when there never was one.

    Inside a transaction. Every such row is held FOR SHARE to its end, and only then is the clock read: of two terms
    that follow each other the present one is found.
    """
    return _held(actor, SPEAKS, participant)


def hold_observer(actor: User, participant: Participant) -> Appointment | None:
    """The same for an observer delegate; None where the participant has a focal point or alternate in office, who then
    speak for it."""
    if participants_with_speaker([participant.pk]):
        return None
    return _held(actor, (Role.OBSERVER_DELEGATE,), participant)


def hold_office(actor: User, *roles: Role) -> Appointment | None:
    """The same for an appointment of the secretariat in one of the roles."""
    return _held(actor, roles, None)


def hold_chair(actor: User, body: Body) -> Appointment | None:
    """The appointment by which the actor co-chairs the body, or the forum as a whole, held FOR SHARE like the others;
    None when there is none in office."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM members_appointment WHERE user_id = %s AND role = %s"
            " AND (body_id IS NULL OR body_id = %s) ORDER BY id FOR SHARE",
            [actor.pk, Role.CO_CHAIR.value, body.pk],
        )
        held = [row[0] for row in cursor.fetchall()]
    now = clock()
    rows = Appointment.objects.filter(pk__in=held).select_related("user", "participant").order_by("-body_id", "-pk")
    return next((one for one in rows if is_in_office(one, now)), None)


def require_staff(actor: User) -> None:
    """The actor is an officer or manager at this instant, and stays so to the end of the transaction. Raises
    NotAllowed: the post ended while the page was open, or while the deed was under way, waiting for its own lock."""
    office = hold_office(actor, *STAFF)
    if office is None or not is_in_office(office, clock()):
        raise NotAllowed("Your post in the secretariat has ended. Nothing was recorded.")


def _held(actor: User, roles: Iterable[Role], participant: Participant | None) -> Appointment | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM members_appointment WHERE user_id = %s AND role = ANY(%s)"
            " AND participant_id IS NOT DISTINCT FROM %s ORDER BY id FOR SHARE",
            [actor.pk, [role.value for role in roles], participant.pk if participant else None],
        )
        held = [row[0] for row in cursor.fetchall()]
    now = clock()
    rows = list(Appointment.objects.filter(pk__in=held).select_related("user").order_by("-ends_at", "-pk"))
    return next((one for one in rows if is_in_office(one, now)), rows[0] if rows else None)


def is_in_office(appointment: Appointment, now: dt.datetime) -> bool:
    """Begun, not ended, and the person not suspended: what AppointmentQuerySet.in_office asks, of one row."""
    is_over = appointment.ends_at is not None and appointment.ends_at <= now
    return appointment.starts_at <= now and not is_over and appointment.user.is_active
