"""The page behind the link of an invitation. Opening it changes nothing and uses nothing up."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from members.forms.people import InvitationAcceptForm
from members.invitations import Link, link_of
from members.models import Appointment
from members.rules import LinkDead, NotAllowed
from members.services import accept_as_newcomer, accept_invitation


@cache_control(private=True, no_store=True)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """What the post is, for whom and by whom; POST takes it. A dead link answers alike whatever killed it."""
    link = link_of(token)
    if link is None:
        return _dead(request)
    user = request.user if request.user.is_authenticated else None
    if user is not None and user != link.account:
        return _page(request, link, {"other": user})
    try:
        if link.account is not None:
            return _by_account(request, link, token)
        return _by_newcomer(request, link, token)
    except LinkDead:
        return _dead(request)
    except NotAllowed as refused:
        return _page(request, link, {"refused": refused.message})


def _by_account(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The person signs in first; then one button."""
    if not request.user.is_authenticated or request.method != "POST":
        return _page(request, link, {"asks_sign_in": not request.user.is_authenticated})
    post = accept_invitation(token, user=request.user)
    _welcome(request, post)
    return redirect("home")


def _by_newcomer(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    form = InvitationAcceptForm(request.POST or None, invitation=link.invitation)
    if request.method != "POST" or not form.is_valid():
        return _page(request, link, {"form": form, "has_passkeys": passkey_page() is not None})
    post = accept_as_newcomer(token, form.newcomer())
    user = post.user
    if form.by_passkey:
        response = perform_login(request, Login(user=user, email=user.email, redirect_url=passkey_page()))
    else:
        response = perform_password_login(request, {"email": user.email}, Login(user=user, email=user.email))
    _welcome(request, post)
    return response


def passkey_page() -> str | None:
    """Where a signed-in person adds a passkey; None while the portal has no such page."""
    try:
        return reverse("mfa_add_webauthn")
    except NoReverseMatch:
        return None


def _welcome(request: HttpRequest, post: Appointment) -> None:
    messages.success(
        request, f"You act as {post} from now on." if post.participant else "The post is yours from now on."
    )


def _page(request: HttpRequest, link: Link, more: dict[str, Any]) -> HttpResponse:
    return render(request, "members/invitation_accept.html", {"link": link, **more})


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "members/invitation_dead.html", status=404)
