"""A person's own notices: what needs an answer apart from what informs. Each sees only what is addressed to the own
account, and of participants only those for which a post is in office."""

from typing import Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404

from notifications.enums import NOT_IN_INBOX, Handling
from notifications.models import Notice

MOST_ASKS = 50
MOST_UNREAD = 100
"""More is not counted: the count stands on every page."""
COLUMNS = ("kind", "subject", "participant_code", "queued_at", "read_at", "answer_by", "path", "is_sample")


class Owner(Protocol):
    """What this leaf asks of who reads (members.access.Reader)."""

    @property
    def user(self) -> AbstractBaseUser | None: ...
    @property
    def notice_codes(self) -> frozenset[str]: ...


def mine(reader: Owner) -> QuerySet[Notice]:
    """All notices of the reader's inbox, without their text."""
    if reader.user is None:
        raise Http404
    hidden = [kind.value for kind in NOT_IN_INBOX]
    rows = Notice.objects.filter(user_id=reader.user.pk, is_secret=False).exclude(kind__in=hidden)
    # One whose address was changed went out anew, as a row of its own.
    moved = Q(handling=Handling.ADDRESS_CHANGED.value)
    return rows.filter(participant_code__in=reader.notice_codes).exclude(moved)


def asks(reader: Owner) -> list[Notice]:
    """What still needs an answer, the soonest first. One query."""
    in_time = Q(answer_by__isnull=True) | Q(answer_by__gt=Now())
    rows = mine(reader).filter(in_time, needs_answer=True, settled_at__isnull=True)
    return _newest_of_each(
        list(
            rows.only(*COLUMNS, "subject_kind", "subject_ref").order_by(F("answer_by").asc(nulls_last=True), "-pk")[
                :MOST_ASKS
            ]
        )
    )


def _newest_of_each(rows: list[Notice]) -> list[Notice]:
    """A reminder stands for the notice it repeats: one line a thing and participant."""
    seen: dict[tuple[str, str, str], Notice] = {}
    for one in rows:
        key = (one.subject_kind, one.subject_ref, one.participant_code)
        if key not in seen or one.pk > seen[key].pk:
            seen[key] = one
    return list(seen.values())


def informs(reader: Owner) -> QuerySet[Notice]:
    """The rest: what informs, what was answered, what is over."""
    is_open = Q(needs_answer=True, settled_at__isnull=True) & (Q(answer_by__isnull=True) | Q(answer_by__gt=Now()))
    return mine(reader).exclude(is_open).only(*COLUMNS)


def get_item(reader: Owner, pk: int) -> Notice:
    """One notice of the reader's own; 404 for any other."""
    found = mine(reader).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def unread(reader: Owner) -> int:
    """How many were not opened yet, at most MOST_UNREAD. One query by the partial index."""
    if reader.user is None:
        return 0
    return mine(reader).filter(read_at__isnull=True).order_by()[:MOST_UNREAD].count()
