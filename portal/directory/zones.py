"""The time of a participant beside the forum's, at this moment."""

import datetime as dt
from zoneinfo import ZoneInfo

from members.models import Forum, Participant

HOUR = dt.timedelta(hours=1)


def local_time(participant: Participant, home: Forum, now: dt.datetime) -> list[str]:
    """ "Same as in Bangkok, UTC+7", or "2 h 30 min behind Bangkok, UTC+4:30"; then its other zones. Empty: unknown."""
    if not participant.time_zone:
        return []
    theirs, ours = _offset(participant.time_zone, now), _offset(home.time_zone, now)
    place = home.secretariat_place
    if theirs == ours:
        said = f"Same as in {place}"
    else:
        said = f"{_length(abs(theirs - ours))} {'ahead of' if theirs > ours else 'behind'} {place}"
    others = [zone for zone in participant.other_time_zones if zone and zone != participant.time_zone]
    named = f" in {participant.city}" if others and participant.city else ""
    return [f"{said}, {utc(theirs)}{named}", *_others(others, theirs, now)]


def _others(zones: list[str], theirs: dt.timedelta, now: dt.datetime) -> list[str]:
    """One line for each other clock, west to east: "UTC+9 in Jayapura"."""
    cities: dict[dt.timedelta, list[str]] = {}
    for zone in zones:
        offset = _offset(zone, now)
        if offset != theirs:
            cities.setdefault(offset, []).append(zone.rsplit("/", 1)[-1].replace("_", " "))
    return [f"{utc(offset)} in {', '.join(cities[offset])}" for offset in sorted(cities)]


def utc(offset: dt.timedelta) -> str:
    """ "UTC+7", "UTC+4:30", "UTC−5", "UTC"."""
    if not offset:
        return "UTC"
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    return f"UTC{'+' if offset > dt.timedelta() else '−'}{hours}{f':{minutes:02}' if minutes else ''}"


def _offset(zone: str, now: dt.datetime) -> dt.timedelta:
    return now.astimezone(ZoneInfo(zone)).utcoffset() or dt.timedelta()


def _length(gap: dt.timedelta) -> str:
    hours, rest = divmod(gap, HOUR)
    minutes = int(rest.total_seconds()) // 60
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
