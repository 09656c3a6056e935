"""What the pages of the outbox show beside the notices. Reads only."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncHour

from audit.models import AuditEntry
from notifications import drainer
from notifications.models import Notice
from notifications.reach import PENDING
from notifications.services.handling import DEEDS, tasks

HOURS = 24
MOST_COUNTED = 1000
"""More tasks than this are not counted: the page says so."""
WORDS = {
    "notice.tried_again": "Tried again",
    "notice.address_changed": "Address changed",
    "notice.told_otherwise": "Told by another way",
}


@dataclass(frozen=True)
class Hour:
    """One bar: how many messages mail servers took in this hour; `height` in percent of the busiest."""

    begins_at: dt.datetime
    number: int
    place: int
    height: float

    @property
    def x(self) -> float:
        return self.place + 0.12

    @property
    def y(self) -> float:
        return round(100 - self.height, 2)


@dataclass(frozen=True)
class Throughput:
    """The last 24 hours, and what a reader who does not see the bars is told."""

    hours: list[Hour]
    total: int
    busiest: Hour | None


def throughput(now: dt.datetime) -> Throughput:
    """Messages that mail servers took in each of the last 24 hours of the clock, this one included. One query."""
    first = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0) - dt.timedelta(hours=HOURS - 1)
    rows = Notice.objects.filter(accepted_at__gte=first).annotate(hour=TruncHour("accepted_at", tzinfo=dt.UTC))
    # Of all rows and not of their keys: those are in no index beside the hour, and each row would be fetched.
    counted = dict(rows.order_by().values("hour").annotate(number=Count("*")).values_list("hour", "number"))
    most = max(counted.values(), default=0)
    hours = []
    for place in range(HOURS):
        begins = first + dt.timedelta(hours=place)
        taken = counted.get(begins, 0)
        hours.append(Hour(begins, taken, place, round(100 * taken / most, 2) if most else 0.0))
    return Throughput(hours, sum(counted.values()), max(hours, key=lambda one: one.number) if most else None)


def oldest_due() -> Notice | None:
    """The notice that has waited longest to be sent."""
    return drainer.due().order_by("due_at", "pk").only("pk", "address", "due_at").first()


def number_of_tasks() -> int:
    """How many messages did not arrive and wait for somebody; at most MOST_COUNTED."""
    return tasks()[:MOST_COUNTED].count()


def history_of(notice: Notice) -> list[dict[str, object]]:
    """What the secretariat did about a notice, the first deed first. One that was closed by a deed on something else
    (a call about the circulation closes all that did not arrive of it) says so from its own row."""
    found: QuerySet[AuditEntry] = AuditEntry.objects.filter(
        subject_kind="notice", subject_ref=str(notice.pk), action__in=DEEDS.values()
    )
    rows: list[dict[str, object]] = [
        {
            "words": WORDS[one.action],
            "at": one.at,
            "by": one.actor,
            "reason": one.detail.get("reason", ""),
            "answer": one.detail.get("answer", ""),
            "sent_as": one.detail.get("sent_as"),
        }
        for one in found.select_related("actor").order_by("pk")
    ]
    last = WORDS.get(f"notice.{notice.handling}", "")
    if notice.handled_at and notice.handled_by and last and not any(row["words"] == last for row in rows):
        by = {"at": notice.handled_at, "by": notice.handled_by, "reason": notice.handling_reason}
        rows.append({"words": last, **by, "answer": "", "sent_as": None})
    return rows


NEWEST = """
SELECT notice.* FROM unnest(%s::text[]) AS asked(address) CROSS JOIN LATERAL (
    SELECT id, address, state, queued_at, accepted_at FROM notifications_notice
    WHERE address = asked.address AND NOT state = ANY(%s) ORDER BY id DESC LIMIT 1
) AS notice
"""


def newest_to(addresses: Iterable[str]) -> dict[str, Notice]:
    """The newest message that was sent to each address, without its text; what still waits, or waits for a digest, says
    nothing of an address. One query, by the index of each address: as quick with a million old notices as with none."""
    asked = sorted({one.lower() for one in addresses})
    found = Notice.objects.raw(NEWEST, [asked, PENDING]) if asked else []
    return {one.address: one for one in found}
