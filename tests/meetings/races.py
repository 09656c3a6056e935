"""What the twins of meetings put in the place of a lock."""

from meetings.models import Meeting


def without_lock(slug: str) -> Meeting:
    """In the place of `lock_meeting`, for the twins."""
    return Meeting.objects.select_related("series__body").get(slug=slug)
