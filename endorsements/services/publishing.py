"""The heads leave: once a day the head of the register is written where it cannot be taken back."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from endorsements.models import PublishedHead, RegisterEntry
from endorsements.register import LOCK
from members.access import forum
from members.clock import clock
from notifications.enums import Kind
from notifications.services import Addressee, notify


@transaction.atomic(durable=True)
def publish_head() -> PublishedHead | None:
    """Publish the head for the forum's day that has ended last, once: a row of the public page, a mail to each witness.

    Found by what is due, so late, twice or on two workers it writes one row; days on which nobody woke it have none.
    Takes the register's lock, so that the head is that of a whole chain. None when it was published already, or while
    the register is empty.
    """
    home = forum()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    now = clock()
    day = now.astimezone(ZoneInfo(home.time_zone)).date() - dt.timedelta(days=1)
    head = RegisterEntry.objects.order_by("-seq").values_list("head", flat=True).first()
    if head is None or PublishedHead.objects.filter(day=day).exists():
        return None
    row = PublishedHead.objects.create(day=day, head=head, published_at=now)
    notify(
        Kind.REGISTER_HEAD,
        event=f"{Kind.REGISTER_HEAD.value}:{day.isoformat()}",
        to=[Addressee(address) for address in settings.REGISTER_WITNESSES],
        context={
            "day": day,
            "published_at": now,
            "head": head,
            "forum_name": home.name,
            "forum_zone": home.time_zone,
            "forum_city": home.secretariat_place,
        },
        subject_kind="register",
        subject_ref=day.isoformat(),
        path=reverse("endorsements:register-heads"),
    )
    return row
