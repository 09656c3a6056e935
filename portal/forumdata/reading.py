"""Reads the forum's files into rows that know their file and line.

Every value is text until the schema reads it: in plain YAML the code of Norway, NO, would be the word false.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


@dataclass
class Report:
    """All problems found so far; nothing stops at the first."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, sentence: str) -> None:
        problem = Problem(file, line, sentence)
        if problem not in self.problems:
            self.problems.append(problem)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.problems))

    def __len__(self) -> int:
        return len(self.problems)


class Row(dict[str, Any]):
    """One mapping of a file. `at(key)` is the line of a key, or of the row where the key is not written."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}

    def at(self, key: str) -> int:
        return self.lines.get(key, self.line)


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.composer.ComposerError(None, None, "anchors and aliases are not used here", event.start_mark)
        return super().compose_node(parent, index)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def read_text(path: Path, name: str, report: Report, hint: str = "") -> str | None:
    """The text of a file, or None after reporting why there is none; `hint` says how to mend a wrong encoding."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        report.add(name, 1, "The file is missing.")
    except UnicodeDecodeError as error:
        report.add(name, error.object[: error.start].count(b"\n") + 1, f"This is not text in UTF-8.{hint}")
    except OSError as error:
        report.add(name, 1, f"The file cannot be read ({error.strerror}).")
    return None


def compose(path: Path, name: str, report: Report) -> yaml.Node | None:
    """The nodes of a file, or None after reporting why there are none."""
    text = read_text(path, name, report)
    return None if text is None else _composed(text, name, report)


def _composed(text: str, name: str, report: Report) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report.add(name, mark.line + 1 if mark else 1, f"This is not well-formed YAML: {error.problem}.")
        return None
    except yaml.YAMLError as error:
        position = int(getattr(error, "position", 0))
        report.add(name, text[:position].count("\n") + 1, "This is not well-formed YAML: a character is not allowed.")
        return None
    if node is None:
        report.add(name, 1, "The file is empty.")
    return node
