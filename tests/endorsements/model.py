"""A circulation as a handful of plain values: what the services must agree with, whatever the order of deeds."""

from dataclasses import dataclass, field

from endorsements.enums import PositionKind, State

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
    standing: dict[str, PositionKind] = field(default_factory=dict)
    rounds: int = 1
    positions: int = 0
    entries: int = 2

    @property
    def runs(self) -> bool:
        return self.state == State.OPEN and not self.is_over

    def reply(self, person: str, member: str, kind: PositionKind) -> bool:
        """Whether the reply is taken."""
        if not self.runs or self.speakers.get(person) != member:
            return False
        self.standing[member] = kind
        self.positions += 1
        self.entries += 1
        if self.stops_at_once and kind is OBJECTION:
            self._end(State.BROKEN)
        return True

    def deliver(self) -> None:
        self.is_delivered |= not self.is_over

    def extend(self) -> bool:
        if self.runs:
            self.rounds += 1
            self.entries += 2
        return self.runs

    def withdraw(self) -> bool:
        if is_done := self.runs:
            self._end(State.WITHDRAWN)
        return is_done

    def close(self) -> bool:
        """Whether it was closed; before the deadline a refusal, later twice nothing."""
        if self.state != State.OPEN or not self.is_over:
            return False
        silent = [one for one in self.members if one not in self.standing]
        reached = [one for one in silent if self.is_delivered and one in self.speakers.values()]
        waits = reached != silent and OBJECTION not in self.standing.values()
        self._end(State.WAITING if waits else self.ending())
        return True

    def confirm(self) -> bool:
        if self.state != State.WAITING:
            return False
        self.entries += 1
        self._end(self.ending())
        return True

    def ending(self) -> State:
        kinds = set(self.standing.values())
        if OBJECTION in kinds:
            return State.BROKEN
        return State.ENDORSED_WITH_PROPOSALS if PROPOSALS in kinds else State.ENDORSED

    def _end(self, state: State) -> None:
        self.state = state
        self.rounds += 1
        self.entries += 2
