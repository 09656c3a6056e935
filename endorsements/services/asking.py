"""Requests for more time that nobody answered: the officers are told once, a day before the deadline.

A request does not stop the clock. Found by what is due: a scheduler that is an hour late, or two of them, changes
nothing, since the event of the notice names the deadline and a notice goes once for an event.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from endorsements import positions
from endorsements.enums import PositionKind, State
from endorsements.models import Circulation, Position
from endorsements.services.reminding import is_running
from endorsements.services.steps import lock_circulation, tell
from members.clock import clock
from members.directory import staff_addressees
from members.enums import Role
from members.reminding import Deadline, round_of
from notifications.enums import Kind
from notifications.models import Notice

HOURS = 24
"""Before the deadline."""
NIGHT = dt.timedelta(hours=14)
"""How much earlier it may go, so that it comes in the civil hours of who reads."""


def tell_open_requests() -> int:
    """Tell the officers of each circulation that is due, each in its own transaction; how many notices were queued."""
    soon = Now() + dt.timedelta(hours=HOURS) + NIGHT
    asked = Position.objects.filter(circulation=OuterRef("pk"), kind=PositionKind.MORE_TIME.value)
    due = Circulation.objects.filter(
        Exists(asked), state=State.OPEN.value, expires_at__gt=Now(), expires_at__lte=soon
    ).order_by("expires_at")
    return sum(_tell(one.ref) for one in due if not _is_told(one))


@transaction.atomic(durable=True)
def _tell(ref: str) -> int:
    """Takes the lock that replies take, then reads the clock: who replied before has no open request. Effect: one
    notice an officer. Nothing from the deadline on, before the day, or without an open request."""
    circulation = lock_circulation(ref)
    now = clock()
    asked = positions.asking_time(circulation)
    if not is_running(circulation, now) or not asked:
        return 0
    deadline = Deadline(
        (positions.SUBJECT, ref),
        circulation.window.opens_at,
        circulation.window.closes_at,
        [HOURS],
        lambda hours: _event(circulation),
    )
    goes = round_of(staff_addressees(Role.OFFICER), deadline, now).goes
    said = [(one.on_behalf_of.short_name, one.until_on) for one in asked]
    return len(tell(Kind.TIME_OPEN, circulation, [one for one, _ in goes], {"asked": said}, event=_event(circulation)))


def _is_told(circulation: Circulation) -> bool:
    return Notice.objects.filter(event=_event(circulation)).exists()


def _event(circulation: Circulation) -> str:
    """The deadline is in it: after an extension they are told again."""
    return f"{Kind.TIME_OPEN.value}:{circulation.pk}:{circulation.expires_at:%Y%m%dT%H%M%S}"
