"""A corrigendum by the secretariat, and the request of a participant for a new clock instead."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from endorsements import access, services
from endorsements.contexts.correcting import asking, correcting
from endorsements.forms_correcting import CorrigendumForm, NewClockForm
from endorsements.rules import NotAllowed
from endorsements.views.circulations import add_refusal
from members.access import forum_and_clock
from members.views.decisive import decisive


@require_http_methods(["GET", "POST"])
@decisive
def circulation_correct(request: HttpRequest, ref: str) -> HttpResponse:
    """Mend a slip of the open version beside its text."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(
        access.can_correct(reader, circulation), "This circulation is not running. Nothing can be corrected."
    )
    context = correcting(circulation, reader, *forum_and_clock())
    form = CorrigendumForm(request.POST if request.method == "POST" else None, choices=context["paragraph_choices"])
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_circulation(ref, form.slip(), actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "The slip is corrected beside the text. Everyone is told.")
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    return render(request, "endorsements/circulation_correct.html", {**context, "form": form})


@require_http_methods(["GET", "POST"])
@decisive
def circulation_new_clock(request: HttpRequest, ref: str) -> HttpResponse:
    """A participant asks for a new clock, since the text was corrected. Nothing is decided by it."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    seat = access.seated(reader, circulation)
    access.require(
        access.can_ask_new_clock(circulation, seat), "Only who replies for a member asks for a new deadline."
    )
    code = request.POST.get("participant", "") if request.method == "POST" else request.GET.get("for", "")
    participant = access.participant_to_reply_for(seat, code) if code else seat.replies[0]
    form = NewClockForm(request.POST if request.method == "POST" else None, initial={"participant": participant.code})
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_new_clock(
                ref,
                participant=participant,
                reason=form.cleaned_data["reason"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
            )
            messages.success(request, "Your request is recorded. The secretariat and the co-chairs are told.")
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    context = asking(circulation, reader, *forum_and_clock(), participant)
    return render(request, "endorsements/circulation_new_clock.html", {**context, "form": form})
