"""Headings and paragraphs of a draft. The file stays the authentic text; this is what the portal shows and counts.

Pure functions over plain values. The portal numbers the paragraphs 1…n; a number that was typed or generated in the
file is kept as the paragraph's label and taken off its text.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from documents.enums import ParagraphKind
from documents.refusal import Refused

MAX_BLOCKS = 5_000
MAX_CHARACTERS = 2_000_000
LABEL_LENGTH = 20
HEADING_LENGTH = 120

# One number as typed: "1." "2)" "(3)" "(a)" "b." "iv)" "A." "•"; "12.3" and "12.3.1." with or without an end.
_LABEL = re.compile(
    r"""(?P<label>
        \(\s?(?:\d{1,3}|[A-Za-z]|[ivxlc]{1,6}|[IVXLC]{1,6})\s?\)
      | (?:\d{1,3}|[A-Za-z]|[ivxlc]{1,6}|[IVXLC]{1,6})[.)]
      | \d{1,3}(?:\.\d{1,3}){1,5}[.)]
      | \d{1,3}(?:\.\d{1,3}){1,5}(?=\s+[^\W\d_a-z])
      | [•·▪◦‣–—*-]
    )\s+(?=\S)""",
    re.VERBOSE,
)
# Direction marks and joins that a page must not carry over from a file: they can make text look other than it is.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_ENDS_CLAUSE = re.compile(r"(?:[.:;!?]|[,;]\s*(?:and|or))[\"”’')\]]*$")
_STOPS = (".", ":", ";", ",", "!", "?", "…")


class Block(NamedTuple):
    """A heading or a paragraph. `number` is None for a heading."""

    kind: str
    label: str
    text: str
    number: int | None = None


@dataclass(frozen=True)
class Draft:
    """What the portal took from a file, and in sentences what it did not."""

    blocks: tuple[Block, ...]
    left_out: tuple[str, ...] = field(default=())

    @property
    def paragraphs(self) -> int:
        return sum(block.kind == ParagraphKind.PARAGRAPH for block in self.blocks)


def clean(text: str) -> str:
    """One line in Unicode NFC with plain single spaces; unseen marks and control characters gone."""
    normal = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in normal).split())


def split_label(text: str) -> tuple[str, str]:
    """("12.3", "The members …") of "12.3 The members …"; an empty label when no number was typed."""
    found = _LABEL.match(text)
    if not found or len(found["label"]) > LABEL_LENGTH:
        return "", text
    return found["label"], text[found.end() :]


def looks_like_heading(text: str, *, is_marked: bool = False) -> bool:
    """A short line without a final stop that stands out: in capitals, or marked by the file (bold)."""
    rest = split_label(text)[1]
    if not rest or len(rest) > HEADING_LENGTH or rest.endswith(_STOPS):
        return False
    letters = [char for char in rest if char.isalpha()]
    in_capitals = len(letters) > 1 and rest == rest.upper() and rest != rest.lower()
    return in_capitals or (is_marked and bool(letters))


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks with the paragraphs numbered 1…n."""
    count, result = 0, []
    for block in blocks:
        if block.kind == ParagraphKind.PARAGRAPH:
            count += 1
            result.append(block._replace(number=count))
        else:
            result.append(block._replace(number=None))
    return tuple(result)


def checked(draft: Draft) -> Draft:
    """The draft, when it holds at least one paragraph and is not endless; raises Refused otherwise."""
    if not draft.blocks:
        raise Refused("The file holds no text that the portal can show. Choose the file that holds the draft.")
    if not draft.paragraphs:
        raise Refused("The file holds headings but no paragraph. Choose the file that holds the draft.")
    if len(draft.blocks) > MAX_BLOCKS:
        raise Refused(f"The draft has more than {MAX_BLOCKS:,} paragraphs. Split it into several documents.")
    if sum(len(block.text) for block in draft.blocks) > MAX_CHARACTERS:
        raise Refused(f"The draft has more than {MAX_CHARACTERS:,} characters. Split it into several documents.")
    return draft


def canonical_text(blocks: Iterable[tuple[int | None, str, str]]) -> bytes:
    """The text of a version as it is hashed.

    UTF-8; one line for each heading and paragraph in order, each ended by LF (U+000A): the portal's number (empty for a
    heading), TAB (U+0009), the label, TAB, the text. Label and text hold neither TAB nor LF: no two texts share a form.
    """
    return "".join(f"{number or ''}\t{label}\t{text}\n" for number, label, text in blocks).encode("utf-8")


def text_sha256(blocks: Iterable[tuple[int | None, str, str]]) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical_text(blocks)).hexdigest()


def from_plain_text(text: str) -> Draft:
    """Headings and paragraphs of a plain text.

    A blank line separates. Lines in between belong to one paragraph, but a line that begins with a number or bullet
    begins a new one when the line before ended a clause. A block of one line followed by another block is a heading
    when it is short, has no final stop, and either is in capitals, or has a number ("A. Purpose", "1. Scope"), or is
    the first of the file (the title).
    """
    pieces = _blocks_of(text)
    blocks = []
    for at, lines in enumerate(pieces):
        is_last = at == len(pieces) - 1
        if len(lines) == 1 and not is_last and _is_plain_heading(lines[0], is_first=at == 0):
            blocks.append(Block(ParagraphKind.HEADING.value, *split_label(lines[0])))
        else:
            blocks += [Block(ParagraphKind.PARAGRAPH.value, *split_label(one)) for one in _joined(lines)]
    return checked(Draft(numbered(blocks)))


def _blocks_of(text: str) -> list[list[str]]:
    """Lines between blank lines, cleaned; a page break is a blank line too."""
    pieces: list[list[str]] = [[]]
    for line in re.split("\r\n|[\r\n\u2028]", text.replace("\f", "\n\n").replace("\u2029", "\n\n")):
        if tidy := clean(line):
            pieces[-1].append(tidy)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _joined(lines: list[str]) -> list[str]:
    result: list[str] = []
    for line in lines:
        if result and not (split_label(line)[0] and _ENDS_CLAUSE.search(result[-1])):
            result[-1] = f"{result[-1]} {line}"
        else:
            result.append(line)
    return result


def _is_plain_heading(line: str, *, is_first: bool) -> bool:
    label, rest = split_label(line)
    if looks_like_heading(line):
        return True
    short = len(rest) <= HEADING_LENGTH and not rest.endswith(_STOPS)
    stands_out = bool(label) and label[0].isalnum() and rest[0].isupper() and len(rest.split()) <= 12
    return short and (is_first or stands_out)
