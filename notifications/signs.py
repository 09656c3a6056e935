"""Reached and in doubt, as a rule over plain values. Source: the forum's procedure, informed silence."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from notifications.enums import ARRIVED, RETURNED


class Doubt(StrEnum):
    """Why the silence of a participant may be that of an empty desk. A doubt warns and decides nothing."""

    VACANT = "vacant"
    RETURNED = "returned"
    NOT_OPENED = "not_opened"


class Contact(StrEnum):
    """Can a participant be reached now, whatever it is about?"""

    NO_ADDRESS = "no_address"
    VACANT = "vacant"
    RETURNED = "returned"
    REACHED = "reached"
    UNTRIED = "untried"


@dataclass(frozen=True)
class Signs:
    """What is known of the telling of one participant about one thing."""

    has_speaker: bool = True
    arrived_at: dt.datetime | None = None
    """When a mail server last took a message that did not come back."""
    is_returned: bool = False
    """The newest message to one of its addresses came back."""
    opened_at: dt.datetime | None = None
    """When a signed-in person of it last opened the page."""
    told_at: dt.datetime | None = None
    """When it was last told by another way than e-mail, as recorded in time."""
    opening_is_due: bool = True
    """So much of the time has passed that somebody should have opened the page."""

    @property
    def last_at(self) -> dt.datetime | None:
        """The last sign of life."""
        return max((one for one in (self.arrived_at, self.opened_at, self.told_at) if one), default=None)


def opening_is_due(opened_at: dt.datetime | None, expires_at: dt.datetime, now: dt.datetime) -> bool:
    """Has the last third of the time to answer begun? Before that, who has not opened the page is merely not there yet:
    a doubt about nearly everybody warns of nobody. With ten working days it leaves about four days to telephone."""
    return opened_at is None or now >= expires_at - (expires_at - opened_at) / 3


def is_reached(signs: Signs) -> bool:
    """A message arrived, or the page was opened, and somebody is there who may reply; or it was told otherwise."""
    if signs.told_at:
        return True
    return signs.has_speaker and bool(signs.arrived_at or signs.opened_at)


def doubts(signs: Signs) -> tuple[Doubt, ...]:
    """Why silence may not mean that the participant knows. Who was told otherwise knows; a vacant post stays one. That
    nobody opened the page counts once it should have been opened, and as long as no message arrived."""
    if signs.told_at:
        return () if signs.has_speaker else (Doubt.VACANT,)
    found = [
        (Doubt.VACANT, not signs.has_speaker),
        (Doubt.RETURNED, signs.is_returned),
        (Doubt.NOT_OPENED, not signs.opened_at and (signs.opening_is_due or not signs.arrived_at)),
    ]
    return tuple(doubt for doubt, holds in found if holds)


def contact(states: Collection[str | None], *, has_speaker: bool) -> Contact:
    """As reached is judged, of no thing in particular: one address that took its newest message is enough where
    somebody may reply. `states`: of each address the state of the newest message sent there, None where none was."""
    if not states:
        return Contact.NO_ADDRESS
    if not has_speaker:
        return Contact.VACANT
    if any(state in ARRIVED for state in states):
        return Contact.REACHED
    return Contact.RETURNED if any(state in RETURNED for state in states) else Contact.UNTRIED
