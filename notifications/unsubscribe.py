"""The link that stops digests, and nothing else (RFC 8058): signed for one account, of use to nobody for more."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

SIGNER = signing.Signer(salt="notifications.digest.stop")


def stop_link(user_id: int) -> str:
    """The same at every try, so that the message stays the same."""
    return str(settings.BASE_URL) + reverse("inbox:digest-stop", args=[SIGNER.sign(str(user_id))])


def user_of(token: str) -> int | None:
    """The account of a token; None when it was not signed here."""
    try:
        return int(SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
