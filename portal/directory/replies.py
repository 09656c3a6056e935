"""Drafts that a participant was asked to answer, and what it said, as far as endorsements lets the reader see it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import reverse

from endorsements import rules, words
from endorsements.access import sees_board, sees_result, visible_to
from endorsements.contexts.delegate import NAMED
from endorsements.enums import ENDED, PositionKind, Share, State
from endorsements.models import Circulation, Position
from members.access import Reader
from members.enums import ROLE_NAMES, Role
from members.models import Participant
from portal.directory.access import Reach

ROWS_SHOWN = 20
NAMED_KINDS = [
    kind.value for kind in PositionKind if rules.share(kind, eligible=True, reached=None, state=State.ENDORSED) in NAMED
]
"""Replies by which a participant is named to other participants after the end."""
COLUMNS = (
    "ref", "state", "expires_at", "opened_at", "ended_at", "is_sample", "body__abbreviation", "body__name",
    "version__number", "version__document__title", "version__document__symbol",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """One circulation with the reply that counts. `is_whole`: the reader sees more than the name among those who
    endorsed: who sent it, when, the text, the receipt."""

    circulation: Circulation
    url: str
    chip: tuple[str, str]
    is_running: bool
    left: dt.timedelta
    waits: bool
    is_whole: bool
    at: dt.datetime | None = None
    by: str = ""
    receipt: str = ""
    earlier: int = 0
    proposals: str = ""


def answers(reader: Reader, participant: Participant, reach: Reach, now: dt.datetime) -> list[Answer]:
    """What runs first, soonest first; then the newest. One query, and none for who sees no reply at all.

    Own people, staff and the co-chairs of the body see each; other participants that were sent the draft see after its
    end only what `endorsements` names to them. Nobody can count what is left out.
    """
    if not reach.replies:
        return []
    rows = _rows(reader, participant, now, own=reach.drafts)[:ROWS_SHOWN]
    made = [_answer(one, reader, reach, now) for one in rows]
    return [one for one in made if one is not None]


def _rows(reader: Reader, participant: Participant, now: dt.datetime, *, own: bool) -> QuerySet[Circulation]:
    """Narrowed in the database, so that a page is full; each row is asked again in `_answer`."""
    seat = FilteredRelation("eligible", condition=Q(eligible__participant=participant, eligible__counts=True))
    said = Position.objects.filter(circulation=OuterRef("pk"), on_behalf_of=participant).order_by("-pk")
    latest = JSONObject(
        pk=F("pk"), kind=F("kind"), at=F("recorded_at"), text=F("text"), role=F("appointment__role"),
        person=Coalesce(NullIf(F("actor__name"), Value("")), F("actor__email")),
    )  # fmt: skip
    number = said.order_by().values("circulation").annotate(number=Count("pk")).values("number")
    found = visible_to(reader).annotate(
        seat=seat,
        reached=F("seat__reached"),
        latest=ArraySubquery(said.values(one_row=latest)[:1]),
        latest_kind=Subquery(said.values("kind")[:1]),
        number=Coalesce(Subquery(number), 0),
    )
    found = found.filter(seat__isnull=False).exclude(state=State.DRAFT.value)
    if not own:
        chaired = reader.co_chaired_body_ids
        named = Q(state__in=[state.value for state in ENDED], latest_kind__in=NAMED_KINDS)
        found = found if None in chaired else found.filter(named | Q(body__in=chaired))
    running = Q(state=State.OPEN.value, expires_at__gt=now)
    order = Case(When(running, then=F("expires_at")), default=None)
    return found.only(*COLUMNS).order_by(order.asc(nulls_last=True), "-opened_at", "-pk")


def _answer(circulation: Circulation, reader: Reader, reach: Reach, now: dt.datetime) -> Answer | None:
    latest: dict[str, Any] | None = next(iter(circulation.latest), None)  # type: ignore[attr-defined]
    state = State(circulation.state)
    kind = PositionKind(latest["kind"]) if latest else None
    share = rules.share(kind, eligible=True, reached=circulation.reached, state=state)  # type: ignore[attr-defined]
    whole = reach.drafts or sees_board(reader, circulation)
    if not whole and not (sees_result(reader, circulation) and share in NAMED):
        return None
    running = state == State.OPEN and now < circulation.expires_at
    made: dict[str, Any] = {
        "circulation": circulation,
        "url": circulation.get_absolute_url(),
        "chip": words.SHARES[share],
        "is_running": running,
        "left": circulation.expires_at - now,
        "waits": running and latest is None,
        "is_whole": whole,
    }
    return Answer(**made, **(_whole(circulation, latest, share, reach) if whole and latest else {}))


def _whole(circulation: Circulation, latest: dict[str, Any], share: Share, reach: Reach) -> dict[str, Any]:
    """When, by whom, the receipt, the proposals. Co-chairs read the role of who sent it, not the person's name."""
    role = ROLE_NAMES[Role(latest["role"])].lower()
    return {
        "at": dt.datetime.fromisoformat(latest["at"]),
        "by": f"{latest['person']}, {role}" if reach.people else f"the {role}",
        "receipt": reverse("endorsements:position-receipt", args=[circulation.ref, latest["pk"]]),
        "earlier": circulation.number - 1,  # type: ignore[attr-defined]
        "proposals": latest["text"] if share == Share.WITH_PROPOSALS else "",
    }
