"""Pages of meetings, for everyone."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from meetings import access, queries
from meetings.access import can, chairs, get_meeting, invitation_of, own_participants, reach, visible_to
from meetings.days import day_in_words, meeting_days
from meetings.enums import STILL_AHEAD, TAKES_DELEGATIONS, MeetingState, Verb
from meetings.filters import MeetingFilter
from meetings.models import Meeting
from meetings.records import meeting_page
from members.access import Reader, forum

PUBLIC_SECONDS = 60


def shared(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let caches keep a page for a minute when it was made for nobody in particular: no cookie came along."""
    if not request.COOKIES:
        patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
    return response


@login_not_required
@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    its_forum = forum()
    today = timezone.localdate(timezone=ZoneInfo(its_forum.time_zone))
    meetings = queries.with_year(visible_to(reader))
    groups = queries.groups_of(meetings, today)
    everything = queries.years_of(groups)
    chosen = MeetingFilter(request.GET, meetings, queries.choices_of(groups))
    found = queries.years_of(queries.chosen_groups(groups, chosen.clean()))
    parts = queries.parts_of(found)
    number, warnings = page_number(request.GET.get("page"), len(parts))
    part = parts[number - 1] if parts else queries.Part(0, 0, [])
    rows = queries.rows_of(chosen.qs, part, reader)
    context = {
        "forum": its_forum,
        "lede": list_lede(everything, following(meetings, everything, today)),
        "range": year_range(everything),
        "today": day_in_words(today),
        "selects": chosen.selects(),
        "warnings": [*chosen.ignored(), *warnings],
        "count_line": count_line(part, sum(one.meetings for one in found)),
        "sections": sections(part, rows),
        "pages": page_links(parts, number, request.GET),
        "number": number,
        "is_office": reader.is_staff,
        "series": chosen.clean().get("series", ""),
    }
    return shared(request, render(request, "meetings/meeting_list.html", context))


@login_not_required
@require_safe
def meeting_detail(request: HttpRequest, slug: str) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    meeting = get_meeting(reader, slug)
    context = meeting_page(meeting, reader, reach(reader, meeting))
    if reader.is_signed_in:
        context |= ways_on(meeting, reader)
    return shared(request, render(request, "meetings/meeting_detail.html", context))


def ways_on(meeting: Meeting, reader: Reader) -> dict[str, Any]:
    """Where a reader who is signed in goes on from a meeting's public page. Two queries at most."""
    is_ahead = MeetingState(meeting.state) in STILL_AHEAD | TAKES_DELEGATIONS
    return {
        "own_delegations": own_participants(reader, meeting),
        "shows_agenda": access.reads_agenda(reader, meeting),
        "shows_answers": reader.is_staff and (is_ahead or invitation_of(reader, meeting) is not None),
        "is_office": reader.is_staff,
        "can_change": can(Verb.CHANGE, reader, meeting),
        "can_publish": access.can_publish_record(reader, meeting),
        "can_tick": can(Verb.TICK, reader, meeting),
        "shows_evidence": chairs(reader, meeting) and invitation_of(reader, meeting) is not None,
    }


def page_number(wanted: str | None, last: int) -> tuple[int, list[str]]:
    """The page asked for, or the first with a sentence that says so."""
    if not wanted or (wanted.isascii() and wanted.isdigit() and len(wanted) < 7 and 1 <= int(wanted) <= last):
        return int(wanted or 1), []
    return 1, [f"There is no page “{wanted[:40]}” of this list, so the first is shown."]


def following(meetings: QuerySet[Meeting], years: list[queries.Year], today: dt.date) -> dict[str, Any] | None:
    """The next meeting; asked only when there is one."""
    if not any(one.to_come for one in years):
        return None
    return queries.coming(meetings, today).values(*queries.COLUMNS).first()


def list_lede(years: list[queries.Year], following: dict[str, Any] | None) -> str:
    total, to_come = sum(one.meetings for one in years), sum(one.to_come for one in years)
    if not total:
        return "No meeting is on record yet."
    said = f"{queries.counted(total, 'meeting')} {'is' if total == 1 else 'are'} on record."
    if not following:
        return said
    where = f" in {following['place']}" if following["place"] else ""
    joint = " on " if following["starts_on"] else f"{',' if where else ''} planned for "
    still = "One of them is" if to_come == 1 else f"{to_come} of them are"
    return f"{said} {still} still to come; the next one is{where}{joint}{meeting_days(following)}."


def year_range(years: list[queries.Year]) -> str:
    known = [one.year for one in years if one.year]
    if not known:
        return ""
    return str(known[0]) if known[0] == known[-1] else f"{known[-1]} to {known[0]}"


def count_line(part: queries.Part, total: int) -> str:
    if not total:
        return "No meeting matches. Choose another series, body or year."
    if part.last - part.first == total:
        return f"{queries.counted(total, 'meeting')}{', newest first' if total > 1 else ''}."
    whole = "" if part.cuts_a_year else " A year is never cut in two."
    return f"Meetings {part.first + 1} to {part.last} of {total}, newest first.{whole}"


def sections(part: queries.Part, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a page under their years."""
    return [
        {
            "id": f"y{year.year or 0}",
            "is_year": year.year is not None,
            "heading": str(year.year or "Date not on record"),
            "note": year_note(year),
            "rows": [row for row in rows if row["year"] == year.year],
        }
        for year in part.years
    ]


def year_note(year: queries.Year) -> str:
    if year.to_come == year.meetings:
        return f"{year.to_come} to come"
    said = queries.counted(year.meetings, "meeting")
    return f"{said}, {year.to_come} to come" if year.to_come else said


def page_links(parts: list[queries.Part], number: int, asked: QueryDict) -> list[dict[str, Any]]:
    """Links to the pages, each with the filter kept; none when one page holds all."""
    links = []
    for at, part in enumerate(parts, 1):
        query = asked.copy()
        query["page"] = str(at)
        links.append({"url": f"?{query.urlencode()}", "label": queries.part_label(part), "is_current": at == number})
    return links if len(links) > 1 else []
