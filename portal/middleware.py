"""What each request carries beyond Django's own: who reads, the second step, never a restricted page from a cache."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from members.access import Reader, reader_of
from members.acting import SESSION_KEY
from members.secondstep import is_held, is_idle, note_seen
from members.views.decisive import ask_again

SET_UP_PAGE = "mfa_index"
WITHOUT_SECOND_STEP = {
    SET_UP_PAGE,
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_reauthenticate",
    "account_change_password",
    "account_logout",
    "usersessions_list",
    "usersession_end",
    "theme-choose",
}
"""All that a person reaches who must set up a second step and has not yet, besides public pages."""


CONFIRM = {
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_reauthenticate",
    "account_logout",
    "theme-choose",
}
"""All that a session reaches that lay still, besides public pages: the person confirms, or signs out."""
ASKED_BY_THE_PAGE = {"endorsements:circulation-live"}
"""Addresses that an open page asks for by itself: nobody need sit in front of it."""


def _reader(request: HttpRequest) -> Reader:
    chosen = request.session.get(SESSION_KEY, "") if request.user.is_authenticated else ""
    return reader_of(request.user, chosen)


class ReaderMiddleware:
    """Sets `request.reader` (members.access.Reader), and no-store on every answer to a signed-in person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reader = SimpleLazyObject(lambda: _reader(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class Door:
    """Before every address, Django admin's too. Whom it stops is sent on, and sees public pages as the public."""

    always_open: ClassVar[Collection[str]] = ()
    """Names of the addresses that are reached nevertheless."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in self.always_open or not request.user.is_authenticated or not self.stops(request, name):
            return None
        if name == "home" or getattr(view, "login_required", True):
            return self.sent_on(request, name)
        request.reader = Reader(request.user)  # type: ignore[attr-defined]
        return None

    def stops(self, request: HttpRequest, name: str) -> bool:
        """Is this person, who is signed in, stopped here?"""
        raise NotImplementedError

    def sent_on(self, request: HttpRequest, name: str) -> HttpResponse:
        raise NotImplementedError


class IdleMiddleware(Door):
    """A session that lay still for SESSION_IDLE_SECONDS shows and does nothing until the person confirms who it is
    (OWASP ASVS 5.0, 7.3.1). What was typed is kept.
    """

    always_open = CONFIRM

    def stops(self, request: HttpRequest, name: str) -> bool:
        if is_idle(request):
            return True
        if name not in ASKED_BY_THE_PAGE:
            note_seen(request)
        return False

    def sent_on(self, request: HttpRequest, name: str) -> HttpResponse:
        if name in ASKED_BY_THE_PAGE:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return ask_again(request)


class SecondStepMiddleware(Door):
    """Who must have a second step and has none gets to the page that sets it up."""

    always_open = WITHOUT_SECOND_STEP

    def stops(self, request: HttpRequest, name: str) -> bool:
        return is_held(request.reader)  # type: ignore[attr-defined]

    def sent_on(self, request: HttpRequest, name: str) -> HttpResponse:
        return redirect(SET_UP_PAGE)
