"""A page of a long list by key: as quick in the millionth row as in the first, and never a count of all."""

from dataclasses import dataclass

from django.db.models import Max, QuerySet
from django.http import QueryDict

from notifications.models import Notice

SIZE = 25
REACH = 20_000
"""Rows that one page looks through for a filter that fits few of them; then the reader decides to go on."""


@dataclass(frozen=True)
class KeysetPage:
    """Rows, newest first. `older` and `newest` are queries of links, empty where there is nothing. `looked_back_to`:
    the page is not full, and this row and those before it were not looked at."""

    rows: list[Notice]
    older: str
    newest: str
    looked_back_to: Notice | None = None


def page_of(found: QuerySet[Notice], query: QueryDict, *, is_indexed: bool = False) -> KeysetPage:
    """The page before the key `before` of the query, or the first. `is_indexed`: an index finds the rows that fit, so
    that all of them are looked at."""
    before = _key(query.get("before", ""))
    end = before or (Notice.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    start = 0 if is_indexed else end - REACH
    rows = list(found.filter(pk__lt=end, pk__gte=start).order_by("-pk")[: SIZE + 1])
    newest = _link(query) if before else ""
    if len(rows) > SIZE:
        return KeysetPage(rows[:SIZE], _link(query, rows[SIZE - 1].pk), newest)
    edge = Notice.objects.filter(pk__lt=start).order_by("-pk").only("pk", "queued_at").first()
    return KeysetPage(rows, _link(query, start) if edge else "", newest, looked_back_to=edge)


def _key(asked: str) -> int | None:
    """A key of a row as an address has it; what is none is the first page."""
    return int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 19 else None


def _link(query: QueryDict, before: int | None = None) -> str:
    words = query.copy()
    words.pop("before", None)
    if before is not None:
        words["before"] = str(before)
    return f"?{words.urlencode()}"
