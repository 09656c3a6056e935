"""Which outcomes a reader sees."""

from django.db.models import QuerySet

from decisions.models import Outcome
from members.access import Reader


def visible_to(reader: Reader) -> QuerySet[Outcome]:
    """The secretariat sees all outcomes, everyone else those that are public."""
    return Outcome.objects.all() if reader.is_staff else public()


def public() -> QuerySet[Outcome]:
    return Outcome.objects.filter(is_public=True)


def latest_public() -> QuerySet[Outcome]:
    """Newest first: neither background, nor proposals, which stand under the endorsement they came with."""
    found = public().filter(is_background=False, parent=None, source_on__isnull=False)
    return found.order_by("-source_on", "source_path", "verb__position", "position")
