"""The invitation to a meeting: prepare it, ask for approval, approve it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.forms import KeyedForm
from meetings import access, services
from meetings.called import head, invitation_page
from meetings.enums import Verb
from meetings.forms import InvitationForm
from meetings.models import Meeting, MeetingInvitation
from members.access import forum, forum_and_clock
from members.clock import clock
from members.forms.approval import ChairApprovalForm
from members.forms.directory import DeedForm
from members.rules import NotAllowed
from members.views.decisive import decisive

SENT = "The invitation is on its way. Everyone invited is told."


@require_http_methods(["GET", "POST"])
def invitation_prepare(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the terms of an invitation. Nothing is sent."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting = access.meeting_for_staff(reader, slug)
    access.require(
        access.can(Verb.PREPARE, reader, meeting),
        "It went out already, or the meeting does not take place.",
    )
    invitation, home = access.invitation_of(reader, meeting), forum()
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        observers=access.observers_to_choose(reader),
        zone=home.time_zone,
        city=home.secretariat_place,
        initial=InvitationForm.initial_of(meeting, invitation, home.time_zone),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.prepare_invitation(slug, form.plan(), actor=access.user_of(reader), key=form.cleaned_data["key"])
            return redirect("meetings:invitation-detail", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    context = {**head(meeting, invitation, reader, home, clock()), "form": form}
    return render(request, "meetings/invitation_prepare.html", context)


@require_safe
def invitation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft of an invitation, or what went out."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, invitation = access.get_invitation(reader, slug)
    return _detail(request, meeting, invitation, KeyedForm())


def _detail(request: HttpRequest, meeting: Meeting, invitation: MeetingInvitation, form: KeyedForm) -> HttpResponse:
    reader = request.reader  # type: ignore[attr-defined]
    can_change = access.can(Verb.PREPARE, reader, meeting)
    context = {
        **invitation_page(meeting, invitation, reader, *forum_and_clock()),
        "can_change": can_change,
        "can_ask": can_change and invitation.asked_at is None and invitation.sent_at is None,
        "can_approve": access.can_approve(reader, meeting, invitation),
        "ask_form": form,
    }
    return render(request, "meetings/invitation_detail.html", context)


@require_POST
def invitation_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask co-chairs and managers for approval."""
    reader = request.reader  # type: ignore[attr-defined]
    access.staff_only(reader)
    meeting, invitation = access.get_invitation(reader, slug)
    form = DeedForm(request.POST)
    if form.is_valid():
        try:
            services.ask_invitation_approval(slug, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, "Approval is asked. Co-chairs and managers are told.")
            return redirect("meetings:invitation-detail", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    return _detail(request, meeting, invitation, form)


@require_http_methods(["GET", "POST"])
@decisive
def invitation_approve(request: HttpRequest, slug: str) -> HttpResponse:
    """A co-chair approves, or a manager records a co-chair's approval: it goes out at once."""
    reader = request.reader  # type: ignore[attr-defined]
    meeting, invitation = access.get_invitation(reader, slug)
    could = reader.is_manager or access.chairs(reader, meeting)
    access.require(
        (request.method == "POST" and could) or access.can_approve(reader, meeting, invitation),
        "A co-chair approves it, or a manager who did not prepare it, once approval is asked.",
    )
    data = request.POST if request.method == "POST" else None
    form: DeedForm
    if reader.is_manager:
        form = ChairApprovalForm(data, co_chairs=access.co_chairs_to_choose(meeting))
    else:
        form = DeedForm(data)
    if request.method == "POST" and form.is_valid():
        given, actor = form.cleaned_data, access.user_of(reader)
        try:
            if reader.is_manager:
                services.approve_invitation(
                    slug, co_chair=given["co_chair"], evidence=given["evidence"], actor=actor, key=given["key"]
                )
            else:
                services.approve_invitation_as_chair(slug, actor=actor, key=given["key"])
            messages.success(request, SENT)
            return redirect("meetings:invitation-detail", slug)
        except NotAllowed as refused:
            form.refuse(refused)
    context = {
        **invitation_page(meeting, invitation, reader, *forum_and_clock()),
        "form": form,
        "as_chair": not reader.is_manager,
    }
    return render(request, "meetings/invitation_approve.html", context)
