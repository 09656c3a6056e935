"""Reading the inbox: opened notices are no longer new."""

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from notifications.models import Notice
from notifications.services.locking import lock_in_order


@transaction.atomic
def mark_read(notices: QuerySet[Notice]) -> int:
    """Mark those of the notices that are new as read; how many were. Done twice it changes nothing more."""
    keys = lock_in_order(notices.filter(read_at__isnull=True))
    return Notice.objects.filter(pk__in=keys).update(read_at=Now())
