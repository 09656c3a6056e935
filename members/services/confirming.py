"""Which posts wait for their yearly confirmation, and when nobody need be asked any more."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from members.enums import Role
from members.models import Appointment
from notifications.enums import Kind, NoticeState
from notifications.models import Notice
from notifications.services import settle


def due_for_confirmation(now: dt.datetime) -> QuerySet[Appointment]:
    """Posts in office that were not confirmed for a year."""
    since = Greatest(F("starts_at"), Coalesce(F("confirmed_at"), F("starts_at")))
    rows = Appointment.objects.in_office(now).annotate(since=since)
    found: QuerySet[Appointment] = rows.filter(Q(since__lte=now - settings.POSTS_CONFIRMED_EVERY))
    return found


def settle_asked(participant_id: int | None, *, now: dt.datetime) -> None:
    """Settle the requests for confirmation at a place at which no post waits for it any more; those of its co-chairs
    apart from the others. A request that waits for the civil hours of its reader is not sent any more. Inside a deed's
    transaction, under the lock of the place."""
    posts, over = Appointment.objects.filter(Q(participant_id=participant_id)), set()
    for of_chair in (Q(role=Role.CO_CHAIR.value), ~Q(role=Role.CO_CHAIR.value)):
        refs = [str(pk) for pk in posts.filter(of_chair).values_list("pk", flat=True)]
        asked = set(_asked(refs).filter(settled_at__isnull=True).order_by().values_list("subject_ref", flat=True))
        if asked and not due_for_confirmation(now).filter(of_chair, Q(participant_id=participant_id)).exists():
            over |= asked
    if over:
        settle("appointment", *over)
        waiting = _asked(over).filter(state=NoticeState.QUEUED.value, due_at__gt=now)
        waiting.update(state=NoticeState.WITHHELD.value)


def _asked(refs: Collection[str]) -> QuerySet[Notice]:
    return Notice.objects.filter(kind=Kind.CONFIRM_ASKED.value, subject_kind="appointment", subject_ref__in=refs)
