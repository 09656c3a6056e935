"""Postpone or cancel a meeting: a page that says who is told, then a POST."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from meetings import access, services
from meetings.answers import told_by_calling_off
from meetings.enums import Verb
from meetings.forms import CancelForm, PostponeForm
from members.access import forum_and_clock
from members.rules import NotAllowed
from members.views.decisive import decisive


@require_http_methods(["GET", "POST"])
@decisive
def meeting_postpone(request: HttpRequest, slug: str) -> HttpResponse:
    """Postpone a meeting that is ahead, to new days where they are known."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    access.require(access.can(Verb.POSTPONE, reader, meeting), "This meeting is not ahead. It can not be postponed.")
    form = PostponeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.postpone_meeting(
                slug,
                reason=data["reason"],
                first_day=data["first_day"],
                last_day=data["last_day"],
                actor=access.user_of(reader),
                key=data["key"],
            )
            messages.success(request, "The meeting is postponed. Everyone invited is told.")
            return redirect(meeting)
        except NotAllowed as refused:
            form.refuse(refused)
    invitation = access.invitation_of(reader, meeting)
    context = {**told_by_calling_off(meeting, invitation, reader, *forum_and_clock()), "form": form}
    return render(request, "meetings/meeting_postpone.html", context)


@require_http_methods(["GET", "POST"])
@decisive
def meeting_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancel a meeting that is ahead."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    access.require(access.can(Verb.CANCEL, reader, meeting), "This meeting is not ahead. It can not be cancelled.")
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_meeting(
                slug, reason=form.cleaned_data["reason"], actor=access.user_of(reader), key=form.cleaned_data["key"]
            )
            messages.success(request, "The meeting is cancelled. Everyone invited is told.")
            return redirect(meeting)
        except NotAllowed as refused:
            form.refuse(refused)
    invitation = access.invitation_of(reader, meeting)
    context = {**told_by_calling_off(meeting, invitation, reader, *forum_and_clock()), "form": form}
    return render(request, "meetings/meeting_cancel.html", context)
