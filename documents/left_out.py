"""Sentences about what of a file the portal does not show. The officer reads them before anything is released."""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple


class Thing(StrEnum):
    """What a file can hold beside headings and paragraphs, in the order in which it is listed."""

    INSERTION = "insertion"
    DELETION = "deletion"
    TABLE = "table"
    PICTURE = "picture"
    TEXT_BOX = "text box"
    FORMULA = "formula"
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"
    COMMENT = "comment"
    HIDDEN = "passage of hidden text"
    STRUCK = "struck-through passage"
    CONTENTS = "table of contents"
    NUMBER = "generated number"
    SYMBOL = "symbol"
    OTHER = "part of another kind"
    MARGIN = "header or footer"


_PLURALS = {
    Thing.TEXT_BOX: "text boxes",
    Thing.HIDDEN: "passages of hidden text",
    Thing.CONTENTS: "tables of contents",
    Thing.OTHER: "parts of another kind",
    Thing.MARGIN: "headers or footers",
}
_ENDS: dict[Thing, tuple[str, str]] = {
    Thing.INSERTION: ("is a tracked change and is shown as accepted", "are tracked changes and are shown as accepted"),
    Thing.DELETION: ("is a tracked change and is left out", "are tracked changes and are left out"),
    Thing.HIDDEN: ("is left out", "are left out"),
    Thing.STRUCK: ("is shown as plain text", "are shown as plain text"),
    Thing.NUMBER: ("cannot be written by the portal", "cannot be written by the portal"),
}
PLACES_NAMED = 8


class Event(NamedTuple):
    """A thing met at a paragraph of the file (counted from 0, empty ones too), or between it and the one before."""

    at: int
    thing: Thing
    is_between: bool = False


class Place(NamedTuple):
    """Where it stands, in the portal's numbers: in or after paragraph n, 0 being the beginning."""

    is_inside: bool
    number: int


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _in_words(places: Iterable[Place]) -> str:
    """ "in paragraphs 2 and 5", "before paragraph 1 and after paragraph 3"."""
    found = sorted(set(places), key=lambda place: (place.number, not place.is_inside))
    more = len(found) - PLACES_NAMED
    shown = found[:PLACES_NAMED] if more > 1 else found
    parts = ["before paragraph 1"] if any(place.number == 0 for place in shown) else []
    for word, inside in (("in", True), ("after", False)):
        numbers = [str(place.number) for place in shown if place.is_inside is inside and place.number]
        if numbers:
            parts.append(f"{word} paragraph{'s' if len(numbers) > 1 else ''} {_listed(numbers)}")
    return _listed(parts) + (f" and in {more} more places" if more > 1 else "")


def sentences(events: Iterable[Event], place_of: Callable[[int, bool], Place]) -> list[str]:
    """One sentence for each kind of thing: how many, where, and what became of them."""
    by_thing: dict[Thing, Counter[Place]] = {}
    for event in events:
        place = place_of(event.at, event.is_between)
        by_thing.setdefault(event.thing, Counter())[place] += 1
    result = []
    for thing in Thing:
        if thing not in by_thing:
            continue
        count = by_thing[thing].total()
        noun = thing.value if count == 1 else _PLURALS.get(thing, f"{thing.value}s")
        where = "" if thing is Thing.MARGIN else f" {_in_words(by_thing[thing])}"
        end = _ENDS.get(thing, ("is not shown", "are not shown"))[count > 1]
        result.append(f"{count} {noun}{where} {end}.")
    return result
