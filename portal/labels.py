"""Labels of a plot: beside each point a text where it lies on nothing else, worked out for a wide screen and a phone.

Positions of points are percent of the drawing, offsets of labels are pixels. A text is marked with the screens on which
it shows; where a point finds no room for any of its texts it has none there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SERIF_CHARACTER, SANS_CHARACTER = 7.0, 8.5
"""Widths that no usual text exceeds: a name in the serif of 14 pixels, a code in capitals of 12."""
GAP, LINE, ABOVE, BELOW = 3.0, 13.0, 10.0, 3.0
CELL = 32.0
ROUNDS, FEW = 40, 40
"""How often labels are placed anew when some found no room; with more points than a few there is never room for all."""
ON_WIDE, ON_NARROW = "d-none d-lg-inline", "d-lg-none"

Box = tuple[float, float, float, float]
Size = tuple[float, float]
Meridian = tuple[float, str]
Parallel = tuple[float, str, bool]
Spot = tuple[float, float, str]
"""Offset of a label and its anchor."""


@dataclass(frozen=True)
class Text:
    """What a point may be labelled with; `figure` is a number after it, `css` the class of its letters."""

    words: str
    figure: str = ""
    css: str = ""

    @property
    def width(self) -> float:
        characters = len(self.words) + (len(self.figure) + 1 if self.figure else 0)
        return characters * (SANS_CHARACTER if self.css else SERIF_CHARACTER)


@dataclass(frozen=True)
class Point:
    """A point with its texts, the humblest first: each later one takes the place of the one before if it has room."""

    x: float
    y: float
    radius: float
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    dx: float
    dy: float
    anchor: str
    text: str
    figure: str
    css: str


Placed = dict[int, tuple[Spot, Text]]
"""By number of the point."""


class Canvas:
    """What is taken of a drawing, kept by cells, so that a look costs the same however full it is."""

    def __init__(self, size: Size, meridians: Sequence[Meridian], parallels: Sequence[Parallel]) -> None:
        self.width, self.height = size
        self.cells: dict[tuple[int, int], list[Box]] = {}
        for x, _ in meridians:
            self.take((x * self.width / 100, self.height - 16, x * self.width / 100 + 40, self.height))
        for y, _, _ in parallels:
            self.take((0, y * self.height / 100 - 16, 52, y * self.height / 100))

    def is_free(self, box: Box) -> bool:
        left, top, right, bottom = box
        if left < 2 or top < 2 or right > self.width - 2 or bottom > self.height - 2:
            return False
        for cell in _cells(box):
            for other in self.cells.get(cell, ()):
                if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
                    return False
        return True

    def take(self, box: Box) -> None:
        for cell in _cells(box):
            self.cells.setdefault(cell, []).append(box)

    def give_back(self, box: Box) -> None:
        for cell in _cells(box):
            self.cells[cell].remove(box)

    def point_box(self, point: Point) -> Box:
        x, y, r = point.x * self.width / 100, point.y * self.height / 100, point.radius
        return x - r, y - r, x + r, y + r

    def label_box(self, point: Point, spot: Spot, text: Text) -> Box:
        dx, dy, anchor = spot
        long = text.width
        left = point.x * self.width / 100 + dx - {"": 0.0, "middle": long / 2, "end": long}[anchor]
        base = point.y * self.height / 100 + dy
        return left, base - ABOVE, left + long, base + BELOW


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box[0] // CELL), int(box[2] // CELL) + 1):
        for row in range(int(box[1] // CELL), int(box[3] // CELL) + 1):
            yield column, row


def labels_of(
    points: Sequence[Point],
    meridians: Sequence[Meridian],
    parallels: Sequence[Parallel],
    wide: Size,
    narrow: Size,
) -> list[Label]:
    """The labels for both screens; a text that stands in the same spot on both is given once."""
    on_wide, on_narrow = (_placed(points, meridians, parallels, size) for size in (wide, narrow))
    found = []
    for number, point in enumerate(points):
        first, second = on_wide.get(number), on_narrow.get(number)
        shown = [(first, "")] if first == second else [(first, ON_WIDE), (second, ON_NARROW)]
        for label, screens in shown:
            if label:
                (dx, dy, anchor), text = label
                css = " ".join(part for part in (text.css, screens) if part)
                found.append(Label(point.x, point.y, dx, dy, anchor, text.words, text.figure, css))
    return found


def _placed(
    points: Sequence[Point], meridians: Sequence[Meridian], parallels: Sequence[Parallel], size: Size
) -> Placed:
    """The best of some tries: who found no room in one comes first in the next, the others shuffled."""
    order = list(range(len(points)))
    best: Placed = {}
    for turn in range(ROUNDS if len(points) <= FEW else 1):
        placed = _try(points, order, Canvas(size, meridians, parallels))
        if len(placed) > len(best):
            best = placed
        missing = [number for number in order if number not in placed]
        if not missing:
            break
        order = missing + _shuffled(placed, turn)
    return best


def _shuffled(numbers: Iterable[int], turn: int) -> list[int]:
    """Another order each turn, and the same at each run."""
    return sorted(numbers, key=lambda number: number * (74 * turn + 37) % 101)


def _try(points: Sequence[Point], order: Sequence[int], canvas: Canvas) -> Placed:
    """First every point with its humblest text, so that as many as can are named; then each with its better ones."""
    for point in points:
        canvas.take(canvas.point_box(point))
    placed: Placed = {}
    for rank in range(max((len(point.texts) for point in points), default=0)):
        for number in order:
            point = points[number]
            if rank >= len(point.texts):
                continue
            if number in placed:
                canvas.give_back(canvas.label_box(point, *placed[number]))
            text = point.texts[rank]
            spot = next((one for one in _spots(point) if canvas.is_free(canvas.label_box(point, one, text))), None)
            if spot:
                placed[number] = (spot, text)
            if number in placed:
                canvas.take(canvas.label_box(point, *placed[number]))
    return placed


def _spots(point: Point) -> list[Spot]:
    """Right, left, above, below, the corners, then a little off."""
    beside, above, below = point.radius + GAP, -point.radius - GAP, point.radius + GAP + 9
    near: list[Spot] = [(beside, 5.0, ""), (-beside, 5.0, "end"), (0.0, above, "middle"), (0.0, below, "middle")]
    near += [(dx, dy, anchor) for dy in (above + 2, below - 2) for dx, anchor in ((3.0, ""), (-3.0, "end"))]
    off = [(dx, dy, anchor) for dy in (-8.0, 14.0, 18.0) for dx, anchor in ((beside, ""), (-beside, "end"))]
    off += [(0.0, dy, "middle") for dy in (above - LINE, below + LINE)]
    return near + off
