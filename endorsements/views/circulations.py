"""Pages of the secretariat, and the one address of a circulation that each reader sees in the own way."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.forms import KeyedForm
from documents.download import attachment
from documents.files import FileChanged
from endorsements import access, services
from endorsements.contexts.board import board
from endorsements.contexts.delegate import delegate
from endorsements.contexts.draft import draft
from endorsements.contexts.lists import rows
from endorsements.contexts.preparing import to_choose
from endorsements.enums import State
from endorsements.forms import CirculationPrepareForm
from endorsements.models import Circulation
from endorsements.rules import NotAllowed
from members.access import forum, forum_and_clock
from members.clock import clock
from members.forms.approval import ChairApprovalForm
from members.models import Forum
from members.views.decisive import decisive

PAGE = 50


def add_refusal(form: forms.Form, refusal: NotAllowed) -> None:
    """Show a refusal of the rules at the field it belongs to, else on top of the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@require_GET
def circulation_list(request: HttpRequest) -> HttpResponse:
    """What was sent to the reader, or to the participant for which the reader chose to act; staff see all."""
    reader = request.reader.acting  # type: ignore[attr-defined]
    page = Paginator(access.visible_to(reader).order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    now = clock()
    context = {
        "page": page,
        "rows": rows(list(page.object_list), reader, now),
        "can_prepare": access.can_prepare(reader),
        "forum": forum(),
    }
    return render(request, "endorsements/circulation_list.html", context)


def _prepare_form(
    request: HttpRequest, circulation: Circulation | None = None, initial: dict[str, Any] | None = None
) -> CirculationPrepareForm:
    home = forum()
    reader = request.reader  # type: ignore[attr-defined]
    choices = {
        "version": access.versions_to_circulate(reader),
        "body": access.bodies_to_choose(reader),
        "procedure": access.procedures_to_choose(reader),
    }
    if circulation and initial is None:
        initial = CirculationPrepareForm.initial_of(circulation, home.time_zone)
    data = request.POST if request.method == "POST" else None
    return CirculationPrepareForm(
        data, choices=choices, zone=home.time_zone, city=home.secretariat_place, initial=initial
    )


def _prepare_page(
    request: HttpRequest, form: CirculationPrepareForm, circulation: Circulation | None = None
) -> HttpResponse:
    """The form, and beside it what each procedure means."""
    context = {"form": form, "circulation": circulation, "procedures": to_choose(request.reader, forum())}  # type: ignore[attr-defined]
    return render(request, "endorsements/circulation_prepare.html", context)


@require_http_methods(["GET", "POST"])
def circulation_prepare(request: HttpRequest) -> HttpResponse:
    """Set the terms of a new circulation. Nothing is sent."""
    reader = request.reader  # type: ignore[attr-defined]
    access.staff_only(reader)
    form = _prepare_form(request, initial=access.first_terms(reader, request.GET.get("version", ""), clock()))
    if request.method == "POST" and form.is_valid():
        try:
            circulation = services.prepare_circulation(
                form.plan(), actor=access.user_of(reader), key=form.cleaned_data["key"]
            )
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    return _prepare_page(request, form)


@require_http_methods(["GET", "POST"])
def circulation_change(request: HttpRequest, ref: str) -> HttpResponse:
    """Change the terms of a draft."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_change(reader, circulation), "This circulation was opened. Its terms stay.")
    form = _prepare_form(request, circulation)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_circulation(ref, form.plan(), actor=access.user_of(reader), key=form.cleaned_data["key"])
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    return _prepare_page(request, form, circulation)


@require_GET
def circulation_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """One address for all: the draft and the board for staff and co-chairs, the delegate's page for participants."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    home, now = forum_and_clock()
    if circulation.state == State.DRAFT:
        context = draft(circulation, reader, home, now)
        context |= {
            "can_change": access.can_change(reader, circulation),
            "can_approve": access.can_approve(reader, circulation),
            "ask_form": KeyedForm(),
        }
        return render(request, "endorsements/circulation_draft.html", context)
    seat = access.seated(reader, circulation)
    access.note_opened(reader, circulation, seat)
    as_member = request.GET.get("as") == "member" or access.acts_as_member(reader, circulation, seat)
    if access.sees_board(reader, circulation) and not (seat.replies and as_member):
        return board_page(request, circulation, seat, home, now)
    context = delegate(circulation, reader, home, now, seat, None)
    context["why"] = access.why_visible(reader, circulation, seat)
    return render(request, "endorsements/circulation_delegate.html", context)


def board_page(
    request: HttpRequest,
    circulation: Circulation,
    seat: access.Seated,
    home: Forum,
    now: dt.datetime,
    *,
    base: str = "base.html",
    says: bool = True,
) -> HttpResponse:
    """The board as a page, or as parts of it (`base`) for a page that has it already. `says`: with the sentence of the
    tally, which a screen reader is told of."""
    reader = request.reader  # type: ignore[attr-defined]
    sort, show = request.GET.get("sort", ""), request.GET.get("show", "")
    context = board(circulation, reader, home, now, sort=sort, show=show)
    context |= {
        "base": base,
        "says": says,
        "why": access.why_visible(reader, circulation, seat),
        "seat": seat,
        "can_decide": access.can_decide(reader, circulation),
        "can_extend": access.can_extend(reader, circulation),
        "can_record": access.can_record(reader, circulation),
        "before": circulation.follows,
    }
    return render(request, "endorsements/circulation_board.html", context)


@require_GET
def circulation_file(request: HttpRequest, ref: str) -> HttpResponse:
    """The filed file, which is the authentic text, to whoever may read the circulation; one row in the access log."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.note_opened(reader, circulation, access.seated(reader, circulation))
    try:
        return attachment(circulation.version)
    except FileChanged as changed:
        messages.error(request, changed.message)
        return redirect(circulation)


@require_POST
@decisive
def circulation_ask(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask co-chairs and managers for approval."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_prepare(reader), "Only the secretariat asks for approval.")
    form = KeyedForm(request.POST)
    if form.is_valid():
        try:
            services.ask_approval(ref, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "Approval is asked. The co-chairs and the managers were told.")
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
    return redirect(circulation)


def _approve_as_chair(request: HttpRequest, circulation: Circulation) -> HttpResponse:
    """The co-chair's own page: nothing to fill in, since the deed is its own evidence."""
    reader = request.reader  # type: ignore[attr-defined]
    form = KeyedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.approve_as_chair(circulation.ref, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "The circulation is open. The notices are on their way.")
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    context = {**draft(circulation, reader, *forum_and_clock()), "form": form, "as_chair": True}
    return render(request, "endorsements/circulation_approve.html", context)


@require_http_methods(["GET", "POST"])
@decisive
def circulation_approve(request: HttpRequest, ref: str) -> HttpResponse:
    """A co-chair approves, or a manager records a co-chair's approval: it opens at once and mail goes out."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    could = reader.is_manager or access.chairs(reader, circulation)
    access.require(
        (request.method == "POST" and could) or access.can_approve(reader, circulation),
        "A co-chair approves it, or a manager who did not prepare it, once approval is asked.",
    )
    if not reader.is_manager:
        return _approve_as_chair(request, circulation)
    form = ChairApprovalForm(
        request.POST if request.method == "POST" else None, co_chairs=access.co_chairs_to_choose(circulation)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.approve_circulation(
                ref,
                co_chair=data["co_chair"],
                evidence=data["evidence"],
                actor=access.user_of(reader),
                key=data["key"],
            )
            messages.success(request, "The circulation is open. The notices are on their way.")
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    context = {**draft(circulation, reader, *forum_and_clock()), "form": form}
    return render(request, "endorsements/circulation_approve.html", context)
