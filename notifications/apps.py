"""Telling people: every notice is a row before it is a message."""

from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices"

    def ready(self) -> None:
        register(check_rates)
        register(check_mail)


def check_rates(**_: Any) -> list[CheckMessage]:
    """A rate of nothing would hold mail back for ever without a word."""
    wrong = [name for name, rate in settings.MAIL_RATES.items() if not rate > 0]
    return [Error(f"MAIL_RATES: the rate of {name} must be above 0.", id="notifications.E001") for name in wrong]


def check_mail(**_: Any) -> list[CheckMessage]:
    """What every message is made of: with a wrong one no mail leaves, or no report on it is ever believed."""
    named = {
        "MAIL_FROM": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        **({"BOUNCE_ADDRESS": settings.BOUNCE_ADDRESS} if settings.BOUNCE_ADDRESS else {}),
        **{f"REGISTER_WITNESSES ({one})": one for one in settings.REGISTER_WITNESSES},
    }
    found: list[CheckMessage] = [
        Error(f"{name} must be one e-mail address, as notices@portal.example.", id="notifications.E002")
        for name, address in named.items()
        if not _is_address(address)
    ]
    if not _is_address(f"x@{settings.MESSAGE_ID_DOMAIN}"):
        found.append(Error("MESSAGE_ID_DOMAIN must be a domain, as portal.example.", id="notifications.E003"))
    if settings.BOUNCE_MAILBOX and not settings.BOUNCE_ADDRESS:
        found.append(Error("BOUNCE_MAILBOX is read, but BOUNCE_ADDRESS is empty.", id="notifications.E004"))
    if not urlsplit(settings.BASE_URL).hostname or urlsplit(settings.BASE_URL).scheme not in {"http", "https"}:
        found.append(Error("BASE_URL must begin with https:// and a host.", id="notifications.E005"))
    return found


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
