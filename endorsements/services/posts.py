"""Posts, as circulations need them: the officer's held while a deed runs; none lapses while a draft waits."""

from endorsements.enums import ENDED, State
from endorsements.models import Eligible
from endorsements.rules import NotAllowed
from members import rules as people_rules
from members.models import User
from members.services import review_posts
from members.services.holding import require_staff

NOT_ENDED = [state.value for state in State if state not in ENDED and state != State.DRAFT]


def hold_post(actor: User) -> None:
    """Step, inside a transaction, after the lock of the deed: the actor is an officer or manager at this instant, and
    stays so to the end of the transaction. Raises NotAllowed."""
    try:
        require_staff(actor)
    except people_rules.NotAllowed as refusal:
        raise NotAllowed(refusal.message) from refusal


def has_open_circulation(participant_id: int) -> bool:
    """Is the participant in the snapshot of a circulation that has not ended?"""
    return Eligible.objects.filter(participant_id=participant_id, circulation__state__in=NOT_ENDED).exists()


def confirm_or_lapse_posts() -> None:
    """Ask for confirmations that are due, and let lapse what nobody confirmed (members.services.terms)."""
    review_posts(is_busy=has_open_circulation)
