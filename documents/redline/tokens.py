"""Words inside a paragraph: which were kept, inserted, deleted.

A token is a whole word (with its hyphens, apostrophes, slashes: "co-chair", "XY/2019/2"), a whole number ("1,250.50",
"10 000", "15%"), one sign of punctuation, or one space. In scripts without spaces between words a Chinese or Japanese
character is a token; a run of Thai, Lao, Khmer or Burmese letters with their marks is one. The longest stretches that
both texts share are found by `difflib` of the standard library, for which a space is never a reason to match.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

BREAK = "\n"
"""Stands between two paragraphs where one was split or two were merged; no text of a paragraph holds it."""
MOST_PAIRS = 16_000_000
"""Tokens of the one text times tokens of the other, after what is equal at both ends: past this a paragraph is shown as
deleted and inserted as a whole, so that no page waits for a text that is one huge paragraph."""
LEAST_KEPT = 0.25
"""Share of the words of the longer text. With fewer kept, the words in between only confuse: all is replaced."""


class RunKind(StrEnum):
    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"


class Run(NamedTuple):
    kind: RunKind
    text: str


def _marks() -> str:
    """Combining marks of the Basic Multilingual Plane as ranges of a character class; Python's \\w leaves them out."""
    found = [c for c in range(0x300, 0x10000) if unicodedata.category(chr(c)).startswith("M")]
    starts = [c for at, c in enumerate(found) if not at or found[at - 1] != c - 1]
    ends = [c for at, c in enumerate(found) if at == len(found) - 1 or found[at + 1] != c + 1]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


_LETTER = rf"[\w{_marks()}\u200c\u200d]"
_TOKEN = re.compile(
    rf"""
      [\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff][{_marks()}]*
    | \d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?!{_LETTER})[%‰]?
    | {_LETTER}+(?:(?:[-‐‑'’/&@]|(?<=\d)[.,:](?=\d)){_LETTER}+)*(?:(?<=\d)[%‰°])?
    | (?s:.)
    """,
    re.VERBOSE,
)


def tokens(text: str) -> list[str]:
    """The text cut into tokens; put together they are the text again."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=20_000)
def _is_word(token: str) -> bool:
    return any(c.isalnum() for c in token)


def words(text: str) -> list[str]:
    """The words of a text, small and great letters alike, for a comparison."""
    return [token.casefold() for token in tokens(text) if _is_word(token)]


def runs(old: str, new: str) -> tuple[Run, ...]:
    """What becomes of the old text word by word; kept and deleted give the old text, kept and inserted the new one."""
    if old == new:
        return (Run(RunKind.KEPT, old),) if old else ()
    before, after = tokens(old), tokens(new)
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    a, b = before[head : len(before) - tail], after[head : len(after) - tail]
    start: list[_Piece] = [_Piece(before[:head], before[:head])] if head else []
    end = [_Piece(before[len(before) - tail :], before[len(before) - tail :])] if tail else []
    pieces = _without_confetti(start + _pieces(a, b) + end)
    kept = sum(map(_is_word, (token for piece in pieces if piece.is_kept for token in piece.old)))
    longer = max(sum(map(_is_word, before)), sum(map(_is_word, after)))
    if kept < LEAST_KEPT * longer:
        pieces = [_Piece(before, after)]
    return tuple(run for piece in pieces for run in piece.runs())


class _Piece(NamedTuple):
    """A stretch that is kept (the same tokens twice) or replaced."""

    old: list[str]
    new: list[str]

    @property
    def is_kept(self) -> bool:
        return self.old == self.new

    def runs(self) -> Iterable[Run]:
        if self.is_kept:
            yield Run(RunKind.KEPT, "".join(self.old))
            return
        if self.old:
            yield Run(RunKind.DELETED, "".join(self.old))
        if self.new:
            yield Run(RunKind.INSERTED, "".join(self.new))


def _shared(a: Sequence[str], b: Sequence[str]) -> int:
    """How many tokens both begin with."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count


def _pieces(a: list[str], b: list[str]) -> list[_Piece]:
    if not a or not b or len(a) * len(b) > MOST_PAIRS:
        return [_Piece(a, b)] if a or b else []
    found = SequenceMatcher(str.isspace, a, b, autojunk=False).get_opcodes()
    return [_Piece(a[i:j], b[k:m]) for _, i, j, k, m in found]


def _without_confetti(pieces: list[_Piece]) -> list[_Piece]:
    """The same text with small kept islands between two replacements drowned in them, until none is left."""
    done: list[_Piece] = []
    for piece in pieces:
        done.append(piece)
        while len(done) >= 3 and not done[-1].is_kept and _is_island(*done[-3:]):
            left, island, right = done[-3:]
            done[-3:] = [_Piece(left.old + island.old + right.old, left.new + island.new + right.new)]
    return done


def _is_island(left: _Piece, kept: _Piece, right: _Piece) -> bool:
    """No word, or at most two words that are shorter than what changes on either side.

    Between insertions alone, or deletions alone, what was kept is clear as it stands.
    """
    if not kept.is_kept or left.is_kept:
        return False
    count = sum(map(_is_word, kept.old))
    is_one_sided = (not left.old and not right.old) or (not left.new and not right.new)
    if is_one_sided:
        return False
    return count == 0 or (count <= 2 and _size(kept) <= min(_size(left), _size(right)))


def _size(piece: _Piece) -> int:
    return max(len("".join(piece.old)), len("".join(piece.new)))
