"""Reminding those who have not replied: by the procedure's times, and when an officer asks for it.

Found by what is due, so a scheduler that is an hour late, or two of them, changes nothing. The event of a notice names
the deadline and the hours before it, and a notice goes once for an event: that alone would do.
"""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from audit.services import done, once
from endorsements import positions
from endorsements.enums import State
from endorsements.models import Circulation
from endorsements.rules import NotAllowed
from endorsements.services.steps import hold_staff, lock_circulation, record_round, tell
from members import reminding as members_reminding
from members.clock import clock
from members.directory import addressees_of
from members.models import User
from members.reminding import Deadline, round_of
from notifications.enums import Kind
from notifications.services import Addressee


def remind_due() -> int:
    """Remind in each circulation in which anyone is due, each in its own transaction; how many notices were queued."""
    is_due = Q(remind_at__lte=Now()) | Q(remind_at__isnull=True)
    due = Circulation.objects.filter(is_due, state=State.OPEN.value, expires_at__gt=Now()).order_by("expires_at")
    return sum(remind_circulation(ref) for ref in list(due.values_list("ref", flat=True)))


@transaction.atomic(durable=True)
def remind_circulation(ref: str) -> int:
    """Send the newest reminder that is due to each who may still reply; how many notices were queued.

    Takes the lock that replies take, then reads the clock: who replied before is not reminded. Effects: notices, one
    entry for the round when there were any, `remind_at`. Nothing from the deadline on, and nothing when none is due.
    """
    circulation = lock_circulation(ref)
    now = clock()
    if not is_running(circulation, now) or (circulation.remind_at and circulation.remind_at > now):
        return 0
    found = round_of(to_remind(circulation), _deadline(circulation), now)
    notices = []
    for hours, to in found.by_hours():
        is_last = hours == min(circulation.reminder_hours)
        notices += tell(
            Kind.CIRCULATION_REMINDER, circulation, to, {"is_last": is_last}, event=event_of(circulation, hours)
        )
    if notices:
        record_round(circulation, notices, Kind.CIRCULATION_REMINDER, at=now)
    circulation.remind_at = min(one for one in (next_look(circulation, now), found.waits_until) if one)
    circulation.save(update_fields=["remind_at"])
    return len(notices)


@transaction.atomic(durable=True)
def remind_now(ref: str, codes: Collection[str], *, actor: User, key: uuid.UUID) -> int:
    """An officer reminds some participants at once, at whatever hour; how many notices were queued.

    Effects: one notice an address of those that may still reply, one entry of the round with who asked for it. Raises
    NotAllowed: not running, the officer's post ended, nobody left to remind.
    """
    if (result := once(key, actor=actor, action="circulation.reminded")) is not None:
        return int(result)
    circulation = lock_circulation(ref)
    hold_staff(actor, "Nobody was reminded.")
    now = clock()
    if not is_running(circulation, now):
        raise NotAllowed("The circulation takes no replies any more. Nobody was reminded.")
    to = [one for one in to_remind(circulation) if one.participant_code in codes]
    if not to:
        raise NotAllowed("Those participants have replied meanwhile, or have no address. Nobody was reminded.")
    event = f"{Kind.CIRCULATION_REMINDER.value}:{circulation.pk}:{key}"
    notices = tell(Kind.CIRCULATION_REMINDER, circulation, to, {"is_last": False}, event=event)
    record_round(circulation, notices, Kind.CIRCULATION_REMINDER, at=now, actor=actor)
    done(key, actor=actor, action="circulation.reminded", result_ref=str(len(notices)))
    return len(notices)


def is_running(circulation: Circulation, now: dt.datetime) -> bool:
    return circulation.state == State.OPEN and circulation.window.holds(now)


def to_remind(circulation: Circulation) -> list[Addressee]:
    """Who is asked and has not answered: people who may reply for an eligible participant without a position, and the
    official addresses of such participants. Also those of a vacant one: somebody must appoint a focal point."""
    said = set(positions.standing(circulation))
    silent = circulation.eligible.filter(counts=True).exclude(participant_id__in=said)
    everyone = addressees_of(list(silent.values_list("participant_id", flat=True)))
    return [one for one in everyone if one.may_reply or one.user_id is None]


def event_of(circulation: Circulation, hours: int) -> str:
    """What is told once: the deadline is in it, so that a deadline that moves starts anew."""
    return f"{Kind.CIRCULATION_REMINDER.value}:{circulation.pk}:{circulation.expires_at:%Y%m%dT%H%M%S}:{hours}"


def next_look(circulation: Circulation, now: dt.datetime) -> dt.datetime:
    """The next instant at which anyone in any zone of the portal is due; the deadline itself when nobody is."""
    window = circulation.window
    coming = members_reminding.next_look(window.opens_at, window.closes_at, circulation.reminder_hours, now)
    return coming or window.closes_at


def _deadline(circulation: Circulation) -> Deadline:
    window = circulation.window
    return Deadline(
        (positions.SUBJECT, circulation.ref),
        window.opens_at,
        window.closes_at,
        circulation.reminder_hours,
        lambda hours: event_of(circulation, hours),
    )
