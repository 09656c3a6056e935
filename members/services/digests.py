"""Digests: what a person asked to have together, at eight in the morning of the own day; weekly on Monday.

Found by what is due: a scheduler that is late, or two of them, sends each message in one digest and no more.
"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from members.access import forum, reader_of
from members.clock import clock
from members.models import User
from notifications.enums import Cadence, Kind, NoticeState
from notifications.models import Notice
from notifications.rules import digest_due_at
from notifications.services import Addressee, notify
from notifications.services.preferences import TOGETHER


def send_digests() -> int:
    """Write the digest of each person for whom one is due, each in its own transaction; how many were written."""
    waiting = Notice.objects.filter(cadence__in=TOGETHER, digest__isnull=True, user__isnull=False)
    people = list(waiting.order_by("user_id").values_list("user_id", flat=True).distinct())
    return sum(send_digest(user_id) for user_id in people)


@transaction.atomic(durable=True)
def send_digest(user_id: int) -> bool:
    """Write the digest of one person when anything in it is due; False when nothing is.

    Locks the waiting notices, then reads the clock. It holds all that waits, so that two do not follow each other.
    What is about a participant for which the person has no post any more is left out, and stays so.
    """
    rows = lock_waiting(user_id)
    if not rows:
        return False
    now, user = clock(), User.objects.get(pk=user_id)
    reader = reader_of(user)
    zone = ZoneInfo(reader.zone or forum().time_zone)
    if all(digest_due_at(one.queued_at, Cadence(one.cadence), zone) > now for one in rows):
        return False
    carried = [one for one in rows if one.participant_code in reader.notice_codes and user.is_active]
    gone = [one.pk for one in rows if one not in carried]
    Notice.objects.filter(pk__in=gone).update(cadence=Cadence.NEVER.value)
    if carried:
        _write(user, carried, zone)
    return bool(carried)


def lock_waiting(user_id: int) -> list[Notice]:
    """What waits for a digest of the person, locked: a second scheduler waits here, and then finds nothing."""
    waiting = Notice.objects.filter(user_id=user_id, cadence__in=TOGETHER, digest__isnull=True)
    return list(waiting.filter(state=NoticeState.WITHHELD.value).select_for_update(of=("self",)).order_by("pk"))


def _write(user: User, rows: list[Notice], zone: ZoneInfo) -> None:
    (digest,) = notify(
        Kind.DIGEST,
        event=f"{Kind.DIGEST.value}:{user.pk}:{rows[-1].pk}",
        to=[Addressee(user.email, name=str(user), user_id=user.pk, zone=zone.key)],
        context={
            "count": len(rows),
            "messages": [(one.subject, f"{settings.BASE_URL}{one.path}" if one.path else "") for one in rows],
        },
        path=reverse("inbox:list"),
        is_sample=user.is_sample,
    )
    Notice.objects.filter(pk__in=[one.pk for one in rows]).update(digest=digest)
