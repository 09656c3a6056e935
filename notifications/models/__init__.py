"""The outbox and what belongs to it, split by subject."""

from notifications.models.choices import Preference
from notifications.models.machine import KeptMail, Pause, Tick
from notifications.models.notices import Notice, new_message_id
from notifications.models.reports import DeliveryReport, ToldOtherwise

__all__ = [
    "DeliveryReport",
    "KeptMail",
    "Notice",
    "Pause",
    "Preference",
    "Tick",
    "ToldOtherwise",
    "new_message_id",
]
