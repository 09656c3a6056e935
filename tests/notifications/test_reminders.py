"""When reminders go: cell by cell, and what holds for every zone and every deadline."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from notifications import reminders
from notifications.reminders import (
    FIRST,
    LAST,
    LATE,
    Reminder,
    goes_at,
    instants,
    is_civil,
    last_civil,
    newest_due,
    next_after,
    next_civil,
)

HOURS = [168, 48, 24, 4]
BANGKOK = ZoneInfo("Asia/Bangkok")
EXPIRES = dt.datetime(2019, 7, 5, 17, 0, tzinfo=BANGKOK)
OPENED = EXPIRES - dt.timedelta(days=20)


def local(zone: str, *when: int) -> dt.datetime:
    return dt.datetime(*when, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type]


def bangkok(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return local("Asia/Bangkok", 2019, 7, day, hour, minute)


CELLS = [
    # Friday 17:00 in Bangkok is 10:00 UTC
    ("Asia/Bangkok", "28T17:00 03T17:00 04T17:00 05T13:00"),
    ("Asia/Kathmandu", "28T15:45 03T15:45 04T15:45 05T11:45"),
    # 22:00 in Auckland: each goes at 18:00 of its day; four hours before is 18:00 itself
    ("Pacific/Auckland", "28T18:00 03T18:00 04T18:00 05T18:00"),
    # 12:00 in Paris; four hours before is 08:00 itself
    ("Europe/Paris", "28T12:00 03T12:00 04T12:00 05T08:00"),
    # 11:00 in London; four hours before is 07:00, so the evening before
    ("Europe/London", "28T11:00 03T11:00 04T11:00 04T18:00"),
    # 06:00 in New York: each goes the evening before
    ("America/New_York", "27T18:00 02T18:00 03T18:00 04T18:00"),
    # 24:00 on Kiritimati (+14): Saturday has begun
    ("Pacific/Kiritimati", "28T18:00 03T18:00 04T18:00 05T18:00"),
    # 23:00 of the day before on Midway (-11)
    ("Pacific/Midway", "27T18:00 02T18:00 03T18:00 04T18:00"),
]
"""Zone → day (of June, then of July 2019) and time on its clock, for each of HOURS."""


@pytest.mark.parametrize(("zone", "wanted"), CELLS, ids=[zone for zone, _ in CELLS])
def test_instants_on_the_readers_clock(zone: str, wanted: str) -> None:
    found = instants(OPENED, EXPIRES, HOURS, ZoneInfo(zone))
    assert [one.hours for one in found] == HOURS
    days = [one.at.astimezone(ZoneInfo(zone)) for one in found]
    assert [day.month for day in days] == [6, 7, 7, 7]
    assert " ".join(f"{day:%dT%H:%M}" for day in days) == wanted


MOMENTS = [
    ((2019, 7, 5, 7, 59, 59), (2019, 7, 4, 18), (2019, 7, 5, 8)),
    ((2019, 7, 5, 8, 0), (2019, 7, 5, 8), (2019, 7, 5, 8)),
    ((2019, 7, 5, 12, 30), (2019, 7, 5, 12, 30), (2019, 7, 5, 12, 30)),
    ((2019, 7, 5, 18, 0), (2019, 7, 5, 18), (2019, 7, 5, 18)),
    ((2019, 7, 5, 18, 0, 1), (2019, 7, 5, 18), (2019, 7, 6, 8)),
    ((2019, 7, 5, 0, 0), (2019, 7, 4, 18), (2019, 7, 5, 8)),
]


@pytest.mark.parametrize(("moment", "last", "next_one"), MOMENTS)
def test_civil_hours_are_eight_to_eighteen_both_ends_included(
    moment: tuple[int, ...], last: tuple[int, ...], next_one: tuple[int, ...]
) -> None:
    at = local("Asia/Bangkok", *moment)
    assert last_civil(at, BANGKOK) == local("Asia/Bangkok", *last)
    assert next_civil(at, BANGKOK) == local("Asia/Bangkok", *next_one)
    assert is_civil(at, BANGKOK) is (last == next_one)


def test_reminders_that_meet_are_one_known_by_the_hours_nearer_the_deadline() -> None:
    expires = local("Asia/Bangkok", 2019, 7, 5, 6)
    found = instants(OPENED, expires, [14, 12, 10, 4], BANGKOK)
    assert found == [Reminder(bangkok(4, 16), 14), Reminder(bangkok(4, 18), 4)]


@pytest.mark.parametrize(
    ("opened", "wanted"),
    [
        (EXPIRES - dt.timedelta(hours=48, seconds=1), [48, 24, 4]),
        (EXPIRES - dt.timedelta(hours=48), [24, 4]),
        (EXPIRES - dt.timedelta(hours=4), []),
        (EXPIRES - dt.timedelta(seconds=20), []),
    ],
)
def test_none_goes_at_or_before_the_opening(opened: dt.datetime, wanted: list[int]) -> None:
    assert [one.hours for one in instants(opened, EXPIRES, HOURS, BANGKOK)] == wanted


def test_none_goes_before_the_opening_by_being_moved_to_the_evening() -> None:
    """Opened at 20:00: what would go at 18:00 of that day is not sent at all."""
    found = instants(bangkok(4, 20), bangkok(5, 22), [24, 14, 4], BANGKOK)
    assert found == [Reminder(bangkok(5, 8), 14), Reminder(bangkok(5, 18), 4)]


@pytest.mark.parametrize("hours", [[], [4, 4], [4]])
def test_hours_may_be_none_or_repeat(hours: list[int]) -> None:
    assert [one.hours for one in instants(OPENED, EXPIRES, hours, BANGKOK)] == sorted(set(hours))


CLOCK_CHANGES = [
    # The day on which Paris leaps from 02:00 to 03:00: the evening before is 13 hours away, not 14
    ("Europe/Paris", (2026, 3, 29, 7), (2026, 3, 28, 18), 12),
    # The day on which it is put back
    ("Europe/Paris", (2026, 10, 25, 7), (2026, 10, 24, 18), 14),
    # Lord Howe moves by half an hour
    ("Australia/Lord_Howe", (2026, 10, 4, 7), (2026, 10, 3, 18), 12.5),
    # Samoa left out 30 December 2011: the evening before the 31st was the 29th
    ("Pacific/Apia", (2011, 12, 31, 7), (2011, 12, 29, 18), 13),
    # Alaska had 18 October 1867 twice: the later one counts
    ("America/Juneau", (1867, 10, 19, 7), (1867, 10, 18, 18), 13),
]


@pytest.mark.parametrize(("zone", "moment", "wanted", "hours"), CLOCK_CHANGES)
def test_the_evening_before_when_the_clock_changes_in_the_night(
    zone: str, moment: tuple[int, ...], wanted: tuple[int, ...], hours: float
) -> None:
    at = local(zone, *moment)
    found = last_civil(at, ZoneInfo(zone))
    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == dt.datetime(*wanted)  # type: ignore[arg-type]
    assert at.astimezone(dt.UTC) - found == dt.timedelta(hours=hours)


# ---- what holds always ---------------------------------------------------------------------------------------------


def zones_of_the_forum() -> list[str]:
    """Every zone that the forum's data names, and the ends of the earth."""
    text = " ".join(path.read_text(encoding="utf-8") for path in Path(settings.BASE_DIR, "forum").rglob("*.yaml"))
    named = {word for word in text.replace(",", " ").replace("}", " ").replace('"', " ").split() if "/" in word}
    ends = {"Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "UTC"}
    return sorted({one for one in named if _is_zone(one)} | ends)


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ValueError, OSError, KeyError):
        return False


ZONES = zones_of_the_forum()
EXPIRIES = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2030, 12, 31)).map(lambda one: one.replace(tzinfo=dt.UTC))
WINDOWS = st.timedeltas(dt.timedelta(seconds=1), dt.timedelta(days=40))
SOME_HOURS = st.lists(st.integers(1, 1000), max_size=8)


def test_the_zones_of_the_forum_were_read() -> None:
    assert {"Asia/Colombo", "Pacific/Auckland", "Asia/Tehran", "Asia/Bangkok"} <= set(ZONES)
    assert len(ZONES) > 30


@given(EXPIRIES, WINDOWS, SOME_HOURS, st.sampled_from(ZONES))
def test_instants_are_civil_and_inside_the_window_and_never_later_than_meant(
    expires: dt.datetime, window: dt.timedelta, hours: list[int], name: str
) -> None:
    zone, opened = ZoneInfo(name), expires - window
    found = instants(opened, expires, hours, zone)
    assert found == sorted(found)
    assert len({one.at for one in found}) == len(found)
    for one in found:
        meant = expires - dt.timedelta(hours=one.hours)
        assert one.hours in hours
        assert FIRST <= one.at.astimezone(zone).time() <= LAST
        assert opened < one.at <= meant < expires
        assert one.at == meant or not is_civil(meant, zone), "moved without need"
        assert meant - one.at < dt.timedelta(hours=16), "moved further than the evening before"


@given(EXPIRIES, st.sampled_from(ZONES))
def test_nothing_civil_lies_between_a_moved_reminder_and_its_time(meant: dt.datetime, name: str) -> None:
    zone = ZoneInfo(name)
    found, coming = last_civil(meant, zone), next_civil(meant, zone)
    assert found <= meant <= coming
    step = dt.timedelta(minutes=7)
    between = found + step
    while between < coming:
        assert is_civil(between, zone) is (found == meant == coming)
        between += step


@given(EXPIRIES, WINDOWS, SOME_HOURS, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_next_after_leads_through_every_instant_of_every_zone(
    expires: dt.datetime, window: dt.timedelta, hours: list[int], first: str, second: str
) -> None:
    zones, opened = [ZoneInfo(first), ZoneInfo(second)], expires - window
    seen, now = [], opened
    while coming := next_after(opened, expires, hours, zones, now):
        seen.append(coming)
        now = coming
    assert seen == sorted({one.at for zone in zones for one in instants(opened, expires, hours, zone)})


# ---- late ----------------------------------------------------------------------------------------------------------


def test_newest_due_is_one_and_none_before_the_first() -> None:
    found = instants(OPENED, EXPIRES, HOURS, BANGKOK)
    assert newest_due(found, OPENED) is None
    assert newest_due(found, found[1].at - dt.timedelta(seconds=1)) == found[0]
    assert newest_due(found, found[1].at) == found[1]
    assert newest_due(found, EXPIRES) == found[3]


LATENESS = [
    # due, now, goes
    (bangkok(3, 13), bangkok(3, 13), bangkok(3, 13), "in time"),
    (bangkok(3, 18), bangkok(3, 19), bangkok(3, 19), "an hour late goes still"),
    (bangkok(3, 18), bangkok(3, 19, 30), bangkok(3, 19, 30), "the longest that counts as late"),
    (bangkok(3, 18), bangkok(3, 19, 31), bangkok(4, 8), "people sleep: it waits"),
    (bangkok(3, 13), bangkok(4, 3), bangkok(4, 8), "in the night: it waits for the morning"),
    (bangkok(3, 13), bangkok(4, 9), bangkok(4, 9), "a day late in civil hours goes at once"),
    (bangkok(4, 18), bangkok(5, 7, 59), bangkok(5, 8), "a minute before"),
]


@pytest.mark.parametrize(("due", "now", "goes"), [row[:3] for row in LATENESS], ids=[row[3] for row in LATENESS])
def test_goes_at_when_the_machine_was_late(due: dt.datetime, now: dt.datetime, goes: dt.datetime) -> None:
    assert goes_at(Reminder(due, 4), now, EXPIRES, BANGKOK) == goes


def test_a_late_reminder_does_not_wait_for_a_deadline_that_comes_first() -> None:
    now, expires = bangkok(5, 1), bangkok(5, 8)
    assert goes_at(Reminder(bangkok(4, 18), 4), now, expires, BANGKOK) == now


def test_late_is_more_than_an_hour() -> None:
    assert dt.timedelta(hours=1) < LATE == reminders.LATE
