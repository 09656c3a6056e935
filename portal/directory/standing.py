"""The standing of a participant in words: now, how it came to it, under which names, by which steps."""

import datetime as dt
from typing import Any

from django.urls import reverse

from members.enums import AdmissionState, Kind, Mark, StandingKind
from members.models import Forum, Participant
from members.profile import Profile, Spell, Union
from portal.directory.dates import day, span
from portal.directory.words import UNKNOWN

WORDS = {StandingKind.MEMBER.value: "Member", StandingKind.OBSERVER.value: "Observer"}
NOUNS = {Kind.STATE.value: "State", Kind.ORGANISATION.value: "organisation"}
AIMS = {StandingKind.MEMBER.value: "Admission as a member", StandingKind.OBSERVER.value: "Admission as an observer"}
STATES = {
    AdmissionState.OPEN.value: "under way",
    AdmissionState.COMPLETED.value: "completed",
    AdmissionState.DROPPED.value: "dropped",
}


def current(profile: Profile, on: dt.date) -> Spell | None:
    """The standing in force on a day; a member before an observer. Who merged into another has none of its own."""
    if profile.merged_into and profile.merged_into.on <= on:
        return None
    found = [one for one in profile.standings if one.is_current(on)]
    return min(found, key=lambda one: one.what != StandingKind.MEMBER, default=None)


def kind_words(participant: Participant, standing: Spell | None) -> list[str]:
    """ "Member State", "Observer organisation"; or what it is and that it has no standing."""
    noun = NOUNS[participant.kind]
    return [f"{WORDS[standing.what]} {noun}"] if standing else [noun.capitalize(), "No standing"]


def in_short(standing: Spell | None, on: dt.date) -> str:
    """ "Member since 1 April 2013", "Member, date not known", "None"."""
    if standing is None:
        return "None"
    said = span(standing, on)
    return f"{WORDS[standing.what]}{', ' if said == UNKNOWN else ' '}{said}"


def sentence(profile: Profile, home: Forum, on: dt.date) -> str:
    """What the participant is, in one or two plain sentences."""
    said = [_what_it_is(profile, home, on)]
    if profile.former_names and profile.former_names[0].is_past(on):
        said.append(f"Named {profile.former_names[0].what} until {day(profile.former_names[0].to_on)}.")
    return " ".join(said)


def _what_it_is(profile: Profile, home: Forum, on: dt.date) -> str:
    union = profile.merged_into
    if union and union.on <= on:
        return f"Merged into {union.name} on {day(union.on)}. Its record stays here."
    standing = current(profile, on)
    past = [one for one in profile.standings if one.is_past(on)]
    if standing is None:
        return _without_standing(profile, past, home, on)
    before = next((one for one in reversed(past) if one.what != standing.what), None)
    since = f" since {day(standing.from_on)}" if standing.from_on else ""
    word = WORDS[standing.what]
    if before:
        return f"{WORDS[before.what]} of the {home.short_name} until {day(before.to_on)}, then {word.lower()}{since}."
    return f"{word} of the {home.short_name}{since or f', {UNKNOWN}'}."


def _without_standing(profile: Profile, past: list[Spell], home: Forum, on: dt.date) -> str:
    coming = next((one for one in profile.standings if one.is_coming(on)), None)
    if coming:
        return f"{WORDS[coming.what]} of the {home.short_name} from {day(coming.from_on)} on."
    if past:
        latest = max(past, key=lambda one: one.to_on or on)
        return f"{WORDS[latest.what]} of the {home.short_name} until {day(latest.to_on)}."
    return f"Neither a member nor an observer of the {home.short_name}."


def history(profile: Profile, on: dt.date) -> list[dict[str, Any]]:
    """Standing, names and mergers as rows: what, when, whether it is still to be confirmed, a link."""
    rows = [_row(WORDS[one.what], span(one, on), one.mark, quiet=one.is_past(on)) for one in profile.standings[::-1]]
    rows += [_row(f"Named {one.what}", f"until {day(one.to_on)}", one.mark, quiet=True) for one in profile.former_names]
    if profile.merged_into:
        rows.append(_union("Merged into", profile.merged_into))
    return rows + [_union("Took in", one) for one in profile.took_in]


def _row(what: str, when: str, mark: str, *, quiet: bool = False) -> dict[str, Any]:
    return {"what": what, "when": when, "is_unsure": mark == Mark.C, "is_quiet": quiet}


def _union(what: str, union: Union) -> dict[str, Any]:
    link = {"name": union.name, "url": reverse("directory:participant-detail", args=[union.slug])}
    return {**_row(what, day(union.on), union.mark), "link": link}


def admission(row: dict[str, Any]) -> dict[str, Any]:
    """One admission with the steps it took; of one under way also what comes next."""
    aim = AIMS[row["standing"]] if row["standing"] else f"Admission to the {row['body__name']}"
    return {
        "pk": row["pk"],
        "aim": aim,
        "state": STATES[row["state"]],
        "reason": row["reason"],
        "next": row["next"],
        "steps": [
            {"word": one["word"], "day": day(one["on"]), "source": one["source"], "is_unsure": one["mark"] == Mark.C}
            for one in row["steps"]
        ],
    }
