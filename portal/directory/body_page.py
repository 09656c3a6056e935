"""What the page of a body prints, as far as the reader may see it. A fixed number of queries."""

import datetime as dt
from collections import Counter
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from decisions.access import latest_public
from decisions.enums import STANDING_NAMES
from documents.access import listed as listed_documents
from documents.views import CHIPS
from endorsements import procedures
from endorsements import words as circulation_words
from endorsements.access import visible_to as circulations_visible_to
from endorsements.models import BY_MODE, Procedure
from meetings.access import visible_to as meetings_visible_to
from meetings.days import day_in_words, meeting_days
from meetings.enums import MeetingState
from meetings.models import Series
from meetings.queries import counted, state_note
from members import lists
from members.access import Reader
from members.enums import AdmissionState, Kind, Mark
from members.models import Admission, Body, Forum
from portal.directory.body_tree import members_by_kind
from portal.directory.words import BODY_KINDS, CONFIRM, MARK_NOTES, listed, number_in_words, period_in_words

LATEST_MEETINGS, LATEST_OUTCOMES, LATEST_DOCUMENTS, LATEST_CIRCULATIONS = 5, 10, 10, 10


def body_page(body: Body, reader: Reader, home: Forum, on: dt.date) -> dict[str, Any]:
    """Everything the page prints; a part the reader may not see, or that is empty, is empty here."""
    chairs = lists.chairs_over_time(body)
    participants = _participants(body, on)
    return {
        "body": body,
        "kind_words": BODY_KINDS[body.kind],
        "today": day_in_words(on),
        "note": CONFIRM if body.mark == Mark.C else "",
        "facts": _facts(body, chairs, participants, on),
        "terms_of_reference": [part for part in body.terms_of_reference.split("\n\n") if part.strip()],
        "chairs": _chair_rows(chairs),
        "participants": participants,
        "admissions": _admissions(body, reader),
        "children": _children(body),
        **_meetings(body, reader),
        "procedure": _procedure(body, home.secretariat_place),
        "documents": _documents(body, reader),
        "documents_note": "Drafts among them are seen by the secretariat alone." if reader.is_staff else "",
        "circulations": _circulations(body, reader),
        "outcomes": _outcomes(body),
    }


def _facts(body: Body, chairs: list[dict[str, Any]], participants: dict[str, Any], on: dt.date) -> list[dict[str, str]]:
    """Label, words and link of what the head of the page says, without what is not known."""
    now = [
        row
        for row in chairs
        if (not row["from_on"] or row["from_on"] <= on) and (not row["to_on"] or row["to_on"] >= on)
    ]
    parent = body.parent
    facts = [
        {"label": "Abbreviation", "words": body.abbreviation, "url": ""},
        {"label": "Also called", "words": ", ".join(body.also_called), "url": ""},
        {"label": "Set up", "words": body.set_up, "url": ""},
        {
            "label": "Reports to",
            "words": parent.name if parent else "",
            "url": parent.get_absolute_url() if parent else "",
        },
        {
            "label": "Co-chairs",
            "words": listed(list(dict.fromkeys(row["name"] for row in sorted(now, key=lambda one: one["name"])))),
            "url": "",
        },
        {"label": "Participants", "words": participants["words"] or "not on record", "url": participants["url"]},
    ]
    return [fact for fact in facts if fact["words"]]


def _chair_rows(chairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the same period in one row."""
    base = reverse("directory:participant-list")
    return [
        {
            "period": period_in_words(first, last),
            "names": [{"name": row["name"], "url": f"{base}{row['participant__slug']}/"} for row in rows],
            "note": MARK_NOTES.get(mark, ""),
        }
        for (first, last, mark), rows in groupby(chairs, key=lambda row: (row["from_on"], row["to_on"], row["mark"]))
    ]


def _participants(body: Body, on: dt.date) -> dict[str, Any]:
    """Who belongs to the body today: names by kind, or the number of all members with a link to their list."""
    base = reverse("directory:participant-list")
    if body.takes_all_members:
        words = number_in_words(members_by_kind(lists.standing_counts(on)))
        return {"takes_all": True, "words": words, "url": f"{base}?standing=member", "groups": []}
    rows = lists.listed_in_body(body, on)
    groups = [
        {"heading": heading, "number": len(own), "rows": own}
        for kind, heading in ((Kind.STATE, "States"), (Kind.ORGANISATION, "Organisations"))
        if (own := [_name(row, base) for row in rows if row["participant__kind"] == kind])
    ]
    return {
        "takes_all": False,
        "words": number_in_words(Counter(row["participant__kind"] for row in rows)),
        "url": f"{base}?body={body.slug}" if rows and body.is_current else "",
        "groups": groups,
        "has_unsure": any(_is_unsure(row) for row in rows),
    }


def _name(row: dict[str, Any], base: str) -> dict[str, Any]:
    url = f"{base}{row['participant__slug']}/"
    return {"name": row["participant__short_name"], "url": url, "is_unsure": _is_unsure(row)}


def _is_unsure(row: dict[str, Any]) -> bool:
    return Mark.C in (row["mark"], row["participant__mark"])


def _admissions(body: Body, reader: Reader) -> list[str]:
    """Who is on the way into the body; for the secretariat alone."""
    if not reader.is_staff:
        return []
    rows = Admission.objects.filter(body=body, state=AdmissionState.OPEN.value).order_by("participant__sort_key")
    return list(rows.values_list("participant__short_name", flat=True))


def _children(body: Body) -> list[dict[str, str]]:
    rows = body.children.order_by("-is_current", "position", "name")
    return [
        {
            "name": one.name,
            "url": one.get_absolute_url(),
            "summary": one.summary,
            "note": "" if one.is_current else "no longer meets",
        }
        for one in rows
    ]


def _meetings(body: Body, reader: Reader) -> dict[str, Any]:
    """Series with the number of their meetings, and the latest meetings, as the reader may see them."""
    visible = meetings_visible_to(reader)
    base = reverse("meetings:meeting-list")
    shown = Count("meetings", filter=Q(meetings__in=visible))
    series = Series.objects.filter(body=body).annotate(number=shown)
    held = visible.filter(series__body=body).order_by("-latest_on", "-pk")
    days = ("starts_on", "ends_on", "sits_on", "planned_text")
    columns = ("slug", "title", "place", "country", *days, "state", "is_sample")
    latest = held.values(*columns, "is_public_in_part")[:LATEST_MEETINGS]
    return {
        "meetings_url": f"{base}?body={body.slug}",
        "series": [
            {"name": one.name, "number": counted(one.number, "meeting"), "url": f"{base}?series={one.slug}"}
            for one in series
        ],
        "meetings": [
            {
                "title": row["title"],
                "url": f"{base}{row['slug']}/",
                "days": meeting_days(row, is_held=row["state"] == MeetingState.PUBLISHED),
                "place": ", ".join(part for part in (row["place"], row["country"], state_note(row)) if part),
            }
            for row in latest
        ],
    }


def _procedure(body: Body, place: str) -> dict[str, Any] | None:
    """How the body decides between meetings: its own procedure, or the general one where it takes all members; a
    silence procedure first. The others by name."""
    possible = Procedure.objects.filter(Q(body=body) | Q(body__isnull=True)).order_by("is_sample", "body_id", *BY_MODE)
    every = list(possible)
    found = next((one for one in every if one.body_id or body.takes_all_members), None)
    if found is None:
        return None
    return {
        "name": found.name,
        "sentence": found.sentence,
        "is_sample": found.is_sample,
        "facts": procedures.facts(found, place),
        "others": [one.name for one in every if one != found and not one.is_sample],
    }


def _documents(body: Body, reader: Reader) -> list[dict[str, Any]]:
    found = listed_documents(reader).filter(body=body)[:LATEST_DOCUMENTS]
    return [
        {
            "title": one.title,
            "url": one.get_absolute_url(),
            "symbol": one.symbol,
            "chip": CHIPS[one.state],
            "is_sample": one.is_sample,
        }
        for one in found
    ]


def _circulations(body: Body, reader: Reader) -> list[dict[str, Any]]:
    """Those the reader was sent or may oversee; nothing for the public."""
    now = timezone.now()
    return [
        {
            "title": one.version.document.title,
            "version": one.version.number,
            "url": one.get_absolute_url(),
            "chip": circulation_words.state_chip(one, now),
            "is_sample": one.is_sample,
        }
        for one in circulations_visible_to(reader).filter(body=body).order_by("-pk")[:LATEST_CIRCULATIONS]
    ]


def _certificate(row: dict[str, Any]) -> str:
    """Address of the certificate of an endorsement by circulation; empty for what a meeting brought."""
    return f"{row['source_path']}certificate/" if row["source_kind"] == "circulation" else ""


def _outcomes(body: Body) -> list[dict[str, Any]]:
    """The latest public outcomes that concern the body; what was endorsed by circulation with its certificate."""
    columns = (
        "text",
        "verb__heading",
        "source_kind",
        "source_title",
        "source_path",
        "source_on",
        "number",
        "is_sample",
        "standing",
    )
    rows = latest_public().filter(body=body).values(*columns)[:LATEST_OUTCOMES]
    return [
        {
            **row,
            "heading": row["verb__heading"],
            "days": day_in_words(row["source_on"]),
            "certificate": _certificate(row),
            "note": STANDING_NAMES.get(row["standing"], ""),
        }
        for row in rows
    ]
