"""A person's own notices: what needs an answer apart from what informs. Each sees only what is addressed to the own
account, and of participants only those for which a post is in office."""

import datetime as dt
from typing import Protocol
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404

from notifications.enums import NOT_IN_INBOX, Cadence, Handling, Kind, NoticeState
from notifications.models import Notice
from notifications.rules import ASK_SPEAKERS, digest_due_at

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
    @property
    def codes_spoken_for(self) -> frozenset[str]: ...


def mine(reader: Owner) -> QuerySet[Notice]:
    """All notices of the reader's inbox, without their text."""
    if reader.user is None:
        raise Http404
    hidden = [kind.value for kind in NOT_IN_INBOX]
    rows = Notice.objects.filter(user_id=reader.user.pk, is_secret=False).exclude(kind__in=hidden)
    # One whose address was changed went out anew, as a row of its own.
    rows = rows.exclude(handling=Handling.ADDRESS_CHANGED.value)
    # That a post ended is for who held it, and holds it no more.
    return rows.filter(Q(participant_code__in=reader.notice_codes) | Q(kind=Kind.POST_ENDED.value))


def _is_open(reader: Owner) -> Q:
    """Waits for an answer that this person may still give."""
    in_time = Q(answer_by__isnull=True) | Q(answer_by__gt=Now())
    to_speakers = Q(kind__in=[kind.value for kind in sorted(ASK_SPEAKERS)])
    mine_to_give = ~to_speakers | Q(participant_code__in=reader.codes_spoken_for)
    return Q(in_time, mine_to_give, needs_answer=True, settled_at__isnull=True)


def asks(reader: Owner) -> list[Notice]:
    """What still needs an answer, the soonest first. One query."""
    rows = mine(reader).filter(_is_open(reader))
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
    rows = mine(reader).exclude(_is_open(reader)).select_related("digest")
    return rows.only(*COLUMNS, "cadence", "state", "digest__queued_at")


def how_mailed(notice: Notice, zone: str) -> str:
    """Of what does not come at once: in which digest it was or will be, by the day there; or that it is not mailed."""
    there = ZoneInfo(zone)
    cadence = Cadence(notice.cadence)
    if notice.digest:
        return f"in the digest of {_day(notice.digest.queued_at.astimezone(there))}"
    if notice.state != NoticeState.WITHHELD or cadence is Cadence.AT_ONCE:
        return ""
    if cadence is Cadence.NEVER:
        return "not by e-mail"
    return f"waits for the digest of {_day(digest_due_at(notice.queued_at, cadence, there).astimezone(there))}"


def _day(moment: dt.datetime) -> str:
    """ "Monday 23 November": the weekday is what a reader checks."""
    return f"{moment:%A} {moment.day} {moment:%B}"


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
    return len(mine(reader).filter(read_at__isnull=True).order_by().values_list("pk", flat=True)[:MOST_UNREAD])
