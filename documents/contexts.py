"""What the page of changes shows, prepared from the redline."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from documents.models import Paragraph
from documents.redline import Change, Departure, How, Passage, Run, RunKind, by_paragraph, laid_out
from documents.redline_words import name_of, said_of, shown_label

MOST_LINKS = 40


@dataclass
class Line:
    """One paragraph or heading on the page."""

    passage: Passage
    runs: list[tuple[str, str]]
    """Kind of run and its words."""
    said: str = ""
    label: str = ""
    was_label: str = ""
    is_gone: bool = False

    @property
    def is_heading(self) -> bool:
        return self.passage.number is None


@dataclass
class Stretch:
    """Lines that follow each other: changed ones, or a fold of unchanged ones; or the place that a paragraph left."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    left: str = ""
    to: Passage | None = None

    @property
    def numbers(self) -> str:
        """ "Paragraphs 4 to 6, without a change"."""
        found = [one.passage.number for one in self.lines]
        many = f"s {found[0]} to {found[-1]}" if len(found) > 1 else f" {found[0]}"
        return f"Paragraph{many}, without a change"


def passages(paragraphs: Iterable[Paragraph]) -> list[Passage]:
    """The stored paragraphs as the redline takes them."""
    return [Passage(at, one.kind, one.number, one.label, one.text) for at, one in enumerate(paragraphs, start=1)]


def stretches(changes: list[Change], old: int) -> list[Stretch]:
    """The page from top to bottom: headings and changes in the open, paragraphs without a change folded."""
    found: list[Stretch] = []
    for item in laid_out(changes):
        if isinstance(item, Departure):
            left = f"{name_of(item.change.old)} of version {old}"
            found.append(Stretch("left", left=left[:1].upper() + left[1:], to=item.change.new[0]))
            continue
        for at, line in enumerate(_lines(item, old)):
            is_quiet = item.how == How.SAME and not line.is_heading
            kind = "fold" if is_quiet else "open"
            if not found or found[-1].kind != kind:
                found.append(Stretch(kind))
            line.said = line.said if at == 0 else ""
            found[-1].lines.append(line)
    return found


def _lines(change: Change, old: int) -> list[Line]:
    before = shown_label(change.old[0]) if change.old and change.new else ""
    was = before if change.new and before != shown_label(change.new[0]) else ""
    return [
        Line(
            passage,
            [(run.kind.value, _shown(run)) for run in runs],
            said_of(change, old),
            shown_label(passage),
            was if at == 0 else "",
            change.how == How.DELETED,
        )
        for at, (passage, runs) in enumerate(by_paragraph(change))
    ]


def _shown(run: Run) -> str:
    """The end of a paragraph that was merged with the next is a sign."""
    return run.text.replace("\n", " ¶ ") if run.kind == RunKind.DELETED else run.text


def links(changes: Iterable[Change]) -> tuple[list[int], int]:
    """Numbers of the paragraphs that are not as before, at most forty, and how many more there are."""
    numbers = [one.number for change in changes if change.how != How.SAME for one in change.new if one.number]
    return numbers[:MOST_LINKS], max(0, len(numbers) - MOST_LINKS)
