"""Plan a meeting, the next one of a series, and change one that is ahead."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from meetings import access, services
from meetings.enums import Verb
from meetings.forms import MeetingForm, MeetingPlanForm
from meetings.models import Meeting, Series
from meetings.planning import days_are_open, ordinal_words, proposal, taken_over
from meetings.services import MeetingIsStale
from members.access import Reader, forum
from members.directory import today
from members.rules import NotAllowed

MADE = "The meeting is planned, and everyone can see it in the list of meetings."


def choices(reader: Reader, meeting: Meeting | None = None) -> dict[str, Any]:
    """From what the fields of the form choose."""
    return {
        "participants": access.participants_to_name(reader),
        "beside": access.beside_to_choose(reader, meeting),
    }


@require_http_methods(["GET", "POST"])
def meeting_plan(request: HttpRequest) -> HttpResponse:
    """Make a meeting; `?series=` chooses the series beforehand."""
    reader = request.reader  # type: ignore[attr-defined]
    series = access.series_to_choose(reader)
    form = MeetingPlanForm(
        request.POST if request.method == "POST" else None,
        series=series,
        initial={"series": series.filter(slug=request.GET.get("series", "")[:60]).first()},
        **choices(reader),
    )
    if request.method == "POST" and form.is_valid():
        made = _make(request, form, form.cleaned_data["series"])
        if made is not None:
            return redirect("meetings:meeting-detail", made.slug)
    return render(request, "meetings/meeting_plan.html", {"form": form, "forum": forum()})


@require_http_methods(["GET", "POST"])
def meeting_next(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the next meeting of a series from an earlier one."""
    reader = request.reader  # type: ignore[attr-defined]
    like = access.meeting_for_staff(reader, slug)
    is_post = request.method == "POST"
    form = MeetingForm(
        request.POST if is_post else None, initial={} if is_post else proposal(like, today()), **choices(reader)
    )
    if is_post and form.is_valid():
        made = _make(request, form, like.series, like)
        if made is not None:
            return redirect("meetings:meeting-detail", made.slug)
    context = {
        "form": form,
        "forum": forum(),
        "like": like,
        "taken_over": taken_over(like, *access.lines_to_copy(reader, like)),
    }
    return render(request, "meetings/meeting_next.html", context)


def _make(request: HttpRequest, form: MeetingForm, series: Series, like: Meeting | None = None) -> Meeting | None:
    reader = request.reader  # type: ignore[attr-defined]
    try:
        made = services.plan_meeting(
            series, form.plan(), like=like, actor=access.user_of(reader), key=form.cleaned_data["key"]
        )
    except NotAllowed as refused:
        form.refuse(refused)
        return None
    messages.success(request, MADE)
    _point_out(request, made)
    return made


@require_http_methods(["GET", "POST"])
def meeting_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a meeting that is ahead. Its address stays."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    access.require(access.can(Verb.CHANGE, reader, meeting), "This meeting is not ahead any more.")
    stands = MeetingForm.initial_of(meeting)
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=stands, **choices(reader, meeting))
    differing: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            changed = services.change_meeting(
                slug, form.plan(), version=data["version"] or 0, actor=access.user_of(reader), key=data["key"]
            )
            messages.success(request, "The meeting is changed.")
            _point_out(request, changed)
            return redirect(changed)
        except MeetingIsStale as stale:
            stands = MeetingForm.initial_of(stale.saved)
            differing = form.differences(stands)
            form.data = _from_version(request.POST, stale.saved.version)
            form.refuse(stale)
        except NotAllowed as refused:
            form.refuse(refused)
    context = {
        "form": form,
        "forum": forum(),
        "meeting": meeting,
        "differing": differing,
        "days_are_open": days_are_open(meeting),
    }
    return render(request, "meetings/meeting_change.html", context)


def _from_version(typed: QueryDict, version: int) -> QueryDict:
    """What was typed, now from the version that stands: what is saved next replaces it."""
    data = typed.copy()
    data["version"] = str(version)
    return data


def _point_out(request: HttpRequest, meeting: Meeting) -> None:
    said = ordinal_words(meeting, access.same_ordinal(meeting))
    if said:
        messages.warning(request, said)
