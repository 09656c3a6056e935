"""What is kept for a set time only: mail that the portal's own receiver took, and paces of domains long unused."""

import datetime as dt

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from notifications import rates
from notifications.models import KeptMail, Tick

PACES_KEPT = dt.timedelta(days=1)


def purge_kept() -> int:
    """Delete kept mail that is older than its time; what opens an account goes sooner (KEPT_SECRET_HOURS). Returns how
    many messages went. Notices themselves stay: they are the record of who was told what."""
    old = Q(received_at__lt=Now() - dt.timedelta(days=settings.KEPT_MAIL_DAYS))
    old_secret = Q(is_secret=True, received_at__lt=Now() - dt.timedelta(hours=settings.KEPT_SECRET_HOURS))
    gone, _ = KeptMail.objects.filter(old | old_secret).delete()
    Tick.objects.filter(name__startswith=rates.PREFIX, at__lt=Now() - PACES_KEPT).delete()
    return gone
