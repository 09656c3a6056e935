"""What is wrong with a plot to the eye: labels on one another, on points, or over the edge."""

from collections.abc import Iterable
from itertools import combinations

from portal.labels import ABOVE, BELOW, SANS_CHARACTER, SERIF_CHARACTER, Label

Box = tuple[float, float, float, float]
Size = tuple[float, float]


def clashes(
    labels: Iterable[Label], points: Iterable[tuple[float, float, float]], size: Size, hidden: str
) -> list[str]:
    """Pairs that lie on one another and labels over the edge, on a screen of a size that hides the class `hidden`.

    Points are given as (x, y) in percent and radius."""
    shown = [(label.text, _box(label, size)) for label in labels if hidden not in label.css.split()]
    taken = [
        (
            f"point at {x}, {y}",
            (x * size[0] / 100 - r, y * size[1] / 100 - r, x * size[0] / 100 + r, y * size[1] / 100 + r),
        )
        for x, y, r in points
    ]
    pairs = [*combinations(shown, 2), *((label, point) for label in shown for point in taken)]
    found = [f"{a[0]} on {b[0]}" for a, b in pairs if _meet(a[1], b[1])]
    return found + [
        text for text, (left, top, right, low) in shown if min(left, top, size[0] - right, size[1] - low) < 0
    ]


def _box(label: Label, size: Size) -> Box:
    letters = len(label.text) + (len(label.figure) + 1 if label.figure else 0)
    width = letters * (SANS_CHARACTER if "deg" in label.css else SERIF_CHARACTER)
    left = label.x * size[0] / 100 + label.dx - {"": 0, "middle": width / 2, "end": width}[label.anchor]
    base = label.y * size[1] / 100 + label.dy
    return left, base - ABOVE, left + width, base + BELOW


def _meet(one: Box, other: Box) -> bool:
    slack = 0.01
    return (
        one[0] + slack < other[2]
        and other[0] + slack < one[2]
        and one[1] + slack < other[3]
        and other[1] + slack < one[3]
    )
