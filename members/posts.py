"""Posts in words, as pages, mails and the audit log say them."""

from members.access import forum
from members.enums import ROLE_NAMES, Role
from members.models import Appointment, Body, Invitation, Participant


def post_words(role: str, participant: Participant | None, body: Body | None) -> str:
    """As "Focal point of Sri Lanka", "Co-chair of the Working Group for Australia", "Officer of the Secretariat"."""
    name = ROLE_NAMES[Role(role)]
    if participant is None:
        office = forum()
        return f"{name} of the {office.secretariat_abbreviation or office.secretariat}"
    return f"{name} of the {body} for {participant}" if body else f"{name} of {participant}"


def words_of(post: Appointment | Invitation) -> str:
    return post_words(post.role, post.participant, post.body)
