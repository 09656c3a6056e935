"""The redline of two texts as a list of changes, and what is read out of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from documents.redline.alignment import Group, Source, align
from documents.redline.tokens import BREAK, Run, RunKind, runs


class How(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    INSERTED = "inserted"
    DELETED = "deleted"


class Passage(NamedTuple):
    """A heading or paragraph of one text. `position` counts both from 1; `number` paragraphs alone; `label` is the
    number that stands in the file."""

    position: int
    kind: str
    number: int | None
    label: str
    text: str


@dataclass(frozen=True)
class Change:
    """What became of one paragraph, or of several that were merged; equal ones are among the changes too.

    `runs` are the words: with a line feed between two paragraphs where one was split or several merged. A label that
    alone differs is no change of the text: inserting a paragraph renumbers all that follow.
    """

    how: How
    old: tuple[Passage, ...]
    new: tuple[Passage, ...]
    runs: tuple[Run, ...]
    is_moved: bool = False

    @property
    def has_new_words(self) -> bool:
        return any(run.kind != RunKind.KEPT for run in self.runs)

    @property
    def has_new_kind(self) -> bool:
        """A heading became a paragraph, or the other way."""
        return bool(self.old and self.new) and self.old[0].kind != self.new[0].kind

    @property
    def has_new_label(self) -> bool:
        return bool(self.old and self.new) and self.old[0].label != self.new[0].label


@dataclass(frozen=True)
class Departure:
    """The old place of a paragraph that moved."""

    change: Change


def redline(old: Sequence[Passage], new: Sequence[Passage]) -> list[Change]:
    """All changes in the reading order of the new text; what was deleted stands after what it followed.

    Each paragraph of both texts is in exactly one change. Positions are 1…n on both sides.
    """
    groups = align([Source(one.kind, one.text) for one in old], [Source(one.kind, one.text) for one in new])
    changes = [_change(group, old, new) for group in groups]
    gone = {i for group in groups for i in group.old}
    come = {j for group in groups for j in group.new}
    changes += [
        Change(How.INSERTED, (), (one,), _all(RunKind.INSERTED, one.text))
        for at, one in enumerate(new)
        if at not in come
    ]
    lost = [
        Change(How.DELETED, (one,), (), _all(RunKind.DELETED, one.text)) for at, one in enumerate(old) if at not in gone
    ]
    return [item for item in _in_order([*changes, *lost]) if isinstance(item, Change)]


def _all(kind: RunKind, text: str) -> tuple[Run, ...]:
    return (Run(kind, text),) if text else ()


def _change(group: Group, old: Sequence[Passage], new: Sequence[Passage]) -> Change:
    before, after = tuple(old[i] for i in group.old), tuple(new[j] for j in group.new)
    found = runs(BREAK.join(one.text for one in before), BREAK.join(one.text for one in after))
    if len(after) > 1:
        how = How.SPLIT
    elif len(before) > 1:
        how = How.MERGED
    elif group.is_moved:
        how = How.MOVED
    elif before[0].text != after[0].text or before[0].kind != after[0].kind:
        how = How.CHANGED
    else:
        how = How.SAME
    return Change(how, before, after, found, group.is_moved)


def laid_out(changes: Iterable[Change]) -> list[Change | Departure]:
    """The changes in reading order, with the old place of each paragraph that moved.

    Without the departures and what was deleted this is the new text; without what was inserted and moved here, and with
    each departure as the paragraph that left, it is the old one.
    """
    return _in_order(list(changes))


def _in_order(changes: list[Change]) -> list[Change | Departure]:
    """What left or was deleted stands after the nearest paragraph before it in the old text that stayed."""
    anchors = {old.position: one.new[-1].position for one in changes if one.new and not one.is_moved for old in one.old}
    last, after = 0, {}
    for position in sorted(old.position for one in changes for old in one.old):
        last = anchors.get(position, last)
        after[position] = last
    placed: list[tuple[tuple[int, int], Change | Departure]] = []
    for one in changes:
        if one.new:
            placed.append(((one.new[0].position, 0), one))
        if one.old and (one.is_moved or not one.new):
            first = one.old[0].position
            placed.append(((after[first], first), Departure(one) if one.new else one))
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def follow(changes: Iterable[Change]) -> dict[int, tuple[int, ...]]:
    """Where each position of the old text is in the new one; empty for a paragraph that was deleted."""
    return {old.position: tuple(new.position for new in one.new) for one in changes for old in one.old}


def accepted(changes: Iterable[Change]) -> list[str]:
    """The texts of the new paragraphs, built from kept and inserted words alone."""
    return _texts(((one.new, one.runs) for one in changes), RunKind.DELETED)


def rejected(changes: Iterable[Change]) -> list[str]:
    """The texts of the old paragraphs, built from kept and deleted words alone."""
    return _texts(((one.old, one.runs) for one in changes), RunKind.INSERTED)


def _texts(sides: Iterable[tuple[tuple[Passage, ...], tuple[Run, ...]]], without: RunKind) -> list[str]:
    placed: list[tuple[int, str]] = []
    for side, words in sides:
        if side:
            pieces = "".join(run.text for run in words if run.kind != without).split(BREAK)
            placed += zip((one.position for one in side), pieces, strict=True)
    return [text for _, text in sorted(placed)]


def counts(changes: Iterable[Change]) -> dict[How, int]:
    """How many paragraphs and headings of each kind of change, the equal ones too."""
    result = dict.fromkeys(How, 0)
    for one in changes:
        result[one.how] += 1
    return result


def by_paragraph(change: Change) -> list[tuple[Passage, tuple[Run, ...]]]:
    """The words of a change for each paragraph of the new text; of what was deleted, for each of the old one.

    The line feeds between paragraphs that were split are gone; those of a merger stay in the deleted words.
    """
    if len(change.new) < 2:
        return [((change.new or change.old)[0], change.runs)]
    rows: list[list[Run]] = [[]]
    for run in change.runs:
        pieces = run.text.split(BREAK) if run.kind == RunKind.INSERTED else [run.text]
        for at, piece in enumerate(pieces):
            if at:
                rows.append([])
            if piece:
                rows[-1].append(Run(run.kind, piece))
    return [(one, tuple(row)) for one, row in zip(change.new, rows, strict=True)]
