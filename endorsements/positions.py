"""Standing positions: of each participant the latest row that counts. Reads only.

Not counted: what came late, what the participant contests, and what was recorded after the deadline though received
before it. Of the last two a co-chair may say that they count, or that they are left out, once it waits."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from audit.services import Opening, opened_by
from endorsements import endings, rules
from endorsements.enums import PositionKind, Remark, Share, State, Timing
from endorsements.models import Circulation, Eligible, Position
from members.models import Appointment, Participant
from notifications.models import ToldOtherwise
from notifications.reach import Mail, accepted_for, signs_of, told_in_time
from notifications.signs import Signs, opening_is_due

SUBJECT = "circulation"
"""Kind under which the access log and the outbox know circulations."""


@dataclass(frozen=True)
class Seat:
    """One participant of a circulation: whether its word counts, its latest position, where it stands in the tally."""

    participant: Participant
    counts: bool
    position: Position | None
    share: Share
    has_speaker: bool
    """Is a focal point or alternate in office now?"""


COUNTS = Q(remark__remark=Remark.COUNTS.value) | Q(
    remark__isnull=True, timing=Timing.IN_TIME.value, contest__isnull=True
)
SUPPOSED = ~Q(timing=Timing.LATE.value) & (Q(remark__isnull=True) | Q(remark__remark=Remark.COUNTS.value))
"""As if every position in doubt counted: what a co-chair goes by who sets the other result aside."""


OF_PARTICIPANT = [f"participant__{name}" for name in ("code", "slug", "kind", "short_name", "sort_key")]
"""Columns of a participant that a row of the board shows."""


def latest(rows: QuerySet[Position], which: Q = COUNTS) -> QuerySet[Position]:
    """The latest of each participant in each circulation: by when it came, not by when somebody wrote it down."""
    order = ("circulation_id", "on_behalf_of_id", Coalesce("received_at", "recorded_at").desc(), "-pk")
    return rows.filter(which).order_by(*order).distinct("circulation_id", "on_behalf_of_id")


def standing(circulation: Circulation, which: Q = COUNTS) -> dict[int, Position]:
    """The position of each participant that counts, by the participant's key. One query."""
    rows = circulation.positions.all()
    return {row.on_behalf_of_id: row for row in latest(rows, which)}


def doubtful(circulation: Circulation) -> list[Position]:
    """Positions that would count if a co-chair said so: recorded after the deadline, or contested. Two queries."""
    known = {row.pk for row in standing(circulation).values()}
    rows = Position.objects.filter(circulation=circulation).select_related(
        "on_behalf_of", "actor", "register_entry", "contest"
    )
    return [row for row in latest(rows, SUPPOSED) if row.pk not in known]


def silent_and_unreached(circulation: Circulation) -> list[Eligible]:
    """Those that count, were judged not reached, and of whom no position counts. Two queries."""
    said = set(standing(circulation))
    rows = circulation.eligible.filter(counts=True, reached=False).select_related("participant")
    return [row for row in rows if row.participant_id not in said]


def kinds(rows: dict[int, Position]) -> list[PositionKind]:
    return [PositionKind(row.kind) for row in rows.values()]


def ending(circulation: Circulation, which: Q = COUNTS) -> State:
    """The ending that these positions give, whoever was not reached: that is for the co-chair who decides."""
    said = kinds(standing(circulation, which))
    return endings.ending(said, circulation.terms, eligible=counting(circulation), unreached=0)


def asking_time(circulation: Circulation) -> list[Position]:
    """Standing positions that ask for more time, by the participant's sort key. Two queries."""
    asked = [one.pk for one in standing(circulation).values() if one.kind == PositionKind.MORE_TIME]
    rows = Position.objects.filter(pk__in=asked).select_related("on_behalf_of")
    return list(rows.order_by("on_behalf_of__sort_key"))


def counting(circulation: Circulation) -> int:
    """How many participants are eligible: their word counts. One query."""
    return Eligible.objects.filter(circulation=circulation, counts=True).count()


def seats(circulation: Circulation) -> list[Seat]:
    """Everyone in the snapshot, by sort key, with the latest position. Two queries."""
    latest = standing(circulation)
    speaking = Appointment.objects.filter(participant=OuterRef("participant")).speaking().in_office(Now())
    rows = Eligible.objects.filter(circulation=circulation).select_related("participant")
    rows = rows.annotate(has_speaker=Exists(speaking)).only("circulation", "counts", "reached", *OF_PARTICIPANT)
    return [_seat(row, latest.get(row.participant_id), State(circulation.state)) for row in rows]


def _seat(row: Eligible, position: Position | None, state: State) -> Seat:
    kind = PositionKind(position.kind) if position else None
    share = rules.share(kind, eligible=row.counts, reached=row.reached, state=state)
    return Seat(row.participant, row.counts, position, share, row.has_speaker)  # type: ignore[attr-defined]


def tally(seats: list[Seat]) -> dict[Share, int]:
    """How many participants stand where; only shares that occur, in the order of the enum."""
    counted = {share: sum(seat.share == share for seat in seats) for share in Share}
    return {share: number for share, number in counted.items() if number}


def reached_codes(circulation: Circulation) -> set[str]:
    """Participants reached before the deadline: a notice was accepted for one of their addresses and did not come back,
    or a signed-in person of theirs opened the page. Whether somebody is in office there is asked apart."""
    before = circulation.expires_at
    return accepted_for(SUBJECT, circulation.ref, before=before) | opened_by(SUBJECT, circulation.ref, before=before)


def told_codes(circulation: Circulation) -> set[str]:
    """Participants that were told by another way than e-mail, recorded before the deadline."""
    return told_in_time(SUBJECT, circulation.ref, before=circulation.expires_at)


def signs(
    circulation: Circulation,
    seats: Iterable[Seat],
    *,
    now: dt.datetime,
    opened: list[Opening] | None = None,
    mail: Mail | None = None,
    told: Iterable[ToldOtherwise] | None = None,
) -> dict[str, Signs]:
    """What is known of the telling of each participant, by code. At most four queries, three while no mail came
    back, one less for each of `opened`, `mail` and `told` that is known already."""
    speaks = {seat.participant.code: seat.has_speaker for seat in seats}
    return signs_of(
        SUBJECT,
        circulation.ref,
        codes=speaks,
        speaking={code for code, has_speaker in speaks.items() if has_speaker},
        before=circulation.expires_at,
        opening_is_due=opening_is_due(circulation.opened_at, circulation.expires_at, now),
        opened=opened,
        mail=mail,
        told=told,
    )
