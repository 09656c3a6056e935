"""What about people and posts needs the secretariat soon. Reads only."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from members.access import Reader
from members.invitations import OPEN, invitations_visible_to
from members.models import Appointment, Invitation
from members.rules import WARNED_BEFORE

EXPIRES_SOON = dt.timedelta(days=3)


def terms_that_end() -> QuerySet[Appointment]:
    """Posts in office whose term ends within the days in which their people are warned, soonest first."""
    rows = Appointment.objects.filter(ends_at__lte=Now() + WARNED_BEFORE).in_office(Now())
    return rows.select_related("user", "participant", "body").order_by("ends_at", "pk")


def invitations_that_expire(reader: Reader) -> QuerySet[Invitation]:
    """Invitations without an answer whose link soon stops working, soonest first."""
    rows = invitations_visible_to(reader).filter(Q(fate=OPEN), expires_at__lte=Now() + EXPIRES_SOON)
    return rows.order_by("expires_at", "pk")
