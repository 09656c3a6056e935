"""Reading the inbox: opened notices are no longer new."""

from django.db.models import QuerySet
from django.db.models.functions import Now

from notifications.models import Notice


def mark_read(notices: QuerySet[Notice]) -> int:
    """Mark those of the notices that are new as read; how many were. Done twice it changes nothing more."""
    return notices.filter(read_at__isnull=True).update(read_at=Now())
