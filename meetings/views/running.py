"""Run a meeting: the item that runs, items taken up and done with, outcomes as they fall."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from meetings import access, services
from meetings.enums import Verb
from meetings.forms import OutcomeForm
from meetings.models import Meeting
from meetings.running import day_of, running_page
from members.access import forum_and_clock
from members.forms.directory import DeedForm
from members.rules import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_run(request: HttpRequest, slug: str) -> HttpResponse:
    """The running of the meeting; a POST notes an outcome."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.get_running(reader, slug)
    return _page(request, meeting, None)


def _page(request: HttpRequest, meeting: Meeting, refused: DeedForm | None) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    its_forum, now = forum_and_clock()
    items, outcomes = access.items_to_run(meeting), access.outcomes_so_far(meeting)
    context = running_page(meeting, items, outcomes, its_forum, now)
    current = context["current"]
    initial = {"actor": "Members", "day": day_of(meeting, now, its_forum), "item": current and current["item"].pk}
    is_outcome = request.method == "POST" and "text" in request.POST
    form = OutcomeForm(
        request.POST if is_outcome else None,
        initial=initial,
        verbs=access.verbs_to_choose(),
        items=context["item_choices"],
        parents=context["parent_choices"],
    )
    can_run = access.can(Verb.RUN, reader, meeting)
    if is_outcome:
        access.staff_only(reader)
        if form.is_valid():
            try:
                services.note_outcome(
                    meeting.slug, form.plan(), actor=access.user_of(reader), key=form.cleaned_data["key"]
                )
                messages.success(request, "The outcome is noted.")
                return redirect("meetings:meeting-run", meeting.slug)
            except NotAllowed as error:
                form.refuse(error)
    context["papers"] = access.papers_at_hand(current["item"]) if current else []
    context |= {"form": form, "refused": refused, "key": uuid.uuid4(), "can_run": can_run}
    return render(request, "meetings/meeting_run.html", context)


def _deed(request: HttpRequest, slug: str, pk: int, deed: Callable[..., None]) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    form = DeedForm(request.POST)
    if form.is_valid():
        try:
            deed(slug, pk, actor=access.user_of(reader), key=form.cleaned_data["key"])
            return redirect("meetings:meeting-run", slug)
        except NotAllowed as error:
            form.refuse(error)
    return _page(request, meeting, form)


@require_POST
def item_start(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take up an item; the one that runs is done with."""
    return _deed(request, slug, pk, services.start_item)


@require_POST
def item_finish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _deed(request, slug, pk, services.finish_item)
