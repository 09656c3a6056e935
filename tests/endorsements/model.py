"""A circulation as a handful of plain values: what the services must agree with, whatever the order of deeds."""

from dataclasses import dataclass, field

from endorsements.enums import ENDED, PositionKind, State, Timing
from tests.endorsements.sayings import Saying, Sayings

OBJECTION, PROPOSALS = PositionKind.OBJECTION, PositionKind.ENDORSE_WITH_PROPOSALS


@dataclass
class Model:
    """Members by code; `speakers` maps each person to the member it speaks for."""

    members: tuple[str, ...]
    speakers: dict[str, str]
    stops_at_once: bool
    state: State = State.OPEN
    is_over: bool = False
    is_delivered: bool = False
    said: Sayings = field(default_factory=Sayings)
    unreached: dict[str, bool] = field(default_factory=dict)
    waits_for: set[str] = field(default_factory=set)
    rounds: int = 1
    receipts: int = 0
    entries: int = 2

    @property
    def runs(self) -> bool:
        return self.state == State.OPEN and not self.is_over

    def reply(self, person: str, member: str, kind: PositionKind) -> bool:
        """Whether the reply is kept."""
        if self.state == State.WITHDRAWN or self.speakers.get(person) != member:
            return False
        in_time = self.state not in ENDED and not self.is_over
        self.receipts += 1
        self._add(Saying(member, kind, Timing.IN_TIME if in_time else Timing.LATE))
        return True

    def _add(self, one: Saying) -> None:
        self.said.add(one)
        self.entries += 1
        if one.timing is Timing.IN_TIME and self.stops_at_once and OBJECTION in self.said.kinds():
            self.end(State.BROKEN)

    def deliver(self) -> None:
        self.is_delivered |= not self.is_over

    def extend(self) -> bool:
        if self.runs:
            self.rounds += 1
            self.entries += 2
        return self.runs

    def withdraw(self) -> bool:
        if is_done := self.runs:
            self.end(State.WITHDRAWN)
        return is_done

    def judge(self) -> bool:
        """Judge those silent of whom nothing is known yet; whether somebody silent was not reached."""
        silent = set(self.members) - set(self.said.standing())
        for one in silent:
            self.unreached.setdefault(one, not (self.is_delivered and one in self.speakers.values()))
        return any(self.unreached.get(one) for one in silent)

    def close(self) -> bool:
        """Whether it was closed; before the deadline a refusal, later twice nothing."""
        if self.state != State.OPEN or not self.is_over:
            return False
        waits = self.judge() and OBJECTION not in self.said.kinds()
        self.end(State.WAITING if waits else self.ending(), {"unreached"} if waits else set())
        return True

    def ending(self, *, supposed: bool = False) -> State:
        kinds = self.said.kinds(supposed=supposed)
        if OBJECTION in kinds:
            return State.BROKEN
        return State.ENDORSED_WITH_PROPOSALS if PROPOSALS in kinds else State.ENDORSED

    def end(self, state: State, why: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        self.state, self.waits_for = state, set(why)
        self.rounds += 1
        self.entries += 2
