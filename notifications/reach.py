"""Whom the notices about a thing reached, by participant. Reads only."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from audit.services import Opening, openings
from notifications.enums import ARRIVED, RETURNED, WAITING, Handling, Kind, NoticeState
from notifications.models import Notice, ToldOtherwise
from notifications.signs import Signs

TO_CHAIRS = (
    Kind.CIRCULATION_APPROVAL,
    Kind.CIRCULATION_DECISION,
    Kind.NEW_CLOCK_ASKED,
    Kind.MEETING_APPROVAL,
)
STATES_RETURNED = [state.value for state in RETURNED]
STATES_ARRIVED = [state.value for state in ARRIVED]
HAS_ARRIVED = Q(state__in=STATES_ARRIVED) | Q(digest_state__in=STATES_ARRIVED)
"""Taken by a mail server and not come back, by itself or in a digest."""
WHEN_ARRIVED = Coalesce("accepted_at", "digest_accepted_at")
PENDING = [state.value for state in (*sorted(WAITING), NoticeState.WITHHELD)]
"""Not sent yet, or not sent at all."""


def _of_digest(column: str) -> Case:
    """A column of the digest that carried a notice, None where none did. Looked up for those few alone: a join would
    put the whole table beside itself."""
    carried = Notice.objects.filter(pk=OuterRef("digest_id")).values(column)[:1]
    return Case(When(digest_id__isnull=False, then=Subquery(carried)), default=None)


def _rows(subject_kind: str, subject_ref: str) -> QuerySet[Notice]:
    """Notices about a thing, with the state of the digest that carried each."""
    rows = Notice.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref)
    return rows.alias(digest_state=_of_digest("state"), digest_accepted_at=_of_digest("accepted_at"))


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
    came_back: frozenset[str] = field(default=frozenset(), compare=False)
    """Codes of the participants of whom one address let the newest message come back. One that waits says nothing yet,
    and an address that was corrected since does not count."""


MOVES = ("queued_at", "accepted_at", "delivered_at", "bounced_at", "handled_at", "digest_accepted_at")
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
    rows = _rows(subject_kind, subject_ref).exclude(participant_code="")
    return rows.exclude(kind__in=[kind.value for kind in TO_CHAIRS])


def accepted_for(subject_kind: str, subject_ref: str, *, before: dt.datetime) -> set[str]:
    """Codes of the participants for which a mail server accepted a notice about the thing before an instant, which did
    not come back."""
    rows = about(subject_kind, subject_ref).filter(HAS_ARRIVED).annotate(arrived_at=WHEN_ARRIVED)
    return set(rows.filter(arrived_at__lt=before).values_list("participant_code", flat=True).distinct())


def told_in_time(subject_kind: str, subject_ref: str, *, before: dt.datetime) -> set[str]:
    """Codes of the participants of which it was recorded before an instant that they were told by another way."""
    rows = told_about(subject_kind, subject_ref).filter(recorded_at__lt=before)
    return set(rows.order_by().values_list("participant_code", flat=True).distinct())


def signs_of(
    subject_kind: str,
    subject_ref: str,
    *,
    codes: Iterable[str],
    speaking: Collection[str],
    before: dt.datetime,
    opening_is_due: bool,
    opened: list[Opening] | None = None,
    mail: Mail | None = None,
    told: Iterable[ToldOtherwise] | None = None,
) -> dict[str, Signs]:
    """What is known of the telling of each participant about the thing, before an instant (its deadline). `speaking`:
    codes of those with a focal point or alternate in office. `opening_is_due`: by now it should have been opened. At
    most three queries, whatever the number, and one more where mail came back; one less each for `opened`, `mail` and
    `told` (all of the thing), where the page has read them already."""
    mail = mail or mail_about(subject_kind, subject_ref, before=before)
    told_at: dict[str, dt.datetime] = {}
    for row in told_about(subject_kind, subject_ref) if told is None else told:
        if row.recorded_at < before:
            told_at[row.participant_code] = max(row.told_at, told_at.get(row.participant_code, row.told_at))
    opened_at: dict[str, dt.datetime] = {}
    for one in openings(subject_kind, subject_ref) if opened is None else opened:
        if one.first_at < before:
            at = one.last_at if one.last_at < before else one.first_at
            opened_at[one.participant_code] = max(at, opened_at.get(one.participant_code, at))
    return {
        code: Signs(
            has_speaker=code in speaking,
            arrived_at=mail.arrived.get(code),
            is_returned=code in mail.came_back,
            opened_at=opened_at.get(code),
            told_at=told_at.get(code),
            opening_is_due=opening_is_due,
        )
        for code in codes
    }


def mail_in_short(subject_kind: str, subject_ref: str) -> Mail:
    """The figures alone, `arrived` left out: one row, for a page that asks every few seconds. One query."""
    rows = _rows(subject_kind, subject_ref).order_by().values("subject_ref").annotate(**COUNTS)
    return next((Mail(**figures) for figures in rows.values(*COUNTS)), Mail())


def mail_about(subject_kind: str, subject_ref: str, *, before: dt.datetime) -> Mail:
    """The same figures, for which participants one arrived before an instant, and to whom the newest came back. A row
    for each participant: of a hundred messages to its people the page needs no more. One query, and one more where
    any came back."""
    to_one = ~Q(participant_code="") & ~Q(kind__in=[kind.value for kind in TO_CHAIRS])
    in_time = Q(accepted_at__lt=before) | Q(accepted_at__isnull=True, digest_accepted_at__lt=before)
    rows = _rows(subject_kind, subject_ref).order_by().values("participant_code")
    found: list[dict[str, Any]] = list(
        rows.annotate(
            **COUNTS,  # type: ignore[arg-type]
            arrived_at=Max(WHEN_ARRIVED, filter=HAS_ARRIVED & to_one & in_time),
            came=Count("pk", filter=Q(state__in=STATES_RETURNED) | Q(digest_state__in=STATES_RETURNED)),
        )
    )
    return Mail(
        all=sum(row["all"] for row in found),
        sent=sum(row["sent"] for row in found),
        waiting=sum(row["waiting"] for row in found),
        returned=sum(row["returned"] for row in found),
        last_at=max((row["last_at"] for row in found if row["last_at"]), default=None),
        arrived={row["participant_code"]: row["arrived_at"] for row in found if row["arrived_at"]},
        came_back=_came_back(subject_kind, subject_ref) if any(row["came"] for row in found) else frozenset(),
    )


def _came_back(subject_kind: str, subject_ref: str) -> frozenset[str]:
    """Codes of the participants of whom one address let the newest message come back."""
    rows = about(subject_kind, subject_ref).annotate(stands=Coalesce("digest_state", "state"))
    newer = rows.filter(
        participant_code=OuterRef("participant_code"), address=OuterRef("address"), pk__gt=OuterRef("pk")
    ).exclude(stands__in=PENDING)
    back = rows.filter(stands__in=STATES_RETURNED).exclude(handling=Handling.ADDRESS_CHANGED.value)
    return frozenset(back.filter(~Exists(newer)).values_list("participant_code", flat=True))


def told_about(subject_kind: str, subject_ref: str) -> QuerySet[ToldOtherwise]:
    """Whatever was recorded of telling participants about the thing by another way."""
    return ToldOtherwise.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref)
