"""The delegate's reply: form, page to check, send, receipt."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.files import to_save
from endorsements import access, endings, lateness, rules, services, words
from endorsements.access import Seated
from endorsements.contexts.common import corrigenda_in_words, head
from endorsements.contexts.delegate import delegate, reply_choices
from endorsements.contexts.receipt import receipt
from endorsements.enums import Mode, PositionKind, State, Timing
from endorsements.forms import ReplyForm, take_as_seen
from endorsements.models import Circulation
from endorsements.receipts import receipt_file
from endorsements.rules import NotAllowed, SaidMeanwhile
from endorsements.views.circulations import add_refusal
from members.access import forum_and_clock
from members.views.decisive import decisive


def _page(request: HttpRequest, circulation: Circulation, seat: Seated, form: ReplyForm) -> HttpResponse:
    """The delegate's page with what was typed."""
    reader = request.reader  # type: ignore[attr-defined]
    context = delegate(circulation, reader, *forum_and_clock(), seat, form)
    context |= {"why": access.why_visible(reader, circulation, seat), "is_refused": bool(form.errors)}
    return render(request, "endorsements/circulation_delegate.html", context)


@require_http_methods(["GET", "POST"])
def position_check(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the reply once more before it is sent. Nothing is recorded here."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    if request.method == "GET":
        return redirect(circulation)
    seat = access.seated(reader, circulation)
    form = ReplyForm(request.POST, mode=Mode(circulation.mode))
    participant = access.participant_to_reply_for(seat, form["participant"].value() or "")
    home, now = forum_and_clock()
    if not form.is_valid():
        return _page(request, circulation, seat, form)
    reply = form.reply()
    try:
        timing = lateness.timing_of_reply(State(circulation.state), circulation.window, now)
        rules.check_reply(reply.kind, reply.text, no_reason_given=reply.no_reason_given, mode=Mode(circulation.mode))
    except NotAllowed as refusal:
        add_refusal(form, refusal)
        return _page(request, circulation, seat, form)
    # Judged by this reply alone: what others said is not for this page, not even by what it leaves out.
    is_late = timing is Timing.LATE
    ends_it = not is_late and circulation.stops_at_once and endings.is_stopped([reply.kind], circulation.terms)
    chosen = next(one for one in reply_choices(circulation, form) if one["value"] == reply.kind)
    context = {
        **head(circulation, reader, home, now),
        "form": form,
        "reply": reply,
        "participant": participant,
        "sender": reader.label_for(participant),
        "chip": words.state_chip(circulation, now),
        "reply_chip": words.REPLIES[reply.kind],
        "choice": chosen,
        "is_late": is_late,
        "late_words": lateness.warning(past_deadline=now >= circulation.expires_at),
        "breaks": reply.kind == PositionKind.OBJECTION and not is_late,
        "ends_it": ends_it,
        "is_proposal": reply.kind == PositionKind.ENDORSE_WITH_PROPOSALS and not is_late,
        "asks_time": reply.kind == PositionKind.MORE_TIME,
        "is_comment": reply.kind == PositionKind.COMMENT,
    }
    return render(request, "endorsements/position_check.html", context)


@require_http_methods(["GET", "POST"])
def position_edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Back from the page to check, with what was typed. POST, so that a reason never stands in an address."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    if request.method == "GET":
        return redirect(circulation)
    seat = access.seated(reader, circulation)
    form = ReplyForm(request.POST, mode=Mode(circulation.mode))
    access.participant_to_reply_for(seat, form["participant"].value() or "")
    return _page(request, circulation, seat, form)


@require_POST
@decisive
def position_record(request: HttpRequest, ref: str) -> HttpResponse:
    """Send the reply: one row in the register, then the receipt. A second click gets the same receipt."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    seat = access.seated(reader, circulation)
    form = ReplyForm(request.POST, mode=Mode(circulation.mode))
    participant = access.participant_to_reply_for(seat, form["participant"].value() or "")
    if not form.is_valid():
        return _page(request, circulation, seat, form)
    try:
        position = services.record_position(
            ref,
            form.reply(),
            participant=participant,
            actor=access.user_of(reader),
            key=form.cleaned_data["key"],
            seen=form.cleaned_data["seen"],
        )
    except SaidMeanwhile as newer:
        take_as_seen(form, newer.last)
        add_refusal(form, newer)
        return _page(request, access.get_circulation(reader, ref), seat, form)
    except NotAllowed as refusal:
        add_refusal(form, refusal)
        return _page(request, access.get_circulation(reader, ref), seat, form)
    return redirect(reverse("endorsements:position-receipt", args=[ref, position.pk]))


@require_GET
def position_receipt(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """What was recorded, when, and the head of the register after it."""
    reader = request.reader  # type: ignore[attr-defined]
    position = access.get_receipt(reader, ref, pk)
    context = receipt(position, reader, *forum_and_clock())
    return render(request, "endorsements/position_receipt.html", context)


@require_GET
def position_receipt_file(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """The receipt as a text to keep, which tools/verify_register.py checks on its own."""
    position = access.get_receipt(request.reader, ref, pk)  # type: ignore[attr-defined]
    entry, version = position.register_entry, position.circulation.version
    said = words.REPLIES[PositionKind(position.kind)][1]
    title = f"Receipt. {position.on_behalf_of}: {said}. Draft {version.document.symbol}, version {version.number}."
    text = receipt_file(title, entry.content, entry.head, notes=corrigenda_in_words(position.circulation))
    name = f"receipt-{ref}-{position.on_behalf_of.code.lower()}.txt"
    return to_save(text, "text/plain; charset=utf-8", name)
