"""Deeds on a circulation that runs (secretariat) or waits (co-chairs): a page that says what happens, then a POST."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from endorsements import access, calendar, services
from endorsements.contexts.deciding import decision, told
from endorsements.forms import take_as_seen
from endorsements.forms_deeds import ConfirmForm, DeadlineForm, ReasonForm
from endorsements.forms_late import SetAsideForm
from endorsements.models import Circulation
from endorsements.rules import NotAllowed, SaidMeanwhile
from endorsements.views.circulations import add_refusal
from members.access import forum, forum_and_clock
from members.views.decisive import decisive

NOT_RUNNING = "This circulation is not running. Nothing can be changed."
NOT_WAITING = "This circulation does not wait for a co-chair, or you do not co-chair its body."


def _deadline_form(data: QueryDict | None, first: dt.datetime) -> DeadlineForm:
    """Bound to what was typed, or with the deadline that is proposed."""
    home = forum()
    local = first.astimezone(ZoneInfo(home.time_zone))
    initial = {"day": local.date(), "time": local.time().replace(microsecond=0)}
    return DeadlineForm(data, zone=home.time_zone, city=home.secretariat_place, initial=initial)


def _again_form(circulation: Circulation, data: QueryDict | None = None) -> DeadlineForm:
    """A new clock: the first deadline that the procedure permits from now on is proposed."""
    return _deadline_form(data, calendar.earliest_deadline(circulation, *forum_and_clock()))


@require_http_methods(["GET", "POST"])
@decisive
def circulation_extend(request: HttpRequest, ref: str) -> HttpResponse:
    """A later deadline for the same text."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_extend(reader, circulation), NOT_RUNNING)
    form = _deadline_form(request.POST if request.method == "POST" else None, circulation.expires_at)
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_circulation(
                ref,
                form.deadline(),
                reason=form.cleaned_data["reason"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
            )
            messages.success(request, "The deadline is extended. Everyone is told.")
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    context = {**told(circulation, reader, *forum_and_clock()), "form": form}
    return render(request, "endorsements/circulation_extend.html", context)


@require_http_methods(["GET", "POST"])
@decisive
def circulation_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """Withdraw a running circulation."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_withdraw(reader, circulation), NOT_RUNNING)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_circulation(
                ref,
                reason=form.cleaned_data["reason"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
            )
            messages.success(request, "The circulation is withdrawn. Everyone is told.")
            return redirect(circulation)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    context = {**told(circulation, reader, *forum_and_clock()), "form": form}
    return render(request, "endorsements/circulation_withdraw.html", context)


def _decide_page(request: HttpRequest, circulation: Circulation, **bound: Form) -> HttpResponse:
    """The page with its three forms, of which one may come back with what was typed."""
    reader = request.reader  # type: ignore[attr-defined]
    context = decision(circulation, reader, *forum_and_clock())
    seen = {"seen": context["newest_doubtful"]}
    forms = {
        "confirm": ConfirmForm(initial=seen),
        "aside": SetAsideForm(initial=seen),
        "again": _again_form(circulation),
        **bound,
    }
    context |= {**forms, "refused": next((one for one in bound.values() if one.errors), None)}
    return render(request, "endorsements/circulation_decide.html", context)


@require_GET
def circulation_decide(request: HttpRequest, ref: str) -> HttpResponse:
    """What waits for the co-chair, with the evidence and the three exits."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_decide(reader, circulation), NOT_WAITING)
    return _decide_page(request, circulation)


@require_POST
@decisive
def circulation_confirm(request: HttpRequest, ref: str) -> HttpResponse:
    """A co-chair confirms the result."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_decide(reader, circulation), NOT_WAITING)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            services.confirm_circulation(
                ref,
                note=form.cleaned_data["note"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
                seen=form.cleaned_data["seen"],
            )
            messages.success(request, "The result is confirmed. Everyone is told.")
            return redirect(circulation)
        except NotAllowed as refusal:
            if isinstance(refusal, SaidMeanwhile):
                take_as_seen(form, refusal.last)
            add_refusal(form, refusal)
    return _decide_page(request, circulation, confirm=form)


@require_POST
@decisive
def circulation_set_aside(request: HttpRequest, ref: str) -> HttpResponse:
    """A co-chair sets the result aside: the replies in doubt count."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_decide(reader, circulation), NOT_WAITING)
    form = SetAsideForm(request.POST)
    if form.is_valid():
        try:
            services.set_aside(
                ref,
                note=form.cleaned_data["note"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
                seen=form.cleaned_data["seen"],
            )
            messages.success(request, "The result is set aside. Everyone is told.")
            return redirect(circulation)
        except NotAllowed as refusal:
            if isinstance(refusal, SaidMeanwhile):
                take_as_seen(form, refusal.last)
            add_refusal(form, refusal)
    return _decide_page(request, circulation, aside=form)


@require_POST
@decisive
def circulation_open_again(request: HttpRequest, ref: str) -> HttpResponse:
    """A co-chair gives the same version a new clock."""
    reader = request.reader  # type: ignore[attr-defined]
    circulation = access.get_circulation(reader, ref)
    access.require(access.can_decide(reader, circulation), NOT_WAITING)
    form = _again_form(circulation, request.POST)
    if form.is_valid():
        try:
            again = services.open_again(
                ref,
                form.deadline(),
                note=form.cleaned_data["reason"],
                actor=access.user_of(reader),
                key=form.cleaned_data["key"],
            )
            messages.success(request, "The same version is open again, with a new deadline. Everyone is told.")
            return redirect(again)
        except NotAllowed as refusal:
            add_refusal(form, refusal)
    return _decide_page(request, circulation, again=form)
