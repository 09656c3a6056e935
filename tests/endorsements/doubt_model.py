"""The model with letters, contests and the exits of waiting."""

from endorsements.enums import ENDED, PositionKind, State, Timing
from tests.endorsements.model import Model
from tests.endorsements.sayings import Saying


class DoubtModel(Model):
    """A letter of the model was received at the opening. Who has no speaker left is told only at a mailbox."""

    with_mailbox = "AA"

    def letter(self, member: str, kind: PositionKind) -> bool:
        if self.state == State.WITHDRAWN or member not in self.members:
            return False
        in_time = self.state not in ENDED and not self.is_over
        timing = Timing.IN_TIME if in_time else Timing.RECORDED_AFTER
        self.receipts += member == self.with_mailbox or member in self.speakers.values()
        self._add(Saying(member, kind, timing, is_letter=True))
        if timing is Timing.RECORDED_AFTER and any(row is self.said.rows[-1] for row in self.said.doubtful()):
            self._wait()
        return True

    def contest(self, person: str, at: int) -> bool:
        """Of the row at this place."""
        row = self.said.rows[at]
        known = row.is_contested or row.counts is not None
        if self.state == State.WITHDRAWN or self.speakers.get(person) != row.member or not row.is_letter or known:
            return False
        row.is_contested = True
        self.entries += 1
        touched = "contested" in self.said.why() if self.state == State.WAITING else self.ending() != self.state
        if touched and self.state != State.OPEN:
            self._wait()
        return True

    def _wait(self) -> None:
        unreached = self.judge() if self.is_over else self._not_reached()
        why = self.said.why() | ({"unreached"} if unreached else set())
        if self.state != State.WAITING or why != self.waits_for:
            self.end(State.WAITING, why)

    def _not_reached(self) -> bool:
        return any(self.unreached.get(one) for one in set(self.members) - set(self.said.standing()))

    def note(self, at: int) -> bool:
        row = self.said.rows[at]
        if row.timing is not Timing.LATE or row.is_noted:
            return False
        row.is_noted = True
        self.entries += 1
        return True

    def confirm(self) -> bool:
        if self.state != State.WAITING or not self.is_over:
            return False
        return self._decide(counts=False)

    def set_aside(self) -> bool:
        broken = self.ending(supposed=True) == State.BROKEN
        if self.state != State.WAITING or not self.said.doubtful() or not (broken or self.is_over):
            return False
        return self._decide(counts=True)

    def _decide(self, *, counts: bool) -> bool:
        if self.is_over:
            self.judge()
        ending = self.ending(supposed=counts)
        self.said.rule(counts=counts)
        self.entries += 1
        self.end(ending)
        return True
