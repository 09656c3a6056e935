"""What came by another way than the portal, what is contested, and what came late."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from endorsements import access, services
from endorsements.contexts.delegate import reply_choices
from endorsements.contexts.late import otherwise
from endorsements.contexts.receipt import receipt
from endorsements.enums import Mode
from endorsements.forms import take_as_seen
from endorsements.forms_late import PositionContestForm, PositionNoteForm, PositionOtherwiseForm
from endorsements.models import Circulation
from endorsements.rules import NotAllowed, SaidMeanwhile
from endorsements.views.circulations import add_refusal
from members.access import forum, forum_and_clock
from members.views.decisive import decisive


def _otherwise_form(request: HttpRequest, circulation: Circulation) -> PositionOtherwiseForm:
    home = forum()
    initial = {"participant": request.GET.get("for", ""), "seen": access.newest_of(circulation)}
    return PositionOtherwiseForm(
        request.POST if request.method == "POST" else None,
        mode=Mode(circulation.mode),
        seats=access.seats_to_record(circulation),
        zone=home.time_zone,
        city=home.secretariat_place,
        initial=initial,
    )


@require_http_methods(["GET", "POST"])
@decisive
def position_otherwise(request: HttpRequest, ref: str) -> HttpResponse:
    """The secretariat records a reply that came by note verbale, letter, mail, telephone or from the floor."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_record(reader, circulation), "The secretariat records replies, once it is open.")
    form = _otherwise_form(request, circulation)
    if request.method == "POST" and form.is_valid():
        try:
            position = services.record_otherwise(
                ref,
                form.reply(),
                form.source(),
                participant=access.participant_to_tell(circulation, form.cleaned_data["participant"]),
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
                seen=form.cleaned_data["seen"],
            )
            messages.success(request, "Recorded. The participant is told.")
            return redirect(reverse("endorsements:position-receipt", args=[ref, position.pk]))
        except NotAllowed as refusal:
            if isinstance(refusal, SaidMeanwhile):
                take_as_seen(form, refusal.last)
            add_refusal(form, refusal)
            circulation = access.get_circulation(reader, ref)
    context = {
        **otherwise(circulation, reader, *forum_and_clock()),
        "form": form,
        "choices": reply_choices(circulation, form),
    }
    return render(request, "endorsements/position_otherwise.html", context)


@require_http_methods(["GET", "POST"])
@decisive
def position_contest(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """A participant says that a reply recorded in its name is not its own."""
    reader = request.reader  # type: ignore[attr-defined]
    position = access.get_receipt(reader, ref, pk)
    # A second click finds it contested already: the service answers with what the first did.
    speaks = position.on_behalf_of in reader.speaks_for
    access.require(
        (request.method == "POST" and speaks) or access.can_contest(reader, position),
        "Who speaks for the participant contests a reply that the secretariat recorded, until a co-chair has decided.",
    )
    form = PositionContestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.contest_position(
                ref,
                pk,
                reason=form.cleaned_data["reason"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
            )
            messages.success(request, "The reply is contested and does not count. You can send your own.")
            return redirect(reverse("endorsements:position-receipt", args=[ref, pk]))
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    context = {**receipt(position, reader, *forum_and_clock()), "form": form}
    return render(request, "endorsements/position_contest.html", context)


@require_http_methods(["GET", "POST"])
@decisive
def position_note(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """A co-chair takes note of a late reply."""
    reader = request.reader  # type: ignore[attr-defined]
    position = access.get_receipt(reader, ref, pk)
    chairs = access.chairs(reader, position.circulation)
    access.require(
        (request.method == "POST" and chairs) or access.can_take_note(reader, position),
        "A co-chair takes note of a reply that came late.",
    )
    form = PositionNoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.take_note(
                ref, pk, note=form.cleaned_data["note"], actor=access.user_of(reader), key=form.cleaned_data["key"]
            )
            messages.success(request, "You took note of it. The participant is told.")
            return redirect(reverse("endorsements:position-receipt", args=[ref, pk]))
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    context = {**receipt(position, reader, *forum_and_clock()), "form": form}
    return render(request, "endorsements/position_note.html", context)
