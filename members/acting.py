"""For whom a person with several posts acts now. The choice narrows lists and says which form comes first; what the
person may see and do follows from all the posts in office, whatever is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from members.enums import STAFF, Role
from members.models import Appointment

SESSION_KEY = "acting"


@dataclass(frozen=True)
class Choice:
    """One way to act. `words` go on from "You act": "for Thailand", "as co-chair of the Harbour Group"."""

    key: str
    words: str
    participant_id: int | None = None


def choices_of(appointments: Iterable[Appointment]) -> list[Choice]:
    """One choice for each participant, each chair and the secretariat, in the order of the appointments."""
    found = [_choice(one) for one in appointments]
    return list({one.key: one for one in found}.values())


def narrowed(appointments: Iterable[Appointment], key: str) -> tuple[Appointment, ...]:
    """The appointments under a choice; none when no appointment in office is under it."""
    return tuple(one for one in appointments if _choice(one).key == key)


def _choice(appointment: Appointment) -> Choice:
    if appointment.role == Role.CO_CHAIR:
        return Choice(f"chair-{appointment.body_id or 'forum'}", f"as co-chair of the {appointment.body or 'forum'}")
    if appointment.role in STAFF:
        return Choice("secretariat", "for the secretariat")
    return Choice(
        f"participant-{appointment.participant_id}", f"for {appointment.participant}", appointment.participant_id
    )
