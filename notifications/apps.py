"""Telling people: every notice is a row before it is a message."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices"

    def ready(self) -> None:
        register(check_rates)


def check_rates(**_: Any) -> list[CheckMessage]:
    """A rate of nothing would hold mail back for ever without a word."""
    wrong = [name for name, rate in settings.MAIL_RATES.items() if not rate > 0]
    return [Error(f"MAIL_RATES: the rate of {name} must be above 0.", id="notifications.E001") for name in wrong]
