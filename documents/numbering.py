"""Numbers that Word generates: "1.", "(a)", "2.3". They stand nowhere in the text, only in the rules of its lists.

Pure functions over the parsed parts numbering.xml and styles.xml; no Django.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = [
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
]  # fmt: skip
BULLET = "•"


def value_of(parent: Element | None, tag: str, default: str = "") -> str:
    """The `w:val` of a child element."""
    child = parent.find(W + tag) if parent is not None else None
    return child.get(W + "val", default) if child is not None else default


def roman(number: int) -> str:
    """4 → "iv"."""
    result = ""
    for size, sign in _ROMAN:
        count, number = divmod(number, size)
        result += sign * count
    return result


def letters(number: int) -> str:
    """1 → "a", 26 → "z", 27 → "aa", 28 → "bb", as Word counts."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def written(number: int, form: str) -> str | None:
    """A number in one of Word's forms, or None for a form this portal cannot write."""
    if not 0 <= number < 10_000:
        return None
    if form in ("lowerLetter", "upperLetter", "lowerRoman", "upperRoman"):
        if number == 0 or (form.endswith("Letter") and number > 26 * 5):
            return None
        text = letters(number) if form.endswith("Letter") else roman(number)
        return text.upper() if form.startswith("upper") else text
    return {"decimal": str(number), "decimalZero": f"{number:02d}", "none": ""}.get(form)


@dataclass(frozen=True)
class Level:
    """One level of a list: where it starts, how its number looks, what stands around it."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restarts: bool = True
    is_legal: bool = False
    style: str = ""


def _number(text: str, default: int = 0) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else default


def _level(element: Element) -> Level:
    return Level(
        start=_number(value_of(element, "start", "1"), 1),
        form=value_of(element, "numFmt", "decimal"),
        text=value_of(element, "lvlText"),
        restarts=value_of(element, "lvlRestart", "1") != "0",
        is_legal=element.find(W + "isLgl") is not None and value_of(element, "isLgl", "1") not in ("0", "false"),
        style=value_of(element, "pStyle"),
    )


@dataclass
class Lists:
    """All lists of a file, counting as the paragraphs go by in order."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def read(cls, root: Element | None) -> "Lists":
        """From the root of numbering.xml; None when the file has none."""
        lists = cls()
        if root is None:
            return lists
        by_style: dict[str, str] = {}
        linked: dict[str, str] = {}
        for one in root.iter(W + "abstractNum"):
            key = one.get(W + "abstractNumId", "")
            lists.abstract[key] = {_number(lvl.get(W + "ilvl", "0")): _level(lvl) for lvl in one.findall(W + "lvl")}
            if style := value_of(one, "styleLink"):
                by_style[style] = key
            if link := value_of(one, "numStyleLink"):
                linked[key] = link
        for key, style in linked.items():
            lists.abstract[key] = lists.abstract.get(by_style.get(style, ""), {})
        for num in root.iter(W + "num"):
            lists._read_num(num)
        return lists

    def _read_num(self, num: Element) -> None:
        key = num.get(W + "numId", "")
        self.abstract_of[key] = value_of(num, "abstractNumId")
        for change in num.findall(W + "lvlOverride"):
            at = _number(change.get(W + "ilvl", "0"))
            if (level := change.find(W + "lvl")) is not None:
                self.overrides.setdefault(key, {})[at] = _level(level)
            if start := value_of(change, "startOverride"):
                self.restarts.setdefault(key, {})[at] = _number(start, 1)

    def levels(self, num: str) -> Mapping[int, Level]:
        return {**self.abstract.get(self.abstract_of.get(num, ""), {}), **self.overrides.get(num, {})}

    def level_of_style(self, num: str, style: str) -> int:
        """The level of a list that belongs to a paragraph style; 0 when none says so."""
        return next((at for at, level in self.levels(num).items() if level.style and level.style == style), 0)

    def next_label(self, num: str, at: int) -> str | None:
        """Count the next paragraph of the list at this level: its label, or None when it cannot be written."""
        levels = self.levels(num)
        level = levels.get(at)
        if level is None:
            return ""
        counter = self.counters.setdefault(self.abstract_of.get(num, ""), {})
        restart = self.restarts.get(num, {}).get(at)
        if restart is not None and (num, at) not in self.begun:
            counter[at] = restart
        else:
            counter[at] = counter[at] + 1 if at in counter else level.start
        self.begun.add((num, at))
        for deeper in [key for key in counter if key > at and levels.get(key, Level()).restarts]:
            del counter[deeper]
        return self._label(levels, counter, at)

    def _label(self, levels: Mapping[int, Level], counter: Mapping[int, int], at: int) -> str | None:
        level = levels[at]
        if level.form == "bullet":
            return BULLET
        parts: list[str] = []
        for piece in re.split(r"(%[1-9])", level.text):
            if not re.fullmatch(r"%[1-9]", piece):
                parts.append(piece)
                continue
            which = int(piece[1]) - 1
            other = levels.get(which, Level())
            form = "decimal" if level.is_legal and other.form != "none" else other.form
            text = written(counter.get(which, other.start), form)
            if text is None:
                return None
            parts.append(text)
        return " ".join("".join(parts).split())
