"""Days off of the forum's secretariat, and the earliest deadline that a procedure permits."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from endorsements import rules
from endorsements.models import TermsFields
from members.models import Forum


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[dt.date]:
    """Public holidays of a country (ISO code) in a year; none where the forum's data names no country."""
    if not country:
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


def _days_off(forum: Forum, opened: dt.datetime) -> frozenset[dt.date]:
    country = forum.holiday_country
    return public_holidays(country, opened.year) | public_holidays(country, opened.year + 1)


def earliest_deadline(terms: TermsFields, forum: Forum, opened: dt.datetime) -> dt.datetime:
    """First instant at which a circulation opened at `opened` (aware) may expire, in UTC."""
    if terms.min_seconds is not None:
        return opened + dt.timedelta(seconds=terms.min_seconds)
    zone = ZoneInfo(forum.time_zone)
    local = opened.astimezone(zone).replace(tzinfo=None)
    naive = rules.earliest_expiry(local, terms.min_working_days, terms.usual_hour, _days_off(forum, opened))
    return naive.replace(tzinfo=zone).astimezone(dt.UTC)


def working_days(terms: TermsFields, forum: Forum, opened: dt.datetime, closes: dt.datetime) -> int:
    """Working days from opening to deadline, as the minimum period counts them."""
    zone = ZoneInfo(forum.time_zone)
    first, last = (moment.astimezone(zone).replace(tzinfo=None) for moment in (opened, closes))
    off = _days_off(forum, opened) | public_holidays(forum.holiday_country, last.year)
    return rules.working_days_between(first, last, terms.usual_hour, off)


def period_in_words(terms: TermsFields) -> str:
    """ "10 working days"; "72 hours", or "20 seconds" for samples."""
    if terms.min_seconds is None:
        return _counted(terms.min_working_days, "working day")
    if terms.min_seconds and terms.min_seconds % 3600 == 0:
        return _counted(terms.min_seconds // 3600, "hour")
    return _counted(terms.min_seconds, "second")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
