"""What the public home shows, all of it from the forum's data: counts on today's date, places, meetings, outcomes."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from decisions.access import latest_public
from decisions.enums import Weight
from meetings import queries
from meetings.access import visible_to
from meetings.days import meeting_days, span_in_words
from meetings.enums import Format, MeetingState
from members.access import NOBODY, forum
from members.enums import Kind, StandingKind
from members.lists import co_chairs_by_body, standing_counts
from members.models import Body
from portal.directory.words import listed
from portal.plot import Plot, number_word, plot_of

LATEST_MEETINGS = 5
COMING_MEETINGS = 6
LATEST_OUTCOMES = 40
OUTCOME_SOURCES = 2


def public_home_context() -> dict[str, Any]:
    """Everything the public home prints, as anyone may see it. Nine queries, whatever the forum's size."""
    its_forum = forum()
    today = timezone.localdate(timezone=ZoneInfo(its_forum.time_zone))
    meetings = visible_to(NOBODY)
    to_come = list(queries.coming(meetings, today).select_related("series")[:COMING_MEETINGS])
    held = meetings.filter(state=MeetingState.PUBLISHED.value).select_related("series__body")
    latest = list(held.order_by("-latest_on", "-pk").filter(starts_on__isnull=False)[:LATEST_MEETINGS])
    bodies = list(Body.objects.filter(is_current=True))
    chairs = co_chairs_by_body(today)
    return {
        "forum": its_forum,
        "lede": _lede(to_come, latest),
        "standing": _standing(today),
        "co_chairs": listed(chairs.get(_highest(bodies), [])),
        "about": [part for part in its_forum.about.split("\n\n") if part],
        "plot": plot_context(),
        "coming": [meeting_row(one) for one in to_come],
        "latest": [meeting_row(one) for one in latest],
        "outcomes": latest_outcomes(),
        "bodies": [
            {
                "name": one.name,
                "url": one.get_absolute_url(),
                "summary": one.summary,
                "co_chairs": listed(chairs.get(one.pk, [])),
            }
            for one in bodies
        ],
        "meetings_url": reverse("meetings:meeting-list"),
        "members_url": reverse("directory:participant-list"),
    }


def _highest(bodies: list[Body]) -> int:
    """The body under which all others stand."""
    return next((one.pk for one in bodies if one.parent_id is None), 0)


def _standing(today: dt.date) -> dict[str, dict[str, str]]:
    """Members and observers of today in words, and how many of them the secretariat has to confirm."""
    counts = standing_counts(today)
    found = {}
    for standing in StandingKind:
        states, organisations = (counts.get((standing.value, kind.value), (0, 0)) for kind in Kind)
        unsure = states[1] + organisations[1]
        words = queries.in_room(states[0], organisations[0])
        found[standing.value] = {
            "words": words or "none",
            "url": f"{reverse('directory:participant-list')}?standing={standing}" if words else "",
            "unsure": f"{unsure} to be confirmed by the secretariat" if unsure else "",
        }
    return found


def _lede(to_come: list[Any], latest: list[Any]) -> str:
    first = "States and organisations consult here on how to act together."
    if to_come:
        one = to_come[0]
        when = f"on {_days(one)}" if one.starts_on else f"planned for {_days(one)}"
        return f"{first} The next meeting is{f' in {one.place}' if one.place else ''}{',' if one.place else ''} {when}."
    if latest:
        where = f" in {latest[0].place}," if latest[0].place else ""
        return f"{first} The last meeting on record was{where} on {_days(latest[0])}."
    return first


def _days(meeting: Any) -> str:
    columns = ("starts_on", "ends_on", "sits_on", "planned_text")
    return meeting_days({name: getattr(meeting, name) for name in columns})


def meeting_row(meeting: Any) -> dict[str, str]:
    place = ", ".join(part for part in (meeting.place, meeting.country) if part)
    return {
        "url": meeting.get_absolute_url(),
        "title": meeting.title,
        "series": meeting.series.name,
        "days": _days(meeting),
        "place": place or queries.no_place(meeting.format, meeting.state).lower(),
        "note": ", ".join(words for words in (_postponed(meeting), "Sample" if meeting.is_sample else "") if words),
    }


def _postponed(meeting: Any) -> str:
    is_postponed = meeting.state == MeetingState.POSTPONED.value
    return queries.postponed_words(meeting.starts_on) if is_postponed else ""


def plot_context() -> dict[str, Any] | None:
    """The plot with its caption, from the meetings held whose place is on record."""
    held = visible_to(NOBODY).filter(state=MeetingState.PUBLISHED.value).order_by("pk")
    rows = list(held.values_list("place", "latitude", "longitude", "earliest_on", "format"))
    located = [
        (place, float(north), float(east)) for place, north, east, *_ in rows if north is not None and east is not None
    ]
    plot = plot_of(located)
    if plot is None:
        return None
    unknown = sum(not place and form != Format.VIRTUAL.value for place, _, _, _, form in rows)
    return {"drawing": plot, "caption": _caption(plot, len(located), unknown, min(row[3] for row in rows).year)}


def _caption(plot: Plot, located: int, missing: int, since: int) -> str:
    places = f"{number_word(len(plot.spots))} place{'' if len(plot.spots) == 1 else 's'}"
    said = (
        f"Where the forum has met: {places}, {queries.counted(located, 'meeting')} since {since}. "
        "The figure is the number of meetings; no coast or border is drawn."
    )
    if not missing:
        return said
    return f"{said} For {queries.counted(missing, 'meeting')} no place is on record."


def latest_outcomes() -> list[dict[str, Any]]:
    """What the newest sources decided or asked, under its verbs, each source with its own heading."""
    columns = ("source_title", "source_on", "source_path", "actor", "text", "label", "is_sample", "verb__heading")
    weights = [Weight.DECIDES.value, Weight.ASKS.value]
    found = latest_public().filter(verb__weight__in=weights)
    rows = list(found.annotate(proposals=Count("children")).values(*columns, "proposals")[:LATEST_OUTCOMES])
    sources: dict[str, dict[str, Any]] = {}
    for row in rows:
        source = sources.setdefault(
            row["source_path"],
            {
                "title": row["source_title"],
                "url": row["source_path"],
                "days": span_in_words(row["source_on"], None),
                "groups": {},
            },
        )
        row["who"] = "" if row["actor"] == "Members" else row["actor"]
        row["proposals"] = _proposals(row["proposals"])
        source["groups"].setdefault(row["verb__heading"], []).append(row)
    newest = list(sources.values())[:OUTCOME_SOURCES]
    for source in newest:
        source["groups"] = [{"heading": heading, "rows": found} for heading, found in source["groups"].items()]
    return newest


def _proposals(number: int) -> str:
    return f"{number_word(number).capitalize()} proposal{'' if number == 1 else 's'} came with it." if number else ""
