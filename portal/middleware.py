"""What each request carries beyond Django's own: who reads, and never a restricted page from a cache."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from members.access import Reader, reader_of
from members.acting import SESSION_KEY


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
