"""A page to look at, and what was made for those that need something in a certain state."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page


@dataclass(frozen=True)
class Stage:
    """Addresses of what was made for the pages that need something in a certain state."""

    folder: Path
    draft: str
    asked: str
    with_table: str
    changed: str


@dataclass(frozen=True)
class Spot:
    """A page: its name, who looks (by e-mail; empty: nobody), how to get there, its h1."""

    name: str
    who: str
    go: Callable[[Page, Stage], object]
    heading: str


def at(path: str) -> Callable[[Page, Stage], object]:
    """Opens an address."""
    return lambda page, stage: page.goto(path)
