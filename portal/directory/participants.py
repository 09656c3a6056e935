"""The page of one participant, as far as the reader may see it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings.queries import counted
from meetings.views.public import shared
from members.access import Reader, forum, handover_note_of, participants_visible_to
from members.enums import SPEAKS, TOLD, Mark, StandingKind
from members.models import Forum
from members.profile import Profile, Spell, admissions_of, appointments_of, profile_of
from notifications.queries import newest_to
from portal.directory.access import Reach, acts_for, audience, mailboxes_for, reach
from portal.directory.attendance import strip
from portal.directory.contacts import Reachable, reachable
from portal.directory.memberships import bodies
from portal.directory.replies import ROWS_SHOWN, Answer, answers
from portal.directory.standing import admission, current, history, in_short, kind_words, sentence
from portal.directory.team import is_in_office, team
from portal.directory.zones import local_time
from portal.templatetags.portal import in_words


@login_not_required
@require_safe
def participant_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Public, with parts for its own people, for members and for the secretariat."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return shared(request, render(request, "directory/participant_detail.html", participant_page(reader, slug)))


def participant_page(reader: Reader, slug: str) -> dict[str, Any]:
    """Everything the template prints, for what this reader may see. Eight queries at most, whatever the participant,
    and one for the handover note of the own people; 404 when there is none."""
    home = forum()
    on = timezone.localdate(timezone=ZoneInfo(home.time_zone))
    among = participants_visible_to(reader)
    profile = profile_of(slug, on, among=among, reader_for=acts_for(reader), mailboxes=mailboxes_for(reader))
    its = reach(reader, profile)
    standing = current(profile, on)
    found = answers(reader, profile.participant, its, profile.now)
    waiting = [one for one in found if one.waits] if its.drafts else []
    return {
        "forum": home,
        "participant": profile.participant,
        "reach": its,
        "kind_words": kind_words(profile.participant, standing),
        "audience": audience(reader, its, profile.participant.short_name),
        "lede": waiting_sentence(waiting, home) or sentence(profile, home, on),
        "answer": _answer_link(waiting) if its.speaks else None,
        "facts": _facts(profile, standing, home, on),
        "is_unsure": profile.participant.mark == Mark.C,
        "deadlines": [one for one in found if one.is_running] if its.drafts else [],
        "own_zone": reader.zone if reader.zone != home.time_zone else "",
        "own_city": reader.city,
        "bodies": bodies(profile, on),
        **_standing(profile, its, on, deeds_of(reader, profile)),
        "team": _team(reader, profile, its, standing),
        "handover_note": handover_note_of(reader, profile.participant) if its.note else None,
        "attendance": strip(reader, profile, on),
        "replies": found,
        "replies_are_cut": len(found) == ROWS_SHOWN,
        "proposals": [one for one in found if one.proposals],
    }


def deeds_of(reader: Reader, profile: Profile) -> list[dict[str, str]]:
    """What the secretariat may record of this participant: label and address of each deed."""
    if not reader.is_staff or profile.merged_into:
        return []
    one = profile.participant
    return [
        {"label": "Record a proposal", "url": f"{reverse('members:admission-propose')}?participant={one.pk}"},
        {"label": "Record a new name", "url": reverse("members:participant-rename", args=[one.slug])},
        {"label": "Record a merger", "url": reverse("members:participant-merge", args=[one.slug])},
    ]


def _standing(profile: Profile, its: Reach, on: dt.date, deeds: list[dict[str, str]]) -> dict[str, Any]:
    """What the head of the page does not say already, and the deeds that change it."""
    rows = history(profile, on)
    admissions = [admission(row) for row in admissions_of(profile, under_way=its.admissions)]
    is_said = len(rows) == len(profile.standings) <= 1
    return {
        "history": rows,
        "spellings": profile.spellings,
        "admissions": admissions,
        "deeds": deeds,
        "shows_standing": not is_said or bool(profile.spellings or admissions or deeds),
    }


def waiting_sentence(waiting: list[Answer], home: Forum) -> str:
    """What waits for a reply, and until when; empty when nothing does."""
    if not waiting:
        return ""
    first = f"{in_words(waiting[0].expires_at, home.time_zone, year=False)} in {home.secretariat_place}"
    if len(waiting) == 1:
        return f"One draft waits for a reply. It is due on {first}."
    return f"{len(waiting)} drafts wait for a reply. The first is due on {first}."


def _answer_link(waiting: list[Answer]) -> dict[str, str] | None:
    """To the draft that waits; to the list of all when there are several."""
    if not waiting:
        return None
    if len(waiting) == 1:
        return {"label": "Answer the draft", "url": waiting[0].url}
    return {"label": f"Answer the {counted(len(waiting), 'draft')}", "url": reverse("home")}


def _facts(profile: Profile, standing: Spell | None, home: Forum, on: dt.date) -> list[dict[str, Any]]:
    """Label, lines and whether the fact is still to be confirmed. What is not known is left out."""
    one = profile.participant
    formal = [one.formal_name] if one.formal_name and one.formal_name != one.short_name else []
    unsure = standing is not None and standing.mark == Mark.C
    facts = [
        ("Formal name", formal, one.formal_mark == Mark.C),
        ("Standing", [in_short(standing, on)], unsure),
        ("Languages", [", ".join(one.languages)] if one.languages else [], False),
        ("Time", local_time(one, home, profile.now) or ["Time zone not known"], False),
    ]
    return [{"label": label, "lines": lines, "is_unsure": mark} for label, lines, mark in facts if lines]


def _team(reader: Reader, profile: Profile, its: Reach, standing: Spell | None) -> dict[str, Any] | None:
    if not its.team:
        return None
    rows = appointments_of(profile.participant.pk, profile.now, named=its.people)
    is_member = standing is not None and standing.what == StandingKind.MEMBER
    shown = team(rows, profile, its, is_member=is_member)
    if reader.is_staff:
        _add_mail(shown)
        shown["contact"] = _contact(rows, shown, profile.now, is_member=is_member)
    return shown


def _add_mail(shown: dict[str, Any]) -> None:
    """For the secretariat beside each address what became of the newest message to it."""
    present = [row for row in shown["rows"] if row["is_in_office"]]
    boxes = list(shown["addresses"])
    newest = newest_to([*(row["email"] for row in present), *(one["email"] for one in boxes)])
    for row in present:
        row["mail"] = newest.get(row["email"].lower())
    shown["mailboxes"] = [(one, newest.get(one["email"].lower())) for one in boxes]
    shown["newest"] = newest


def _contact(rows: list[dict[str, Any]], shown: dict[str, Any], now: dt.datetime, *, is_member: bool) -> Reachable:
    """By the addresses to which a notice would go now, official ones too."""
    told = [row for row in rows if row["role"] in TOLD and is_in_office(row, now)]
    addresses = {row["user__email"].lower() for row in told} | {one["email"].lower() for one in shown["addresses"]}
    has_speaker = not is_member or any(row["role"] in SPEAKS for row in told)
    return reachable(sorted(addresses), shown["newest"], has_speaker=has_speaker)
