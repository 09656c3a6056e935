"""The checklist of a meeting: one page; each tick is a form of its own, so that it works without JavaScript."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from meetings import access, services
from meetings.checklists import checklist_page
from meetings.enums import Verb
from meetings.forms import TaskForm
from meetings.models import Meeting
from members.access import forum
from members.directory import today
from members.forms.directory import DeedForm
from members.rules import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_checklist(request: HttpRequest, slug: str) -> HttpResponse:
    """What is to be done and what is done; add a line."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    form = TaskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_task(slug, form.line(), actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "The line is added.")
            return redirect("meetings:meeting-checklist", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _page(request, meeting, form)


def _page(request: HttpRequest, meeting: Meeting, form: TaskForm, deed: DeedForm | None = None) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    context = {
        **checklist_page(meeting, today()),
        "forum": forum(),
        "form": form,
        "deed": deed or DeedForm(),
        "can_tick": access.can(Verb.TICK, reader, meeting),
    }
    return render(request, "meetings/meeting_checklist.html", context)


def _deed(request: HttpRequest, slug: str, do: Callable[..., Any], said: str, *args: int) -> HttpResponse:
    """One deed on the list, then the list again; a refusal stands above it."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    form = DeedForm(request.POST)
    if form.is_valid():
        try:
            do(slug, *args, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, said)
            return redirect("meetings:meeting-checklist", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _page(request, meeting, TaskForm(), form)


@require_POST
def checklist_take(request: HttpRequest, slug: str) -> HttpResponse:
    return _deed(request, slug, services.take_usual_tasks, "The usual list of the series is taken over.")


@require_POST
def task_finish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _deed(request, slug, services.finish_task, "Ticked.", pk)


@require_POST
def task_reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _deed(request, slug, services.reopen_task, "The tick is taken back.", pk)


@require_POST
def task_drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _deed(request, slug, services.drop_task, "The line is left out.", pk)
