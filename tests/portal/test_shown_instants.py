"""An instant is shown so that it is read back as it was, whatever the zone and its clock changes."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from portal.templatetags.portal import iso, when, when_to_second

ZONES = (
    *(
        "Pacific/Kiritimati",
        "Pacific/Apia",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Pacific/Fiji",
        "Pacific/Port_Moresby",
    ),
    *("Australia/Sydney", "Australia/Lord_Howe", "Australia/Eucla", "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai"),
    *("Asia/Manila", "Asia/Bangkok", "Asia/Yangon", "Asia/Dhaka", "Asia/Kathmandu", "Asia/Colombo", "Asia/Kabul"),
    *("Asia/Tehran", "Asia/Dubai", "Europe/Istanbul", "Asia/Beirut", "Europe/Paris", "Europe/London", "UTC"),
    *("America/St_Johns", "America/New_York", "America/Los_Angeles", "Etc/GMT+12"),
)
"""Thirty, from UTC+14 to UTC-12, with quarters of an hour and half an hour of daylight saving."""
CHANGES = [
    dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC),  # Europe: the clock goes forward
    dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC),  # and back
    dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC),  # New York: back
    dt.datetime(2026, 4, 4, 15, tzinfo=dt.UTC),  # Lord Howe: back by half an hour
]


def instants() -> list[dt.datetime]:
    """Four hundred, a quarter of them within two hours of a change of clocks."""
    chance = random.Random(45)
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    far = [start + dt.timedelta(seconds=chance.randrange(20 * 365 * 86_400)) for _ in range(300)]
    near = [chance.choice(CHANGES) + dt.timedelta(seconds=chance.randrange(-7_200, 7_200)) for _ in range(100)]
    return [*far, *near]


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_shown_is_the_instant(zone: str) -> None:
    """The words say the local minute (in the hour that comes twice, one of two instants), the attribute the instant."""
    for moment in instants():
        assert dt.datetime.fromisoformat(iso(moment, zone)) == moment
        for words, form, whole in (
            (when(moment, zone), "%a %d %B %Y, %H:%M", moment.replace(second=0)),
            (when_to_second(moment, zone), "%a %d %B %Y, %H:%M:%S", moment),
        ):
            local = dt.datetime.strptime(words, form).replace(tzinfo=ZoneInfo(zone))
            assert whole in {local.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1)}, (words, moment)
