"""A successor's first page: what the participant said, endorsed, proposed and owes, who spoke before, and the note."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from audit.forms import KeyedForm
from endorsements.contexts.delegate import NAMED
from members.access import Reader, forum_and_clock, handover_note_of, participant_of_own_people, user_who_speaks
from members.directory import participants_spoken_for_before
from members.enums import SPEAKS
from members.models import Appointment, Participant
from members.profile import appointments_of
from members.rules import NotAllowed
from members.services import confirm_handover
from portal.directory.access import own_reach
from portal.directory.participants import waiting_sentence
from portal.directory.replies import Answer, answers
from portal.directory.team import person_row

ROWS_SHOWN = 200
SHOWN = "handover_shown"
"""Under this key the session keeps the appointments whose handover was shown to the person."""


def unread_by(reader: Reader) -> list[Appointment]:
    """New appointments of a reader who follows somebody and has not said to have read the handover. No query for who
    has none, else one."""
    new = [one for one in reader.appointments if one.role in SPEAKS and one.welcomed_at is None]
    followed = participants_spoken_for_before(new) if new else set()
    return [one for one in new if one.participant_id in followed]


def first_to_show(request: HttpRequest, unread: Iterable[Appointment]) -> Participant | None:
    """The participant whose handover home leads to: once in a session. Only the session remembers that."""
    shown = request.session.get(SHOWN, [])
    for one in unread:
        if one.pk not in shown and one.participant is not None:
            request.session[SHOWN] = [*shown, one.pk]
            return one.participant
    return None


@require_safe
def handover_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page, for those who read the participant's drafts. It changes nothing: that it was read is said by a form."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    participant = participant_of_own_people(reader, slug)
    return render(request, "portal/handover.html", handover_page(reader, participant))


@require_POST
def handover_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The successor has read it: home does not lead there again."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    participant = participant_of_own_people(reader, slug)
    actor = user_who_speaks(reader, participant)
    form = KeyedForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["key"][0]))
        return redirect("handover-detail", slug)
    try:
        confirm_handover(participant, actor=actor, key=form.cleaned_data["key"])
    except NotAllowed as refused:
        messages.error(request, refused.message)
    return redirect("home")


def handover_page(reader: Reader, participant: Participant) -> dict[str, Any]:
    """Everything the template prints. Five queries, whatever the participant's record."""
    (home, now), reach = forum_and_clock(), own_reach(reader, participant)
    found = answers(reader, participant, reach, now, most=ROWS_SHOWN)
    rows = appointments_of(participant.pk, now, named=True)
    people = [(row["role"] in SPEAKS, person_row(row, now, reach)) for row in rows]
    waiting = [one for one in found if one.waits]
    mine = [one for one in reader.appointments if one.participant_id == participant.pk and one.role in SPEAKS]
    return {
        "forum": home,
        "participant": participant,
        "reach": reach,
        "lede": waiting_sentence(waiting, home) or "No draft waits for its reply.",
        "owes": waiting,
        **_said(found),
        "is_cut": len(found) == ROWS_SHOWN,
        "before": [one for speaks, one in people if speaks and one["is_past"]],
        "people": [one for _, one in people if not one["is_past"]],
        "handover_note": handover_note_of(reader, participant),
        "since": min((one.starts_at for one in mine), default=None),
        "confirm": KeyedForm() if any(one.welcomed_at is None for one in mine) else None,
        "own_zone": reader.zone if reader.zone != home.time_zone else "",
        "own_city": reader.city,
    }


def _said(found: list[Answer]) -> dict[str, list[Answer]]:
    """What was answered and what has ended, apart: endorsed; said otherwise; ended without a word."""
    answered = [one for one in found if one.at]
    return {
        "endorsed": [one for one in answered if one.share in NAMED],
        "otherwise": [one for one in answered if one.share not in NAMED],
        "silent": [one for one in found if not one.at and not one.is_running],
        "proposals": [one for one in found if one.proposals],
    }
