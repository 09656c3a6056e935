"""Whom the notices about a thing reached, by participant. Reads only."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from audit.services import Opening, openings
from notifications.enums import ARRIVED, RETURNED, WAITING, Handling, Kind
from notifications.models import Notice, ToldOtherwise
from notifications.signs import Signs

TO_CHAIRS = (Kind.CIRCULATION_APPROVAL, Kind.CIRCULATION_DECISION)
STATES_ARRIVED = [state.value for state in ARRIVED]
HAS_ARRIVED = Q(state__in=STATES_ARRIVED) | Q(digest__state__in=STATES_ARRIVED)
"""Taken by a mail server and not come back, by itself or in a digest."""
WHEN_ARRIVED = Coalesce("accepted_at", "digest__accepted_at")


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
) -> dict[str, Signs]:
    """What is known of the telling of each participant about the thing, before an instant (its deadline). `speaking`:
    codes of those with a focal point or alternate in office. At most four queries, whatever the number."""
    taken = about(subject_kind, subject_ref).filter(HAS_ARRIVED).annotate(arrived_at=WHEN_ARRIVED).order_by()
    by_code = taken.filter(arrived_at__lt=before).values("participant_code").annotate(last_at=Max("arrived_at"))
    arrived = {row["participant_code"]: row["last_at"] for row in by_code}
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


def states_for(subject_kind: str, subject_ref: str) -> dict[str, int]:
    """How many notices about the thing stand in which state. One query."""
    rows = Notice.objects.filter(subject_kind=subject_kind, subject_ref=subject_ref).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))
