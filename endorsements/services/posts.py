"""The yearly confirmation of posts, with what circulations know: none lapses while a draft waits for a reply."""

from endorsements.enums import ENDED, State
from endorsements.models import Eligible
from members.services import review_posts

NOT_ENDED = [state.value for state in State if state not in ENDED and state != State.DRAFT]


def has_open_circulation(participant_id: int) -> bool:
    """Is the participant in the snapshot of a circulation that has not ended?"""
    return Eligible.objects.filter(participant_id=participant_id, circulation__state__in=NOT_ENDED).exists()


def confirm_or_lapse_posts() -> None:
    """Ask for confirmations that are due, and let lapse what nobody confirmed (members.services.terms)."""
    review_posts(is_busy=has_open_circulation)
