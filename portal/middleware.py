"""What each request carries beyond Django's own: who reads, the second step, never a restricted page from a cache."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from members.access import Reader, reader_of
from members.acting import SESSION_KEY
from members.secondstep import is_held

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


class SecondStepMiddleware:
    """Who must have a second step and has none gets to the page that sets it up, and to public pages as the public.

    Django admin is behind the same door.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in WITHOUT_SECOND_STEP or not request.user.is_authenticated:
            return None
        reader: Reader = request.reader  # type: ignore[attr-defined]
        if not is_held(reader):
            return None
        if name == "home" or getattr(view, "login_required", True):
            return redirect(SET_UP_PAGE)
        request.reader = Reader(reader.user)  # type: ignore[attr-defined]
        return None
