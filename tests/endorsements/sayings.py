"""What the participants of a modelled circulation have said, by whom, when, and what became of it."""

from dataclasses import dataclass, field

from endorsements.enums import PositionKind, Timing


@dataclass
class Saying:
    """One position. `came` orders what was said: letters came at the opening, before all else."""

    member: str
    kind: PositionKind
    timing: Timing
    is_letter: bool = False
    came: int = 0
    is_contested: bool = False
    counts: bool | None = None
    is_noted: bool = False

    @property
    def is_counting(self) -> bool:
        return self.counts if self.counts is not None else self.timing is Timing.IN_TIME and not self.is_contested


@dataclass
class Sayings:
    rows: list[Saying] = field(default_factory=list)

    def add(self, one: Saying) -> None:
        one.came = 0 if one.is_letter else len(self.rows) + 1
        self.rows.append(one)

    def standing(self, *, supposed: bool = False) -> dict[str, Saying]:
        """The latest of each member that counts; `supposed`: as if what is in doubt did."""
        found: dict[str, Saying] = {}
        for row in self.rows:
            may = row.timing is not Timing.LATE and row.counts is not False if supposed else row.is_counting
            if may and (row.member not in found or row.came >= found[row.member].came):
                found[row.member] = row
        return found

    def doubtful(self) -> list[Saying]:
        known = self.standing()
        return [row for member, row in self.standing(supposed=True).items() if known.get(member) is not row]

    def kinds(self, *, supposed: bool = False) -> set[PositionKind]:
        return {row.kind for row in self.standing(supposed=supposed).values()}

    def why(self) -> set[str]:
        return {"contested" if row.is_contested else "recorded_after" for row in self.doubtful()}

    def rule(self, *, counts: bool) -> None:
        for row in self.doubtful():
            row.counts = counts
