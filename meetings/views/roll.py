"""The roll call of a session: one form without scripts; with them each tick by itself. The badge of a delegate."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings import access, services, session_rules
from meetings.enums import Mark, Verb
from meetings.forms import SessionChooseForm
from meetings.models import Meeting, Session
from meetings.roll import cards_of, counts_of, last_words, roll_page, running_now, standing_of, when_words
from meetings.services import Tick, TickRefused
from members.access import forum
from members.clock import clock
from members.forms.directory import DeedForm
from members.rules import NotAllowed

BIGGEST = 10**9
"""Numbers of rows are smaller."""


@require_http_methods(["GET", "HEAD", "POST"])
def roll_call(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read the roll call; a POST saves what this officer changed on the page, and nothing else."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, session = access.get_session(reader, slug, pk)
    refused: list[TickRefused] = []
    form = DeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ticks = _changed(request)
        try:
            refused = services.mark_attendances(
                slug, pk, ticks, actor=access.user_of(reader), key=form.cleaned_data["key"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            if not refused:
                messages.success(request, "Saved." if ticks else "Nothing was changed.")
                query = request.GET.urlencode()
                return redirect(f"{request.path}?{query}" if query else request.path)
    return _page(request, meeting, session, form, refused)


def _page(
    request: HttpRequest, meeting: Meeting, session: Session, form: DeedForm, refused: list[TickRefused]
) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    context = roll_page(meeting, session, reader, forum(), request.GET.dict())
    context |= {
        "form": form,
        "key": uuid.uuid4(),
        "refused": refused,
        "can_mark": access.can(Verb.MARK, reader, meeting),
        "query": request.GET.urlencode(),
    }
    return render(request, "meetings/roll_call.html", context)


def _changed(request: HttpRequest) -> list[Tick]:
    """The lines of the form that differ from what the page showed; what was tampered with is left out."""
    found = []
    for name in request.POST:
        if not name.startswith("was-"):
            continue
        line = _line(name.removeprefix("was-"))
        was, how = _mark(request.POST[name]), _mark(request.POST.get(f"how-{name.removeprefix('was-')}", ""))
        if line is None or was is None or how is None:
            continue
        ticked = f"in-{name.removeprefix('was-')}" in request.POST
        to = session_rules.wanted(was, ticked=ticked, how=how)
        if to != was:
            found.append(Tick(*line, was, to))
    return found


def _line(text: str) -> tuple[int, int | None] | None:
    """ "12-0" → the participant itself, "12-345" → a delegate of it."""
    parts = text.split("-")
    if len(parts) != 2 or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in parts):
        return None
    return int(parts[0]), int(parts[1]) or None


def _mark(text: str) -> Mark | None:
    return Mark(text) if text in set(Mark) else None


@require_POST
def roll_tick(request: HttpRequest, slug: str, pk: int) -> JsonResponse:
    """One tick of a page with scripts. 200: what stands now; 409: it can not be so, with the sentence and what stands;
    400: not a tick. Sent twice with one key it has one effect."""
    reader = request.reader  # type: ignore[attr-defined]
    access.get_session(reader, slug, pk)
    form, line = DeedForm(request.POST), _line(request.POST.get("line", ""))
    was, to = _mark(request.POST.get("was", "")), _mark(request.POST.get("to", ""))
    if not form.is_valid() or line is None or was is None or to is None:
        return JsonResponse({"said": "This is not a tick."}, status=HTTPStatus.BAD_REQUEST)
    try:
        now = services.mark_attendance(
            slug, pk, Tick(*line, was, to), actor=access.user_of(reader), key=form.cleaned_data["key"]
        )
    except TickRefused as error:
        return JsonResponse({"said": error.message, "now": error.now.value}, status=HTTPStatus.CONFLICT)
    except NotAllowed as error:
        return JsonResponse({"said": error.message, "now": was.value}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"now": now.value})


@require_safe
def roll_live(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Counts, marks and the last tick when something changed since `since`, else 204 with nothing."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, session = access.get_session(reader, slug, pk)
    standing = standing_of(session)
    if request.GET.get("since", "") == standing:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    cards = cards_of(meeting, session, reader)
    marks = {line.key: line.mark.value for card in cards for line in card.lines}
    last = last_words(session, meeting, reader, forum())
    return JsonResponse({"since": standing, "counts": counts_of(cards), "marks": marks, "last": last})


@require_http_methods(["GET", "HEAD", "POST"])
def badge_detail(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Whom a badge names; the officer marks the person present at the session that runs, or chooses one."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, delegate = access.get_badge(reader, slug, token)
    sessions, participant = access.sessions_of(reader, meeting), delegate.delegation.participant
    now = running_now(sessions, clock())
    form = SessionChooseForm(request.POST if request.method == "POST" else None, sessions=sessions)
    if request.method == "POST" and form.is_valid():
        session = next(one for one in sessions if one.pk == form.cleaned_data["session"])
        line = (participant.pk, delegate.pk)
        try:
            services.mark_present(slug, session.pk, *line, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, f"{delegate} is present at {session}.")
            return redirect("meetings:badge-detail", slug, token)
        except NotAllowed as refused:
            form.refuse(refused)
    marks = access.marks_of_delegate(reader, delegate)
    its_forum = forum()
    context: dict[str, Any] = {
        "forum": its_forum,
        "meeting": meeting,
        "delegate": delegate,
        "participant": participant,
        "form": form,
        "now": now,
        "rows": [(one, when_words(one, meeting, its_forum), _said(marks.get(one.pk))) for one in sessions],
        "can_mark": access.can(Verb.MARK, reader, meeting),
        "back": reverse("meetings:meeting-sessions", args=[slug]),
    }
    return render(request, "meetings/badge_detail.html", context)


def _said(mark: Mark | None) -> str:
    return session_rules.MARK_NAMES[mark or Mark.NONE]
