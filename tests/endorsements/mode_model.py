"""A circulation of any mode as a handful of plain values: its rule written a second time, in other words."""

from dataclasses import dataclass, field

from endorsements.enums import Mode, PositionKind, State

MEMBERS = ("AA", "BB", "CC")


@dataclass
class ModeModel:
    """`terms` as a procedure keeps them."""

    terms: dict[str, object]
    said: dict[str, PositionKind] = field(default_factory=dict)
    is_delivered: bool = False
    state: State = State.OPEN
    ended_early: bool = False

    def reply(self, member: str, kind: PositionKind) -> bool:
        """Whether the reply is taken."""
        is_comment = kind in {PositionKind.COMMENT, PositionKind.NO_COMMENTS}
        fits = kind == PositionKind.MORE_TIME or is_comment is (self.terms["mode"] == Mode.COMMENT)
        if self.state != State.OPEN or not fits:
            return False
        self.said[member] = kind
        all_said = self._answered() == len(MEMBERS)
        if (self.terms["stops_at_once"] and self._is_stopped()) or (self.terms["closes_early"] and all_said):
            self.state, self.ended_early = self.ending(), True
        return True

    def close(self) -> None:
        silent_lost = len(self.said) < len(MEMBERS) and not self.is_delivered
        may_wait = self.terms["mode"] != Mode.COMMENT and not self._is_stopped()
        waits = may_wait and silent_lost and self.terms["unreached_hold"]
        self.state = State.WAITING if waits else self.ending()

    def ending(self) -> State:
        says = list(self.said.values())
        if self.terms["mode"] == Mode.COMMENT:
            return State.COMMENTS_CLOSED
        if self.terms["mode"] == Mode.SILENCE:
            if self._is_stopped():
                return State.BROKEN
            return self._with_proposals()
        if self._is_stopped():
            return State.NOT_ENDORSED
        yes = says.count(PositionKind.ENDORSE) + says.count(PositionKind.ENDORSE_WITH_PROPOSALS)
        if yes == len(MEMBERS):
            return self._with_proposals()
        enough = self._answered() >= (self.terms["quorum"] or len(MEMBERS))  # type: ignore[operator]
        return State.ENDORSED_BY_ANSWERS if enough and yes else State.LAPSED

    def _answered(self) -> int:
        return len([one for one in self.said.values() if one != PositionKind.MORE_TIME])

    def _is_stopped(self) -> bool:
        says = list(self.said.values())
        if self.terms["mode"] == Mode.COMMENT:
            return False
        amended = self.terms["proposals_stop"] and PositionKind.ENDORSE_WITH_PROPOSALS in says
        return bool(amended) or says.count(PositionKind.OBJECTION) >= self.terms["objections_that_stop"]  # type: ignore[operator]

    def _with_proposals(self) -> State:
        proposed = PositionKind.ENDORSE_WITH_PROPOSALS in self.said.values()
        return State.ENDORSED_WITH_PROPOSALS if proposed else State.ENDORSED
