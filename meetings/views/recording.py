"""The secretariat writes down what came about a delegation by another way: an answer, the original of a letter."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from documents.refusal import Refused
from meetings import access, services
from meetings.access import Own
from meetings.called import delegation_page
from meetings.forms import LetterNoteForm, RecordForm, lines_for
from meetings.models import Delegation, Meeting
from meetings.rules import MOST_DELEGATES
from meetings.services import DelegationIsStale
from meetings.views.delegations import lines_sent
from meetings.words import delegation_chip
from members.access import forum, forum_and_clock
from members.rules import NotAllowed

MORE = 4


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_record(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Write down an answer that came by letter, telephone or otherwise, with its evidence."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    own = access.get_own(reader, meeting, code)
    if own.delegation is None or not access.can_record(reader, meeting, own):
        raise PermissionDenied("This meeting takes no registrations now.")
    if request.method != "POST":
        return _page(request, meeting, own, _blank(meeting, own))
    zone, city = forum().time_zone, forum().secretariat_place
    if "more" in request.POST:
        lines = min(lines_sent(request.POST) + MORE, MOST_DELEGATES)
        initial = {**request.POST.dict(), "lines": lines}
        return _page(request, meeting, own, RecordForm(lines=lines, zone=zone, city=city, initial=initial))
    form = RecordForm(request.POST, request.FILES, lines=lines_sent(request.POST), zone=zone, city=city)
    saved = None
    if form.is_valid():
        try:
            services.record_answer(
                slug,
                form.answer(),
                form.source(),
                participant=own.participant,
                version=form.cleaned_data["version"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
            )
            messages.success(request, f"Recorded for {own.participant}, which is told by e-mail.")
            return redirect("meetings:delegation-detail", slug, code)
        except DelegationIsStale as stale:
            saved = stale.saved
            data = {**request.POST.dict(), "version": str(saved.version)}
            form = RecordForm(data, lines=lines_sent(request.POST), zone=zone, city=city)
            form.is_valid()
            form.add_error(None, stale.message)
        except (NotAllowed, Refused) as refused:
            form.refuse(refused)
    return _page(request, meeting, own, form, saved)


def _blank(meeting: Meeting, own: Own) -> RecordForm:
    if own.delegation is None:
        raise ValueError("nobody is invited")
    lines = lines_for(own.delegation, meeting.seats)
    initial = {**RecordForm.initial_of(own.delegation), "lines": lines}
    return RecordForm(lines=lines, zone=forum().time_zone, city=forum().secretariat_place, initial=initial)


def _page(
    request: HttpRequest, meeting: Meeting, own: Own, form: RecordForm, saved: Delegation | None = None
) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    invitation = access.sent_invitation_of(meeting)
    context = delegation_page(meeting, invitation, own.participant, own.delegation, (), [], reader, *forum_and_clock())
    extra = {
        "form": form,
        "can_have_more": len(form.numbers) < (meeting.seats or MOST_DELEGATES),
        "saved": saved,
        "saved_chip": delegation_chip(saved) if saved else None,
    }
    return render(request, "meetings/delegation_record.html", {**context, **extra})


@require_POST
def delegation_letter_note(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Note that the original of a nomination letter was seen, that none is required, or take the note back."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    own = access.get_own(reader, meeting, code)
    form = LetterNoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was noted. Load the page again and choose once more.")
        return redirect("meetings:delegation-detail", slug, code)
    try:
        services.note_letter(
            slug,
            form.noted(),
            participant=own.participant,
            actor=access.user_of(reader),
            key=form.cleaned_data["key"],
        )
        messages.success(request, "Noted.")
    except NotAllowed as refused:
        messages.error(request, refused.message)
    return redirect("meetings:delegation-detail", slug, code)
