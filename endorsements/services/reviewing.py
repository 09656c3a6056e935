"""Back to the co-chair: what waits, and why. Steps, inside a verb's transaction."""

import datetime as dt

from endorsements import lateness, positions
from endorsements.enums import ENDED, Mode, State, WaitReason
from endorsements.models import Circulation
from endorsements.services.closing import judge_reached
from endorsements.services.steps import ask_co_chairs, settle

WAITING_MODES = frozenset({Mode.SILENCE, Mode.EXPLICIT})
"""Nothing is decided by comments alone, so nothing waits."""


def has_successor(circulation: Circulation) -> bool:
    """Is the document before members again, in a circulation prepared later? Then this one does not wait any more."""
    later = Circulation.objects.filter(version__document=circulation.version.document, pk__gt=circulation.pk)
    return later.exists()


def can_wait(circulation: Circulation) -> bool:
    return circulation.mode in WAITING_MODES and not has_successor(circulation)


def is_touched(circulation: Circulation) -> bool:
    """After a position was contested: does a circulation wait already, or had it another ending without it?"""
    state = State(circulation.state)
    if state == State.WAITING:
        return WaitReason.CONTESTED in why_it_waits(circulation)
    is_decided = state in ENDED - {State.WITHDRAWN} and can_wait(circulation)
    return is_decided and positions.ending(circulation) != state


def wait(circulation: Circulation, *, at: dt.datetime) -> None:
    """Make it wait for a co-chair, who is asked, and tell everyone why. When it waits for the same already, the
    co-chairs alone are told that there is more.

    A circulation that is over and not yet counted is counted here, so that nobody is told two things in one second. Of
    one that has ended the number stays reserved and the document goes back to circulated (`numbers`).
    """
    if at >= circulation.expires_at:
        judge_reached(circulation)
    found = [one.value for one in why_it_waits(circulation)]
    if circulation.state == State.WAITING and found == circulation.waits_for:
        ask_co_chairs(circulation, f"{circulation.pk}:{at:%Y%m%dT%H%M%S%f}")
        return
    circulation.waits_for = found
    settle(circulation, State.WAITING, at=at)


def why_it_waits(circulation: Circulation) -> list[WaitReason]:
    """By what is so now. Three queries."""
    unreached = len(positions.silent_and_unreached(circulation)) if circulation.unreached_hold else 0
    found = positions.doubtful(circulation)
    contested = [one for one in found if hasattr(one, "contest")]
    return lateness.reasons(
        unreached=unreached,
        recorded_after=len(found) > len(contested),
        contested=bool(contested),
    )
