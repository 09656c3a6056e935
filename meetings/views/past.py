"""Record a past meeting from a source; publish such a record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from meetings import access, services
from meetings.forms import MeetingRecordForm
from meetings.planning import ordinal_words
from members.access import forum
from members.forms.directory import DeedForm
from members.rules import NotAllowed
from members.views.decisive import decisive


@require_http_methods(["GET", "POST"])
def meeting_record(request: HttpRequest) -> HttpResponse:
    """Enter a past meeting; `?series=` chooses the series beforehand."""
    reader = request.reader  # type: ignore[attr-defined]
    series = access.series_to_choose(reader)
    form = MeetingRecordForm(
        request.POST if request.method == "POST" else None,
        series=series,
        participants=access.participants_to_name(reader),
        beside=access.beside_to_choose(reader),
        initial={"series": series.filter(slug=request.GET.get("series", "")[:60]).first()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.record_meeting(
                data["series"], form.plan(), form.evidence(), actor=access.user_of(reader), key=data["key"]
            )
            messages.success(request, "The meeting is recorded. The secretariat sees it; a manager publishes it.")
            if said := ordinal_words(made, access.same_ordinal(made)):
                messages.warning(request, said)
            return redirect(made)
        except NotAllowed as refused:
            form.refuse(refused)
    return render(request, "meetings/meeting_record.html", {"form": form, "forum": forum()})


@require_http_methods(["GET", "POST"])
@decisive
def meeting_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the record of a meeting that was recorded from a source public."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    access.require(
        access.can_publish_record(reader, meeting),
        "A manager publishes what another person recorded from a source.",
    )
    form = DeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_record(slug, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "The record is public.")
            return redirect(meeting)
        except NotAllowed as refused:
            form.refuse(refused)
    return render(request, "meetings/meeting_publish.html", {"form": form, "forum": forum(), "meeting": meeting})
