"""Deeds of accounts and appointments."""

from django.db import connection, transaction

from audit.services import record_audit
from members.models import Appointment, User


def choose_theme(user: User, theme: str) -> None:
    """Keep the display a person chose: light, dark, or empty for the system's. Anything else counts as empty."""
    user.theme = theme if theme in {"light", "dark"} else ""
    user.save(update_fields=["theme"])


@transaction.atomic(durable=True)
def end_appointment(appointment_id: int, *, actor: User | None, reason: str) -> Appointment:
    """End an appointment at this instant; deeds already recorded stay. One audit row.

    Waits for a reply that is being recorded by it (that deed holds the row FOR SHARE), and every later one is refused.
    An appointment that has ended is left as it is.
    """
    appointment = Appointment.objects.select_for_update().get(pk=appointment_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    if appointment.ends_at is not None and appointment.ends_at <= now:
        return appointment
    appointment.ends_at = now
    appointment.save(update_fields=["ends_at"])
    detail = {"reason": reason}
    record_audit("appointment.ended", actor=actor, kind="appointment", ref=str(appointment.pk), detail=detail)
    return appointment
