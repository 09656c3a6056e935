"""A decisive act: what counts for a government or the forum is done by who proved a moment ago who it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

from members.secondstep import is_fresh


def decisive(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A POST asks for passkey, code or password again when the last proof is older than REAUTHENTICATE_SECONDS.

    What was typed is kept in the session meanwhile; after the proof the view gets it and answers, once. The form of the
    page must name its own address, since a refusal is shown under that of the proof.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_fresh(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asked
