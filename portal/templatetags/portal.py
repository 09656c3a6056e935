"""Filters and tags that every template has: times in words, hashes in groups, chips."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notifications import inbox
from notifications.models import Notice

register = template.Library()


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")


def in_words(moment: dt.datetime, zone: str, *, year: bool = True, seconds: bool = False) -> str:
    """ "Fri 5 July 2019, 17:00" in the zone (IANA name). The weekday stands first: it is what a reader checks."""
    local = moment.astimezone(_zone(zone))
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%B}{f' {local.year}' if year else ''}, {clock}"


@register.filter
def when(moment: dt.datetime | None, zone: str = "") -> str:
    return in_words(moment, zone) if moment else ""


@register.filter
def when_to_second(moment: dt.datetime | None, zone: str = "") -> str:
    return in_words(moment, zone, seconds=True) if moment else ""


@register.filter
def when_short(moment: dt.datetime | None, zone: str = "") -> str:
    return in_words(moment, zone, year=False) if moment else ""


@register.filter
def clock_time(moment: dt.datetime | None, zone: str = "") -> str:
    return f"{moment.astimezone(_zone(zone)):%H:%M:%S}" if moment else ""


@register.filter
def day_month(moment: dt.datetime | dt.date | None, zone: str = "") -> str:
    """ "24 June"; of an instant in the zone, of a day as it is."""
    if moment is None:
        return ""
    day = moment.astimezone(_zone(zone)) if isinstance(moment, dt.datetime) else moment
    return f"{day.day} {day:%B}"


@register.filter
def day_month_short(moment: dt.datetime | None, zone: str = "") -> str:
    """ "24 Nov": where the page names the full date elsewhere."""
    if moment is None:
        return ""
    local = moment.astimezone(_zone(zone))
    return f"{local.day} {local:%b}"


@register.filter
def full_day(moment: dt.datetime | dt.date | None, zone: str = "") -> str:
    """ "24 June 2019"."""
    if moment is None:
        return ""
    day = moment.astimezone(_zone(zone)) if isinstance(moment, dt.datetime) else moment
    return f"{day.day} {day:%B %Y}"


@register.filter
def iso(moment: dt.datetime | dt.date | None, zone: str = "") -> str:
    """For the datetime attribute; an instant carries its offset."""
    if moment is None:
        return ""
    return (moment.astimezone(_zone(zone)) if isinstance(moment, dt.datetime) else moment).isoformat()


@register.filter
def duration(left: dt.timedelta | None) -> str:
    """Time left in the two largest units: "4 days 6 hours", "35 minutes", "20 seconds"; "none" when it is over."""
    if left is None:
        return ""
    seconds = int(left.total_seconds())
    if seconds <= 0:
        return "none"
    parts: list[str] = []
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        amount, seconds = divmod(seconds, size)
        if amount or parts:
            parts.append(f"{amount} {unit}{'' if amount == 1 else 's'}" if amount else "")
        if len(parts) == 2:
            break
    return " ".join(part for part in parts if part)


@register.filter
def largest_unit(left: dt.timedelta | None) -> str:
    """Only the largest unit: "4 days", "35 minutes"."""
    return " ".join(duration(left).split()[:2])


@register.filter
def in_fours(digest: str) -> str:
    """A hash in groups of four, so that two people can read it to each other."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


@register.filter
def short_hash(digest: str) -> str:
    return f"{in_fours(digest[:16])}…" if digest else ""


@register.filter
def thousands(number: int) -> str:
    """Digits in threes with a narrow no-break space, as the design language has it."""
    return f"{number:,}".replace(",", "\u202f")


@register.simple_tag
def chip(status: tuple[str, str]) -> SafeString:
    """A status label from (class, word); colour and sign come from the class."""
    css, word = status
    return format_html('<span class="chip {}">{}</span>', css, word)


@register.filter
def how_mailed(notice: Notice, zone: str) -> str:
    """ "in the digest of Monday 23 November"; empty for what came at once."""
    return inbox.how_mailed(notice, zone or "UTC")


@register.filter
def cut_unit(words: str) -> str:
    """The number of "4 days"."""
    return words.split(" ")[0]


@register.filter
def unit_only(words: str) -> str:
    """The unit of "4 days"."""
    return words.split(" ")[-1]
