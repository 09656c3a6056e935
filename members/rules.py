"""Rules of the directory: which step of an admission comes next, which days a change may bear, who holds a post."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from members.enums import OF_PARTICIPANT, ROLE_NAMES, SPEAKS, STAFF, Role

Period = tuple[dt.date | None, dt.date | None]
"""First and last day; a day that is not known counts as always."""


class NotAllowed(Exception):
    """The deed does not fit what the directory holds; the message says why, `field` which input it concerns."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class HeldAlready(NotAllowed):
    """The person holds the post that is offered."""


class LinkDead(Exception):
    """The link of an invitation is unknown, used, revoked or expired. Which of these, nobody is told."""


def overlap(one: Period, other: Period) -> bool:
    """Do two periods share a day?"""
    first, last = (
        max(one[0] or dt.date.min, other[0] or dt.date.min),
        min(one[1] or dt.date.max, other[1] or dt.date.max),
    )
    return first <= last


def next_stage(stages: Sequence[int], taken: Sequence[int]) -> int | None:
    """The position of the stage that an admission takes next: the first after the furthest it took. None: all taken.

    `stages` are the positions of all stages, `taken` those with a step; a stage that was skipped is not made up for.
    """
    furthest = max(taken, default=None)
    return min((one for one in stages if furthest is None or one > furthest), default=None)


def check_step_day(on: dt.date, *, earlier: Sequence[dt.date], today: dt.date) -> None:
    """A step is dated neither before one taken earlier nor in the future."""
    if on > today:
        raise NotAllowed("This day is still to come. Record the step once it was taken.", "on")
    latest = max(earlier, default=None)
    if latest and on < latest:
        raise NotAllowed(f"An earlier step was taken on {latest:%-d %B %Y}; this one cannot lie before it.", "on")


def ended_by(current: Period, on: dt.date) -> dt.date:
    """The last day of what a new standing replaces: the day before. NotAllowed when it would end before it began."""
    last = on - dt.timedelta(days=1)
    if current[0] and current[0] > last:
        raise NotAllowed(f"The present standing began on {current[0]:%-d %B %Y}; the new one must begin later.", "on")
    return last


def check_last_day(last: dt.date, *, former: Sequence[dt.date], today: dt.date) -> None:
    """The last day of a name: after the last day of every name before it, and not in the future."""
    if last > today:
        raise NotAllowed("This day is still to come. Record the new name once it is in use.", "last_day")
    latest = max(former, default=None)
    if latest and last <= latest:
        raise NotAllowed(
            f"The name before this one was in use until {latest:%-d %B %Y}; choose a later day.", "last_day"
        )


Term = tuple[dt.datetime, dt.datetime | None]
"""From this instant, to before that one; None: without an end."""
ONE_IN_OFFICE = SPEAKS | {Role.CO_CHAIR}
"""One person at a time: per participant, a co-chair per participant and body."""
NEEDS_LETTER = ONE_IN_OFFICE
"""A government names these by letter; the others are named by those."""
NAMED_BY_FOCAL_POINT = frozenset({Role.ALTERNATE, Role.REVIEWER})
WARNED_BEFORE = dt.timedelta(days=30)
ROUNDS, ROUND = 3, dt.timedelta(days=14)
"""So often a yearly confirmation is asked for, and so long is waited for an answer each time."""


@dataclass(frozen=True)
class Held:
    """A post that somebody holds, held or will hold."""

    pk: int
    user_id: int
    role: Role
    body_id: int | None
    term: Term
    name: str = ""


def roles_to_name(
    *, officer: bool = False, manager: bool = False, admin: bool = False, focal_point: bool = False
) -> frozenset[Role]:
    """Which posts a person may offer. A manager any; an officer none of the secretariat; an administrator those of the
    secretariat alone; a focal point those of its own team, for its own participant."""
    roles: frozenset[Role] = frozenset()
    if manager or admin:
        roles |= STAFF
    if manager or officer:
        roles |= OF_PARTICIPANT | {Role.CO_CHAIR}
    if focal_point:
        roles |= NAMED_BY_FOCAL_POINT
    return roles


def terms_meet(one: Term, other: Term) -> bool:
    """Do two terms share an instant? A term that ends when the other begins does not meet it."""
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])


def check_for_whom(role: Role, *, participant: bool, body: bool) -> None:
    """A post of the secretariat is for no participant, each other post is for one; only a co-chair has a body."""
    if role in STAFF and participant:
        raise NotAllowed(
            f"{ROLE_NAMES[role]} is a post of the secretariat. Leave the participant empty.", "participant"
        )
    if role not in STAFF and not participant:
        raise NotAllowed("Choose the participant for which the person acts.", "participant")
    if body and role != Role.CO_CHAIR:
        raise NotAllowed("Only a co-chair belongs to a body. Leave the body empty.", "body")


def check_letter(role: Role, letter: str, *, by_secretariat: bool) -> None:
    """The letter that makes a focal point, an alternate or a co-chair, where the secretariat enters it."""
    if by_secretariat and role in NEEDS_LETTER and not letter.strip():
        raise NotAllowed("Name the letter that makes this appointment: its sender and its day.", "letter")


def check_term(term: Term, *, now: dt.datetime) -> None:
    """A term ends after it begins, and not in the past."""
    start, end = term
    if end is not None and end <= max(start, now):
        raise NotAllowed("The last day lies before the first, or has passed already.", "until")


def held_twice(user_id: int, role: Role, body_id: int | None, term: Term, held: Collection[Held]) -> Held | None:
    """The post of the same person, in the same role and body, whose term meets this one."""
    return next(
        (one for one in held if (one.user_id, one.role, one.body_id) == (user_id, role, body_id)
         and terms_meet(one.term, term)),
        None,
    )  # fmt: skip


def in_the_way(role: Role, body_id: int | None, term: Term, held: Collection[Held]) -> list[Held]:
    """Where one person at a time holds the post: those whose term meets this one."""
    if role not in ONE_IN_OFFICE:
        return []
    return [one for one in held if (one.role, one.body_id) == (role, body_id) and terms_meet(one.term, term)]


def ends_instead(one: Held, start: dt.datetime) -> dt.datetime:
    """When a post ends whose successor begins at `start`: that instant; where it has not begun, before it begins."""
    return max(start, one.term[0])


class Step(StrEnum):
    """What the yearly confirmation of a post needs now."""

    WAIT = "wait"
    ASK = "ask"
    LAPSE = "lapse"


def confirmation_due(starts_at: dt.datetime, confirmed_at: dt.datetime | None, *, every: dt.timedelta) -> dt.datetime:
    """When a post is to be confirmed next."""
    return max(starts_at, confirmed_at or starts_at) + every


def confirmation_step(due_at: dt.datetime, asked: Sequence[dt.datetime], *, now: dt.datetime) -> Step:
    """Three times asked, a fortnight apart, and a fortnight after the last the post lapses.

    Only what was asked counts, so a scheduler that stood still for months makes no post lapse unasked.
    """
    rounds = sorted(at for at in asked if at >= due_at)
    if now < due_at or (rounds and now < rounds[-1] + ROUND):
        return Step.WAIT
    return Step.ASK if len(rounds) < ROUNDS else Step.LAPSE
