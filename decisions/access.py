"""Which outcomes a reader sees."""

from django.db.models import QuerySet

from decisions.enums import Standing
from decisions.models import Outcome
from members.access import Reader


def visible_to(reader: Reader) -> QuerySet[Outcome]:
    """The secretariat sees all outcomes, everyone else those that are public."""
    return Outcome.objects.all() if reader.is_staff else public()


def public() -> QuerySet[Outcome]:
    return Outcome.objects.filter(is_public=True)


def latest_public() -> QuerySet[Outcome]:
    """Newest first: neither background nor what was set aside, nor proposals, which stand under their endorsement."""
    found = public().filter(is_background=False, parent=None, source_on__isnull=False)
    found = found.exclude(standing=Standing.SET_ASIDE.value)
    return found.order_by("-source_on", "source_path", "verb__position", "position")
