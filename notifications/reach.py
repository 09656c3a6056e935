"""Whom the notices about a thing reached, by participant. Reads only."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from audit.services import Opening, openings
from notifications.enums import ARRIVED, RETURNED, WAITING, Handling, Kind
from notifications.models import Notice, ToldOtherwise
from notifications.signs import Signs

TO_CHAIRS = (Kind.CIRCULATION_APPROVAL, Kind.CIRCULATION_DECISION)
STATES_ARRIVED = [state.value for state in ARRIVED]
HAS_ARRIVED = Q(state__in=STATES_ARRIVED) | Q(digest__state__in=STATES_ARRIVED)
"""Taken by a mail server and not come back, by itself or in a digest."""
WHEN_ARRIVED = Coalesce("accepted_at", "digest__accepted_at")


@dataclass(frozen=True)
class Mail:
    """How far the messages about one thing have come."""

    all: int = 0
    sent: int = 0
    """Taken by a mail server and not come back, each by itself."""
    waiting: int = 0
    returned: int = 0
    last_at: dt.datetime | None = None
    """When one of them last moved."""
    arrived: Mapping[str, dt.datetime] = field(default_factory=dict, compare=False)
    """When one last arrived, by the code of the participant it was for; a digest counts where it carried one."""


MOVES = ("queued_at", "accepted_at", "delivered_at", "bounced_at", "handled_at", "digest__accepted_at")
COUNTS = {
    "all": Count("pk"),
    "sent": Count("pk", filter=Q(state__in=STATES_ARRIVED)),
    "waiting": Count("pk", filter=Q(state__in=[state.value for state in WAITING])),
    "returned": Count("pk", filter=Q(state__in=[state.value for state in RETURNED])),
    "last_at": Max(Greatest(*MOVES)),
}


def about(subject_kind: str, subject_ref: str) -> QuerySet[Notice]:
    """Notices that tell participants about a thing. What asks a co-chair to approve or to decide tells its participant
    nothing: it goes to one person for the chair."""
    rows = Notice.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref).exclude(participant_code="")
    return rows.exclude(kind__in=[kind.value for kind in TO_CHAIRS])


def accepted_for(subject_kind: str, subject_ref: str, *, before: dt.datetime) -> set[str]:
    """Codes of the participants for which a mail server accepted a notice about the thing before an instant, which did
    not come back."""
    rows = about(subject_kind, subject_ref).filter(HAS_ARRIVED).annotate(arrived_at=WHEN_ARRIVED)
    return set(rows.filter(arrived_at__lt=before).values_list("participant_code", flat=True).distinct())


def told_in_time(subject_kind: str, subject_ref: str, *, before: dt.datetime) -> set[str]:
    """Codes of the participants of which it was recorded before an instant that they were told by another way."""
    rows = ToldOtherwise.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref, recorded_at__lt=before)
    return set(rows.order_by().values_list("participant_code", flat=True).distinct())


def returned_codes(subject_kind: str, subject_ref: str) -> set[str]:
    """Codes of the participants of whom one address let the newest message come back. An address that was corrected
    since does not count."""
    sent = about(subject_kind, subject_ref).exclude(state__in=[state.value for state in WAITING])
    newest = sent.order_by("participant_code", "address", "-pk").distinct("participant_code", "address")
    rows = Notice.objects.filter(pk__in=newest.values("pk"), state__in=[state.value for state in RETURNED])
    rows = rows.exclude(handling=Handling.ADDRESS_CHANGED.value)
    return set(rows.order_by().values_list("participant_code", flat=True).distinct())


def signs_of(
    subject_kind: str,
    subject_ref: str,
    *,
    codes: Iterable[str],
    speaking: Collection[str],
    before: dt.datetime,
    opened: list[Opening] | None = None,
    mail: Mail | None = None,
) -> dict[str, Signs]:
    """What is known of the telling of each participant about the thing, before an instant (its deadline). `speaking`:
    codes of those with a focal point or alternate in office. At most four queries, whatever the number; one less each
    for `opened` and `mail`, where the page has read them already."""
    arrived = (mail or mail_about(subject_kind, subject_ref, before=before)).arrived
    told = ToldOtherwise.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref, recorded_at__lt=before)
    told_at = dict(told.order_by().values_list("participant_code").annotate(Max("told_at")))
    came_back = returned_codes(subject_kind, subject_ref)
    opened_at: dict[str, dt.datetime] = {}
    for one in openings(subject_kind, subject_ref) if opened is None else opened:
        if one.first_at < before:
            at = one.last_at if one.last_at < before else one.first_at
            opened_at[one.participant_code] = max(at, opened_at.get(one.participant_code, at))
    return {
        code: Signs(
            has_speaker=code in speaking,
            arrived_at=arrived.get(code),
            is_returned=code in came_back,
            opened_at=opened_at.get(code),
            told_at=told_at.get(code),
        )
        for code in codes
    }


def mail_in_short(subject_kind: str, subject_ref: str) -> Mail:
    """The figures alone, `arrived` left out: one row, for a page that asks every few seconds. One query."""
    return Mail(**Notice.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref).aggregate(**COUNTS))


def mail_about(subject_kind: str, subject_ref: str, *, before: dt.datetime) -> Mail:
    """The same figures, and for which participants one arrived before an instant. One query."""
    to_chairs = Q(kind__in=[kind.value for kind in TO_CHAIRS])
    rows = Notice.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref).order_by()
    in_time = HAS_ARRIVED & ~to_chairs & Q(when__lt=before)
    counted = rows.annotate(when=WHEN_ARRIVED).values("participant_code")
    by_code: list[dict[str, Any]] = list(counted.annotate(**COUNTS, arrived_at=Max("when", filter=in_time)))  # type: ignore[arg-type]
    return Mail(
        all=sum(row["all"] for row in by_code),
        sent=sum(row["sent"] for row in by_code),
        waiting=sum(row["waiting"] for row in by_code),
        returned=sum(row["returned"] for row in by_code),
        last_at=max((row["last_at"] for row in by_code if row["last_at"]), default=None),
        arrived={
            row["participant_code"]: row["arrived_at"]
            for row in by_code
            if row["participant_code"] and row["arrived_at"]
        },
    )
