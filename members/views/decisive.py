"""A decisive act: what counts for a government or the forum is done by who proved a moment ago who it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from members.secondstep import is_fresh


def decisive(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A POST asks for passkey, code or password again when the last proof is older than REAUTHENTICATE_SECONDS.

    What was typed is kept in the session meanwhile; after the proof the view gets it and answers, once. The form of the
    page must name its own address, since a refusal is shown under that of the proof.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_fresh(request):
            return ask_again(request)
        return view(request, *args, **kwargs)

    return asked


def ask_again(request: HttpRequest) -> HttpResponse:
    """Send to the page where the person confirms who it is; then the page asked for follows, and of a POST what was
    typed is kept meanwhile."""
    way = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
    target = request.get_full_path()
    if request.method == "POST":
        suspend_request(request, way)
        # The bare path: with a query in it the library would not find again what it keeps.
        target = request.path
    return HttpResponseRedirect(f"{way}?{urlencode({REDIRECT_FIELD_NAME: target})}")
