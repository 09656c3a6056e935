"""The list of participants by standing, on any day."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings.days import day_in_words
from meetings.queries import counted
from meetings.views.public import shared
from members import lists
from members.access import Reader, forum, participants_visible_to, sees_admissions
from members.directory import all_bodies
from members.enums import Kind, Mark, StandingKind
from portal.directory import rendered
from portal.directory.contacts import Reachable, contacts_of
from portal.directory.download import as_csv
from portal.directory.filters import ParticipantFilter
from portal.directory.rendered import Entry
from portal.directory.words import CONFIRM, GROUPS, NO_STANDING, listed
from portal.places import Located

COLUMNS = (
    "pk",
    "code",
    "slug",
    "kind",
    "name",
    "short_name",
    "formal_name",
    "formal_mark",
    "mark",
    "latitude",
    "longitude",
    "standing_now",
    "since_on",
    "standing_mark",
)
Row = dict[str, Any]


@login_not_required
@require_safe
def participant_list(request: HttpRequest) -> HttpResponse:
    home = forum()
    today = timezone.localdate(timezone=ZoneInfo(home.time_zone))
    reader: Reader = request.reader  # type: ignore[attr-defined]
    among = participants_visible_to(reader)
    chosen = ParticipantFilter(request.GET, today, all_bodies().filter(is_current=True), among)
    found = list({(row["pk"], row["standing_now"]): row for row in chosen.qs.values(*COLUMNS)}.values())
    bodies = lists.bodies_of([row["pk"] for row in found], chosen.day)
    if request.GET.get("format") == "csv":
        return shared(request, as_csv((cells_of(row, bodies.get(row["pk"], [])) for row in found), chosen.day))
    counts = lists.standing_counts(chosen.day)
    contacts = contacts_of(found) if reader.is_staff and chosen.day == chosen.today else {}
    entries, located = entries_of(found, bodies, contacts), located_of(found)
    context = {
        "forum": home,
        "sees_admissions": sees_admissions(reader),
        "day": day_in_words(chosen.day),
        "lede": lede(counts, chosen.day),
        "unsure": unsure_sentence(counts),
        "selects": chosen.selects(),
        "q": chosen.typed("q"),
        "on": chosen.typed("on"),
        "fault_of_day": chosen.fault_of_day(),
        "warnings": chosen.warnings(),
        "count_line": count_line(len(found), chosen),
        "csv_url": csv_url(request.GET) if found else "",
        "groups": rendered.groups(entries),
        "has_unsure": any(one.unsure for one in entries),
        "places": rendered.places(located, len(found) - len(located)),
    }
    return shared(request, render(request, "directory/participant_list.html", context))


def lede(counts: lists.Counts, on: dt.date) -> str:
    """Members and observers of a day as a sentence."""
    of = {key: number for key, (number, _) in counts.items()}
    members, observers = (
        listed(
            [
                counted(of[standing, kind], f"{standing} {word}")
                for kind, word in ((Kind.STATE, "State"), (Kind.ORGANISATION, "organisation"))
                if of.get((standing, kind))
            ]
        )
        for standing in (StandingKind.MEMBER, StandingKind.OBSERVER)
    )
    if not members and not observers:
        return f"No member or observer is on record on {day_in_words(on)}."
    return f"{', with '.join(part for part in (members, observers) if part)}, on {day_in_words(on)}."


def unsure_sentence(counts: lists.Counts) -> str:
    number = sum(doubtful for _, doubtful in counts.values())
    return f"The standing of {number} of them is {CONFIRM}." if number else ""


def count_line(number: int, chosen: ParticipantFilter) -> str:
    if number:
        day = f", as on {day_in_words(chosen.day)}" if chosen.day != chosen.today else ""
        return f"{counted(number, 'participant')}{day}."
    if chosen.is_used:
        is_told = chosen.typed("standing") or chosen.typed("q")
        hint = "" if is_told else " Who has no standing is listed under Standing: No standing."
        return f"No participant matches. Choose another standing, kind, body, name or day.{hint}"
    return "No participant with standing is on record on this day."


def csv_url(asked: QueryDict) -> str:
    """The same list as a file."""
    query = asked.copy()
    query["format"] = "csv"
    return f"?{query.urlencode()}"


def cells_of(row: Row, bodies: list[str]) -> list[str]:
    """The row in the file: standing, code, name, note, since, bodies, what is unsure."""
    since = row["since_on"].isoformat() if row["since_on"] else ""
    unsure = unsure_words(row, row["formal_name"])
    return [heading_of(row), row["code"], row["name"], note_of(row), since, ", ".join(bodies), unsure]


def entries_of(
    found: list[Row], bodies: dict[int, list[str]], contacts: Mapping[str, Reachable] | None = None
) -> tuple[Entry, ...]:
    base = reverse("directory:participant-list")
    return tuple(entry_of(row, bodies.get(row["pk"], []), base, (contacts or {}).get(row["code"])) for row in found)


def heading_of(row: Row) -> str:
    return GROUPS.get((row["standing_now"], row["kind"]), NO_STANDING)


def entry_of(row: Row, bodies: list[str], base: str, contact: Reachable | None = None) -> Entry:
    """The words of a row. Under a former name its present one stands. A State's formal name stands on its own page."""
    since = f"since {day_in_words(row['since_on'])}" if row["since_on"] else ""
    return Entry(
        heading=heading_of(row),
        url=f"{base}{row['slug']}/",
        code="" if row["code"] == row["name"] else row["code"],
        name=row["name"],
        note=f"now {row['short_name']}" if row["name"] != row["short_name"] else formal_name_of(row),
        said="; ".join(part for part in (since, ", ".join(bodies)) if part),
        unsure=unsure_words(row, formal_name_of(row)),
        chip=contact.chip if contact else None,
        remark=contact.remark if contact else "",
    )


def formal_name_of(row: Row) -> str:
    """Of an organisation, known by its abbreviation. Those of the States would fill the list and say nothing new."""
    is_state = row["kind"] == Kind.STATE.value
    return "" if is_state or row["formal_name"] == row["name"] else str(row["formal_name"])


def note_of(row: Row) -> str:
    """The formal name; under a former name the present one, since the formal name is the present one's too."""
    return str(row["formal_name"] if row["name"] == row["short_name"] else f"now {row['short_name']}")


def unsure_words(row: Row, formal_name: str) -> str:
    """What of a row is general knowledge only; `formal_name` is what is shown of it."""
    is_formal_shown = formal_name and row["name"] == row["short_name"]
    of_name = row["mark"] == Mark.C or (is_formal_shown and row["formal_mark"] == Mark.C)
    parts = [word for word, unsure in (("name", of_name), ("standing", row["standing_mark"] == Mark.C)) if unsure]
    return f"{' and '.join(parts)} to be confirmed" if parts else ""


def located_of(found: list[Row]) -> tuple[Located, ...]:
    """Those whose place is known."""
    return tuple(
        Located(row["code"], row["name"], row["standing_now"] or "", float(row["latitude"]), float(row["longitude"]))
        for row in found
        if row["latitude"] is not None and row["longitude"] is not None
    )
