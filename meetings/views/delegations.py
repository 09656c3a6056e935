"""A participant answers an invitation; the page works on a phone and without JavaScript."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from audit.files import to_save
from documents.refusal import Refused
from meetings import access, services
from meetings.access import Own
from meetings.called import delegation_page
from meetings.enums import DelegationState, LetterState
from meetings.files.notes import KINDS
from meetings.forms import MORE_LINES, DelegationForm, lines_for
from meetings.letter_gate import ENDINGS
from meetings.models import Delegation, Meeting
from meetings.rules import MOST_DELEGATES
from meetings.services import DelegationIsStale
from meetings.words import delegation_chip
from members.access import Reader, forum_and_clock
from members.rules import NotAllowed

NOTES = {"inviting": "Note verbale, inviting", "confirming": "Note verbale, confirming"}
BUTTONS = {
    LetterState.ORIGINAL: "Original seen",
    LetterState.NOT_REQUIRED: "Not required",
    LetterState.NONE: "Take the note back",
}


@require_safe
def delegation_own(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads to the page of the reader's own participant, the one for which the reader acts first; the secretariat to
    all answers."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.get_meeting(reader, slug)
    own = access.own_participants(reader, meeting)
    if own:
        return redirect("meetings:delegation-detail", slug, own[0].code)
    if reader.is_staff:
        return redirect("meetings:meeting-answers", slug)
    raise Http404


@sensitive_variables()
@require_safe
def delegation_detail(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Read one participant's answer; the form is for its focal point and alternate."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.get_meeting(reader, slug, "invitation", "information")
    own = access.get_own(reader, meeting, code)
    access.note_opened(reader, meeting, own.participant)
    return _page(request, meeting, own, _blank(meeting, own))


@sensitive_variables()
@sensitive_post_parameters()
@require_POST
def delegation_answer(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Give or change the answer of a participant."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.get_meeting(reader, slug)
    own = access.get_own(reader, meeting, code)
    actor = access.user_who_answers(reader, own)
    if "more" in request.POST:
        return _page(request, meeting, own, _with_more_lines(request.POST))
    form, saved = DelegationForm(request.POST, request.FILES, lines=lines_sent(request.POST)), None
    if form.is_valid():
        try:
            services.answer_invitation(
                slug,
                form.answer(),
                participant=own.participant,
                version=form.cleaned_data["version"],
                actor=actor,
                key=form.cleaned_data["key"],
            )
            messages.success(request, f"Recorded for {own.participant}. You can change it until the meeting ends.")
            return redirect("meetings:delegation-detail", slug, code)
        except DelegationIsStale as stale:
            saved, form = stale.saved, _with_both(request.POST, stale)
        except (NotAllowed, Refused) as refused:
            form.refuse(refused)
    return _page(request, meeting, own, form, saved)


@sensitive_variables()
@require_safe
def delegation_letter(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The copy of the nomination letter, to be saved and never shown in the browser. Logged."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.get_meeting(reader, slug)
    letter = access.get_letter(reader, meeting, code)
    access.note_letter_read(reader, meeting, code)
    name = f"nomination-letter-{code}.{ENDINGS[letter.media_type]}"
    return to_save(bytes(letter.content), letter.media_type, name)


def _page(
    request: HttpRequest, meeting: Meeting, own: Own, form: DelegationForm | None, saved: Delegation | None = None
) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    invitation = access.sent_invitation_of(meeting)
    others = access.own_participants(reader, meeting)
    context = delegation_page(
        meeting, invitation, own.participant, own.delegation, own.papers, others, reader, *forum_and_clock()
    )
    extra: dict[str, Any] = {
        "form": form,
        "can_have_more": form is not None and len(form.numbers) < (meeting.seats or MOST_DELEGATES),
        "saved": saved,
        "saved_chip": delegation_chip(saved) if saved else None,
        "can_record": access.can_record(reader, meeting, own),
        "letter_form": _letter_form(reader, own),
        "papers_out": _papers_out(reader, meeting, own),
        "has_information": access.information_of(meeting) is not None,
    }
    return render(request, "meetings/delegation_detail.html", {**context, **extra})


def _blank(meeting: Meeting, own: Own) -> DelegationForm | None:
    """The form with what stands; None for who may not answer, and when the meeting takes no answers."""
    if own.delegation is None or not own.may_answer or not access.takes_answers(meeting):
        return None
    return DelegationForm(
        lines=lines_for(own.delegation, meeting.seats),
        initial={
            **DelegationForm.initial_of(own.delegation),
            "lines": lines_for(own.delegation, meeting.seats),
        },
    )


def _letter_form(reader: Reader, own: Own) -> dict[str, Any] | None:
    """What the secretariat can note about the nomination letter; None for everyone else, and once names are gone."""
    if not reader.is_staff or own.delegation is None or own.delegation.names_removed_at:
        return None
    stands = LetterState(own.delegation.letter)
    offered = [LetterState.ORIGINAL, LetterState.NOT_REQUIRED]
    if stands in offered:
        offered = [one for one in offered if one is not stands] + [LetterState.NONE]
    return {"key": uuid.uuid4(), "buttons": [(one.value, BUTTONS[one]) for one in offered]}


def _papers_out(reader: Reader, meeting: Meeting, own: Own) -> dict[str, Any] | None:
    """What the secretariat can take out for this delegation; None for everyone else."""
    if not reader.is_staff or own.delegation is None:
        return None
    kinds = KINDS if own.delegation.state != DelegationState.INVITED else KINDS[:1]
    named = [one for one in own.delegation.delegates.all() if one.name]
    people = named if access.can_support_visa(meeting) else []
    return {"notes": [(one, NOTES[one]) for one in kinds], "people": people}


def lines_sent(data: QueryDict) -> int:
    """How many lines the page had; as many as may be when that was tampered with, so that nothing typed is lost."""
    given = data.get("lines", "")
    is_number = given.isascii() and given.isdecimal() and len(given) < 4
    return min(max(int(given), 1), MOST_DELEGATES) if is_number else MOST_DELEGATES


def _with_more_lines(data: QueryDict) -> DelegationForm:
    """The same page with what was typed and some empty lines more; nothing is checked, nothing recorded."""
    lines = min(lines_sent(data) + MORE_LINES, MOST_DELEGATES)
    return DelegationForm(lines=lines, initial={**data.dict(), "lines": lines})


def _with_both(data: QueryDict, stale: DelegationIsStale) -> DelegationForm:
    """The form again with what was typed, now from the version that stands: what is saved next replaces it."""
    again = DelegationForm({**data.dict(), "version": str(stale.saved.version)}, lines=lines_sent(data))
    again.is_valid()
    again.add_error(None, stale.message)
    return again
