"""The redline in words: a sentence for the whole, a few words beside each paragraph."""

from collections.abc import Sequence

from documents.redline import Change, How, Passage, counts

_ORDER = (
    (How.CHANGED, "changed"),
    (How.MOVED, "moved"),
    (How.SPLIT, "split"),
    (How.MERGED, "merged"),
    (How.INSERTED, "new"),
    (How.DELETED, "deleted"),
)


def summary(changes: Sequence[Change]) -> str:
    """ "3 paragraphs changed, 1 moved, 1 new." Headings count as paragraphs; of a merger the result is counted."""
    found = counts(changes)
    parts = [(found[how], word) for how, word in _ORDER if found[how]]
    if not parts:
        return "No word changed."
    first, word = parts[0]
    rest = [f"{count:,} {word}" for count, word in parts[1:]]
    return ", ".join([f"{first:,} paragraph{'' if first == 1 else 's'} {word}", *rest]) + "."


def name_of(passages: Sequence[Passage]) -> str:
    """ "paragraph 3", "paragraphs 3 and 4", "a heading"."""
    numbers = [str(one.number) for one in passages if one.number is not None]
    if not numbers:
        return "a heading"
    if len(numbers) == 1:
        return f"paragraph {numbers[0]}"
    return f"paragraphs {', '.join(numbers[:-1])} and {numbers[-1]}"


def shown_label(passage: Passage) -> str:
    """The number that stands in the file; empty where it only repeats the portal's number, which is shown anyway."""
    return "" if passage.label.strip("().") == str(passage.number) else passage.label


def said_of(change: Change, old: int) -> str:
    """What happened to the paragraph, with its place in version `old`. Empty for one that stayed as it was."""
    before = f"{name_of(change.old)} of version {old}"
    moved = " It moved." if change.is_moved else ""
    match change.how:
        case How.SAME:
            return ""
        case How.INSERTED:
            return "New"
        case How.DELETED:
            return f"Deleted: {before}"
        case How.MOVED:
            return f"Moved: {before}" + (", with other words" if change.has_new_words else "")
        case How.SPLIT:
            return f"Split in {len(change.new)}: {before}.{moved}"
        case How.MERGED:
            return f"Merged: {before}.{moved}"
    if change.has_new_kind:
        return "Now a heading" if change.new[0].number is None else "Was a heading"
    return "Changed" if _number(change.old) == _number(change.new) else f"Changed: {before}"


def _number(passages: Sequence[Passage]) -> int | None:
    return passages[0].number
