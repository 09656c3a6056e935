"""Pages of people: a team with its posts and invitations, and the deeds on them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import access
from members import invitations as reads
from members.access import Reader
from members.directory import today
from members.filters import InvitationFilter
from members.forms.people import (
    AppointmentChangeForm,
    AppointmentConfirmForm,
    AppointmentEndForm,
    InvitationAnswerForm,
    InvitationSendForm,
)
from members.invitations import Place
from members.models import Appointment
from members.posts import words_of
from members.rules import NotAllowed
from members.services import (
    change_appointment,
    confirm_appointments,
    end_appointment,
    invite_person,
    renew_invitation,
    revoke_invitation,
)
from members.views.decisive import decisive

PAGE = 50


def _reader(request: HttpRequest) -> Reader:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


def _team_url(place: Place) -> str:
    return reverse("people:team") + place.query


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who acts for a participant (or for the secretariat), and who is invited."""
    reader = _reader(request)
    place = reads.place_of(reader, request.GET.get("participant", ""))
    posts = reads.team_of(place)
    context = {
        "place": place,
        "posts": posts,
        "has_due": any(row["is_due"] and row["may_change"] for row in posts),
        "invitations": reads.unanswered(reader, place),
        "answer": InvitationAnswerForm(),
        "is_own": not reader.is_staff and place.participant is not None,
        "is_office": reader.is_staff,
    }
    return render(request, "members/people_team.html", context)


@require_http_methods(["GET", "POST"])
@decisive
def invitation_send(request: HttpRequest) -> HttpResponse:
    """Invite one person to a post."""
    reader = _reader(request)
    place = reads.place_of(reader, request.GET.get("participant", ""))
    form = _send_form(request, reader, place)
    if request.method == "POST" and form.is_valid():
        offer = form.offer(place.participant)
        try:
            invitation = invite_person(offer, actor=access.user_of(reader), key=form.cleaned_data["key"])
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"The invitation to {invitation.email} is on its way.")
            return redirect(_team_url(Place(invitation.participant, frozenset())))
    context = {"form": form, "place": place, "is_own": "participant" not in form.fields}
    context["link_days"] = settings.INVITATION_LASTS.days
    return render(request, "members/invitation_send.html", context)


def _send_form(request: HttpRequest, reader: Reader, place: Place) -> InvitationSendForm:
    """The secretariat chooses the participant; a focal point's form is for its own."""
    roles, participants, bodies = place.roles, None, None
    if reader.is_staff:
        roles = reader.roles_to_name(None) | reader.roles_to_name(0)
        participants, bodies = access.participants_to_choose(reader), access.bodies_with_co_chairs(reader)
    first = {"participant": place.participant.code if place.participant else None}
    return InvitationSendForm(
        request.POST or None, initial=first, roles=roles, participants=participants, bodies=bodies
    )


@require_POST
def invitation_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    return _answer(request, pk, renew_invitation, "A new link is on its way to {}. The old one is dead.")


@require_POST
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    return _answer(request, pk, revoke_invitation, "The invitation of {} is revoked. Its link is dead.")


def _answer(request: HttpRequest, pk: int, deed: Any, said: str) -> HttpResponse:
    reader = _reader(request)
    invitation = reads.get_invitation(reader, pk)
    form = InvitationAnswerForm(request.POST)
    try:
        if form.is_valid():
            deed(invitation.pk, actor=access.user_of(reader), key=form.cleaned_data["key"])
            messages.success(request, said.format(invitation.email))
        else:
            messages.error(request, "This page was out of date. Try once more.")
    except NotAllowed as refused:
        messages.error(request, refused.message)
    return redirect(_team_url(Place(invitation.participant, frozenset())))


@require_safe
def appointment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: its term, and the forms to correct or end it."""
    return _post_page(request, reads.get_post(_reader(request), pk))


def _post_page(
    request: HttpRequest,
    post: Appointment,
    change: AppointmentChangeForm | None = None,
    end: AppointmentEndForm | None = None,
) -> HttpResponse:
    context = {
        "post": post,
        "words": words_of(post),
        "place": Place(post.participant, frozenset()),
        "failed": next((form for form in (change, end) if form is not None), None),
        "change": change or _change_form(request, post),
        "end": end or AppointmentEndForm(prefix="end"),
    }
    return render(request, "members/appointment_detail.html", context)


def _change_form(request: HttpRequest, post: Appointment) -> AppointmentChangeForm:
    reader = _reader(request)
    changes_term = reader.is_staff or reader.is_admin
    return AppointmentChangeForm(request.POST or None, prefix="change", post=post, changes_term=changes_term)


@require_POST
def appointment_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the function; the secretariat changes the last day too."""
    reader = _reader(request)
    post = reads.get_post(reader, pk)
    form = _change_form(request, post)
    if form.is_valid():
        try:
            change_appointment(post.pk, actor=access.user_of(reader), **form.changes())
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The post is changed.")
            return redirect(_team_url(Place(post.participant, frozenset())))
    return _post_page(request, post, change=form)


@require_POST
@decisive
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post at this moment."""
    reader = _reader(request)
    post = reads.get_post(reader, pk)
    form = AppointmentEndForm(request.POST, prefix="end")
    if form.is_valid():
        try:
            end_appointment(post.pk, actor=access.user_of(reader), reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"The post of {post.user} has ended.")
            return redirect(_team_url(Place(post.participant, frozenset())))
    return _post_page(request, post, end=form)


@require_http_methods(["GET", "POST"])
def appointment_confirm(request: HttpRequest) -> HttpResponse:
    """Once a year: who still acts for a participant, or for the secretariat."""
    reader = _reader(request)
    place = reads.place_of(reader, request.GET.get("participant", ""))
    form = AppointmentConfirmForm(request.POST or None, choices=reads.to_confirm(reader, place))
    if request.method == "POST" and form.is_valid():
        chosen = [int(pk) for pk in form.cleaned_data["posts"]]
        try:
            number = confirm_appointments(
                place.participant_id, chosen, actor=access.user_of(reader), key=form.cleaned_data["key"]
            )
        except NotAllowed as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Confirmed: {number}.")
            return redirect(_team_url(place))
    return render(request, "members/appointment_confirm.html", {"form": form, "place": place})


@require_safe
def vacant_list(request: HttpRequest) -> HttpResponse:
    """Members without a focal point or an alternate, for the secretariat."""
    access.user_who_changes(_reader(request))
    return render(request, "members/vacant_list.html", {"rows": reads.vacant_posts(today())})


@require_safe
def invitation_list(request: HttpRequest) -> HttpResponse:
    """All invitations with what each has come to, for the secretariat."""
    reader = _reader(request)
    access.user_who_changes(reader)
    found = InvitationFilter(request.GET, reads.invitations_visible_to(reader))
    page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filter": found,
        "is_filtered": any(query.values()),
        "page": page,
        "query": f"{query.urlencode()}&" if query else "",
    }
    return render(request, "members/invitation_list.html", context)
