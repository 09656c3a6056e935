"""Drafts that a participant was asked to answer, and what it said, as far as endorsements lets the reader see it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from endorsements import rules, words
from endorsements.access import sees_board, sees_result, visible_to
from endorsements.contexts.delegate import NAMED
from endorsements.enums import ENDED, PositionKind, Share, State
from endorsements.models import Circulation, Position
from endorsements.positions import COUNTS
from members.access import Reader
from members.enums import ROLE_NAMES, Role
from members.models import Participant
from portal.directory.access import Reach

ROWS_SHOWN = 20
NAMED_KINDS = [
    kind.value for kind in PositionKind if rules.share(kind, eligible=True, reached=None, state=State.ENDORSED) in NAMED
]
"""Replies by which a participant is named to other participants after the end."""
COLUMNS = ("ref", "state", "expires_at", "ended_at", "is_sample", "body_id")
VERSION = ("version__document__title", "version__number")


@dataclass(frozen=True)
class Answer:
    """One circulation with the reply that counts. Who sent it, when, its text and its receipt stay empty for who sees
    only the name among those who endorsed."""

    title: str
    version: int
    url: str
    expires_at: dt.datetime
    ended_at: dt.datetime | None
    is_sample: bool
    share: Share
    chip: tuple[str, str]
    is_running: bool
    left: dt.timedelta
    waits: bool
    at: dt.datetime | None = None
    by: str = ""
    receipt: str = ""
    earlier: int = 0
    proposals: str = ""


def answers(
    reader: Reader, participant: Participant, reach: Reach, now: dt.datetime, *, most: int = ROWS_SHOWN
) -> list[Answer]:
    """What runs first, soonest first; then the newest. Two queries, and none for who sees no reply at all.

    Own people, staff and the co-chairs of the body see each; other participants that were sent the draft see after its
    end only what `endorsements` names to them. Nobody can count what is left out.
    """
    if not reach.replies:
        return []
    rows = list(_rows(reader, participant, now, own=reach.drafts)[:most])
    said = _said(participant, [row["pk"] for row in rows], reach)
    made = [_answer(row, said.get(row["pk"], []), reader, reach, now) for row in rows]
    return [one for one in made if one is not None]


def _rows(
    reader: Reader, participant: Participant, now: dt.datetime, *, own: bool
) -> QuerySet[Circulation, dict[str, Any]]:
    """Circulations in which the participant counts, narrowed in the database so that a page is full; `_answer` asks for
    each row again."""
    found = visible_to(reader).filter(eligible__participant=participant, eligible__counts=True)
    chaired = reader.co_chaired_body_ids
    if not own and None not in chaired:
        named = Position.objects.filter(on_behalf_of=participant, kind__in=NAMED_KINDS)
        ended = Q(state__in=[state.value for state in ENDED], pk__in=named.values("circulation_id"))
        found = found.filter(ended | Q(body__in=chaired))
    soonest = Case(When(state=State.OPEN.value, expires_at__gt=now, then=F("expires_at")), default=None)
    order = (soonest.asc(nulls_last=True), "-opened_at", "-pk")
    return found.order_by(*order).values("pk", *COLUMNS, *VERSION, "eligible__reached")


def _said(participant: Participant, pks: list[int], reach: Reach) -> dict[int, list[dict[str, Any]]]:
    """All that counted or counts of what the participant said in each circulation, the latest first."""
    columns = ["pk", "circulation_id", "kind", "recorded_at", "text", "appointment__role"]
    columns += ["actor__name", "actor__email"] if reach.people else []
    rows = Position.objects.filter(COUNTS, circulation__in=pks, on_behalf_of=participant)
    rows = rows.order_by(Coalesce("received_at", "recorded_at").desc(), "-pk")
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.values(*columns):
        found.setdefault(row["circulation_id"], []).append(row)
    return found


def _answer(
    row: dict[str, Any], said: list[dict[str, Any]], reader: Reader, reach: Reach, now: dt.datetime
) -> Answer | None:
    state = State(row["state"])
    kind = PositionKind(said[0]["kind"]) if said else None
    share = rules.share(kind, eligible=True, reached=row["eligible__reached"], state=state)
    whole = reach.drafts
    if not whole:
        circulation = Circulation(**{name: row[name] for name in COLUMNS})
        whole = sees_board(reader, circulation)
        if not whole and not (sees_result(reader, circulation) and share in NAMED):
            return None
    running = state == State.OPEN and now < row["expires_at"]
    made: dict[str, Any] = {
        "title": row["version__document__title"],
        "version": row["version__number"],
        "url": reverse("endorsements:circulation-detail", args=[row["ref"]]),
        "expires_at": row["expires_at"],
        "ended_at": row["ended_at"],
        "is_sample": row["is_sample"],
        "share": share,
        "chip": words.SHARES[share],
        "is_running": running,
        "left": row["expires_at"] - now,
        "waits": running and not said,
    }
    return Answer(**made, **(_whole(row["ref"], said, share, reach) if whole and said else {}))


def _whole(ref: str, said: list[dict[str, Any]], share: Share, reach: Reach) -> dict[str, Any]:
    """When, by whom, the receipt, the proposals. Co-chairs read the role of who sent it, not the person's name."""
    latest = said[0]
    role = ROLE_NAMES[Role(latest["appointment__role"])].lower()
    return {
        "at": latest["recorded_at"],
        "by": f"{latest['actor__name'] or latest['actor__email']}, {role}" if reach.people else f"the {role}",
        "receipt": reverse("endorsements:position-receipt", args=[ref, latest["pk"]]),
        "earlier": len(said) - 1,
        "proposals": latest["text"] if share == Share.WITH_PROPOSALS else "",
    }
