"""Open, close and step back; the sessions of a meeting."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from meetings import access, services, words
from meetings.days import meeting_days
from meetings.enums import MeetingState, Verb
from meetings.forms import SessionForm, StepBackForm
from meetings.letters import where
from meetings.models import Meeting, Session
from meetings.roll import when_words
from members.access import forum
from members.forms.directory import DeedForm
from members.rules import NotAllowed

SAID = {
    Verb.OPEN: "The meeting is in session.",
    Verb.CLOSE: "The meeting is closed. Its record is not published yet.",
    Verb.STEP_BACK: "The meeting went back a step. The reason is on record.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_sessions(request: HttpRequest, slug: str) -> HttpResponse:
    """The sessions, and what can be done with the meeting now; a POST adds a session."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    form = SessionForm(request.POST if request.method == "POST" else None, initial={"day": meeting.starts_on})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.save_session(slug, form.plan(), actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, f"{made} is added.")
            return redirect("meetings:meeting-sessions", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _page(request, meeting, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def session_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change title, day or times of a session."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, session = access.get_session(reader, slug, pk)
    zone = ZoneInfo(meeting.time_zone or forum().time_zone)
    form = SessionForm(
        request.POST if request.method == "POST" else None, initial=SessionForm.initial_of(session, zone)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_session(slug, form.plan(), pk=pk, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "The session is changed.")
            return redirect("meetings:meeting-sessions", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _page(request, meeting, form=form, changed=session)


@require_POST
def session_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a session at which nobody is marked."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, _ = access.get_session(reader, slug, pk)
    form = DeedForm(request.POST)
    if form.is_valid():
        try:
            services.remove_session(slug, pk, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "The session is removed.")
            return redirect("meetings:meeting-sessions", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _page(request, meeting, refused=form)


def _move(request: HttpRequest, slug: str, verb: Verb, deed: Callable[..., Meeting], form: DeedForm) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    if form.is_valid():
        try:
            deed(slug, **form.cleaned_data, actor=access.user_of(reader))
            messages.success(request, SAID[verb])
            return redirect("meetings:meeting-sessions", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    if isinstance(form, StepBackForm):
        return _page(request, meeting, back=form)
    return _page(request, meeting, refused=form)


@require_POST
def meeting_open(request: HttpRequest, slug: str) -> HttpResponse:
    return _move(request, slug, Verb.OPEN, services.open_meeting, DeedForm(request.POST))


@require_POST
def meeting_close(request: HttpRequest, slug: str) -> HttpResponse:
    return _move(request, slug, Verb.CLOSE, services.close_meeting, DeedForm(request.POST))


@require_POST
def meeting_step_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back the closing or the opening, with a reason."""
    return _move(request, slug, Verb.STEP_BACK, services.step_meeting_back, StepBackForm(request.POST))


def _page(
    request: HttpRequest,
    meeting: Meeting,
    *,
    form: SessionForm | None = None,
    back: StepBackForm | None = None,
    refused: DeedForm | None = None,
    changed: Session | None = None,
) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    its_forum, state = forum(), MeetingState(meeting.state)
    days = {name: getattr(meeting, name) for name in ("starts_on", "ends_on", "sits_on", "planned_text")}
    context: dict[str, Any] = {
        "forum": its_forum,
        "meeting": meeting,
        "chip": words.MEETINGS[state],
        "days": meeting_days(days) or "to be decided",
        "where": where(meeting),
        "clock_of": meeting.time_zone or its_forum.time_zone,
        "sessions": [(one, when_words(one, meeting, its_forum)) for one in access.sessions_of(reader, meeting)],
        "form": form or SessionForm(initial={"day": meeting.starts_on}),
        "changed": changed,
        "back": back or StepBackForm(),
        "refused": refused,
        "deed": DeedForm(),
        "can": {verb.value: access.can(verb, reader, meeting) for verb in Verb},
        "back_to": {MeetingState.CLOSED: "in session", MeetingState.IN_SESSION: "registration"}.get(state, ""),
    }
    return render(request, "meetings/meeting_sessions.html", context)
