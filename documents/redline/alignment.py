"""Which paragraph of the old text became which of the new one.

Equal texts are paired first, in order where possible; then those that share most words, found by the pairs of words
that stand side by side in both (an index, so that not every paragraph is held against every other). A paragraph that
became several, or several that became one, grow from such a pair. What stays in its place is the heaviest chain of
pairs that runs forwards in both texts; the other pairs moved. All else was deleted or inserted.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from documents.redline.tokens import words

ALIKE = 0.5
"""Share of words (Dice) from which a paragraph in its place counts as changed, not as another one."""
MOVED_ALIKE = 0.7
"""The same for a paragraph at another place: a higher bar, since forms of words return in every part of a text."""
PART = 0.7
"""Share of a paragraph's words that another must hold for it to be a part of it."""
LEAST_WORDS_OF_PART = 3
LEAST_SHARED = 0.1
"""Share of the shorter paragraph's pairs of words that both must hold before all their words are compared."""
COMMON = 60
"""A pair of words that stands in more paragraphs than this tells nothing about any of them."""


class Source(NamedTuple):
    """What is compared of a paragraph."""

    kind: str
    text: str


@dataclass
class Group:
    """Paragraphs of the old and of the new text that belong together, as indexes from 0; one side has one of them."""

    old: list[int]
    new: list[int]
    is_moved: bool = False


class _Side:
    """One text with what the comparison asks about it."""

    def __init__(self, passages: Sequence[Source]) -> None:
        self.passages = passages
        self.words = [Counter(words(one.text)) for one in passages]
        self.sizes = [sum(one.values()) for one in self.words]
        self.shingles = [self._shingles(one.text) for one in passages]

    @staticmethod
    def _shingles(text: str) -> set[tuple[str, str]]:
        return set(pairwise(["", *words(text), ""]))


def align(old: Sequence[Source], new: Sequence[Source]) -> list[Group]:
    """The groups, in the order of the old text; paragraphs in no group were deleted or inserted."""
    a, b = _Side(old), _Side(new)
    exact = _equal(old, new)
    pairs = exact | _alike(a, b, exact)
    groups = _grown(a, b, pairs, exact)
    stay = _chain(groups, a)
    result = []
    for at, group in enumerate(groups):
        group.is_moved = at not in stay
        least = MOVED_ALIKE if group.is_moved else ALIKE
        if exact.get(group.old[0]) == group.new[0] or _dice(a, b, group) >= least:
            result.append(group)
    return result


def _equal(old: Sequence[Source], new: Sequence[Source]) -> dict[int, int]:
    """Pairs of equal paragraphs: first stretches in order, then what is left over, the first with the first."""
    pairs = {
        block.a + at: block.b + at
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        for at in range(block.size)
    }
    taken = set(pairs.values())
    free: dict[Source, list[int]] = defaultdict(list)
    for at, one in enumerate(new):
        if at not in taken:
            free[one].append(at)
    for at, one in enumerate(old):
        if at not in pairs and free[one]:
            pairs[at] = free[one].pop(0)
    return pairs


def _alike(a: _Side, b: _Side, exact: dict[int, int]) -> dict[int, int]:
    """Pairs of paragraphs that share enough words, the most alike first, then the nearest."""
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    taken = set(exact.values())
    for at, shingles in enumerate(b.shingles):
        if at not in taken:
            for one in shingles:
                where[one].append(at)
    scored = []
    for i, shingles in enumerate(a.shingles):
        if i in exact:
            continue
        shared = Counter(j for one in shingles if len(where.get(one, ())) <= COMMON for j in where.get(one, ()))
        for j, count in shared.items():
            if count < LEAST_SHARED * min(len(shingles), len(b.shingles[j])):
                continue
            if (score := _score(a, b, i, j, count)) >= ALIKE:
                away = abs(i / len(a.passages) - j / len(b.passages))
                scored.append((-score, away, i, j))
    pairs: dict[int, int] = {}
    for _, _, i, j in sorted(scored):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _score(a: _Side, b: _Side, i: int, j: int, shared: int) -> float:
    """How alike two paragraphs are, 0 to 1; a paragraph that is a part of the other counts as three quarters of it.

    A heading and a paragraph are a little less alike.
    """
    common = sum((a.words[i] & b.words[j]).values())
    dice = 2 * common / max(a.sizes[i] + b.sizes[j], 1)
    smaller = min(len(a.shingles[i]), len(b.shingles[j]))
    part = 0.75 * shared / smaller if smaller > LEAST_WORDS_OF_PART else 0.0
    return max(dice, part) - (0.1 if a.passages[i].kind != b.passages[j].kind else 0)


def _dice(a: _Side, b: _Side, group: Group) -> float:
    old: Counter[str] = sum((a.words[i] for i in group.old), Counter())
    new: Counter[str] = sum((b.words[j] for j in group.new), Counter())
    if not old and not new:
        return 0.0
    return 2 * sum((old & new).values()) / (sum(old.values()) + sum(new.values()))


def _grown(a: _Side, b: _Side, pairs: dict[int, int], exact: dict[int, int]) -> list[Group]:
    """Each pair as a group, with the neighbours on one side that hold the rest of the other side's words."""
    free_old = set(range(len(a.passages))) - set(pairs)
    free_new = set(range(len(b.passages))) - set(pairs.values())
    groups = []
    for i, j in sorted(pairs.items()):
        old, new = [i], [j]
        if exact.get(i) != j:
            new = _with_neighbours(a, i, b, j, free_new)
            if len(new) == 1:
                old = _with_neighbours(b, j, a, i, free_old)
        groups.append(Group(old, new))
    return groups


def _with_neighbours(whole: _Side, at: int, parts: _Side, first: int, free: set[int]) -> list[int]:
    """The paragraph `first` and the free ones next to it that the rest of the whole's words belong to."""
    rest = whole.words[at] - parts.words[first]
    found = [first]
    for step in (1, -1):
        k = first + step
        while k in free and parts.passages[k].kind == whole.passages[at].kind:
            size = parts.sizes[k]
            held = sum((rest & parts.words[k]).values())
            if size < LEAST_WORDS_OF_PART or held < PART * size:
                break
            rest = rest - parts.words[k]
            free.discard(k)
            found.append(k)
            k += step
    return sorted(found)


def _chain(groups: list[Group], a: _Side) -> set[int]:
    """Which groups stay: the heaviest run (by words) that goes forwards in the new text too. O(n log n).

    Groups come in the order of the old text. `ends` and `weights` rise together: the lightest end of each weight.
    """
    ends: list[int] = []
    weights: list[int] = []
    who: list[int] = []
    before: list[int | None] = []
    for at, group in enumerate(groups):
        place = bisect_right(ends, group.new[0])
        weight = (weights[place - 1] if place else 0) + 1 + sum(a.sizes[i] for i in group.old)
        before.append(who[place - 1] if place else None)
        last = place
        while last < len(ends) and weights[last] <= weight:
            last += 1
        ends[place:last], weights[place:last], who[place:last] = [group.new[0]], [weight], [at]
    stay, step = set(), who[-1] if who else None
    while step is not None:
        stay.add(step)
        step = before[step]
    return stay
