"""The plot of the places where a forum has met: points by latitude and longitude, labels that do not overlap.

No coast and no border is drawn: the plot says nothing about territory. Positions are shares of the width and height,
offsets of labels are pixels; labels are placed so that they fit both on a wide screen and on a phone.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

SAME_PLACE_DEGREES = 0.75
SIZES = ((700.0, 445.0), (340.0, 340.0))
"""Width and height of the drawing on a wide screen and on a phone."""
CHARACTER, LINE = 7.0, 15.0
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

ROUNDS = 6

Box = tuple[float, float, float, float]
Place = tuple[float, float, str]


@dataclass
class Spot:
    """A place with the number of its meetings, and where its point and label stand."""

    name: str
    latitude: float
    longitude: float
    meetings: int
    x: float = 0.0
    y: float = 0.0
    dx: float = 0.0
    dy: float = 0.0
    anchor: str = ""

    @property
    def radius(self) -> float:
        return round(2.6 + 2.2 * math.sqrt(self.meetings), 1)


@dataclass
class Plot:
    spots: list[Spot]
    meridians: list[tuple[float, str]] = field(default_factory=list)
    parallels: list[tuple[float, str, bool]] = field(default_factory=list)
    title: str = ""


def number_word(number: int) -> str:
    return WORDS[number] if number < len(WORDS) else str(number)


def plot_of(meetings: Iterable[tuple[str, float, float]]) -> Plot | None:
    """The plot of meetings given as (place, latitude, longitude); None when there is none."""
    return _drawn(tuple(sorted(meetings)))


@lru_cache(maxsize=32)
def _drawn(meetings: tuple[tuple[str, float, float], ...]) -> Plot | None:
    """Placing labels takes longer than the rest of the page, and places change a few times a year."""
    spots = _merged(meetings)
    if not spots:
        return None
    west, east = _bounds([spot.longitude for spot in spots], 8, 12)
    south, north = _bounds([spot.latitude for spot in spots], 6, 8)
    for spot in spots:
        spot.x = round(100 * (spot.longitude - west) / (east - west), 2)
        spot.y = round(100 * (north - spot.latitude) / (north - south), 2)
    step_x, step_y = _step(east - west), _step(north - south)
    meridians = [
        (round(100 * (at - west) / (east - west), 2), _degrees(at, "E", "W")) for at in _marks(west, east, step_x)
    ]
    parallels = [
        (round(100 * (north - at) / (north - south), 2), "Equator" if at == 0 else _degrees(at, "N", "S"), at == 0)
        for at in _marks(south, north, step_y)
    ]
    _place_labels(spots, parallels)
    return Plot(spots, meridians, parallels, _title(spots))


def _merged(meetings: Iterable[tuple[str, float, float]]) -> list[Spot]:
    """Meetings of one place together; places closer than a point is wide count as the one that met more often."""
    places: dict[str, Spot] = {}
    for name, latitude, longitude in meetings:
        spot = places.setdefault(name, Spot(name, float(latitude), float(longitude), 0))
        spot.meetings += 1
    found: list[Spot] = []
    for spot in sorted(places.values(), key=lambda one: (-one.meetings, one.name)):
        near = next((one for one in found if _distance(one, spot) < SAME_PLACE_DEGREES), None)
        if near:
            near.meetings += spot.meetings
        else:
            found.append(spot)
    return sorted(found, key=lambda one: (-one.meetings, one.name))


def _distance(one: Spot, other: Spot) -> float:
    return math.hypot(one.latitude - other.latitude, one.longitude - other.longitude)


def _bounds(values: list[float], margin: float, least: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    space = max(margin, (least - (high - low)) / 2, 0.13 * (high - low))
    return low - space, high + space


def _step(span: float) -> int:
    return next((step for step in (5, 10, 20, 30, 60) if span / step <= 4.5), 90)


def _marks(low: float, high: float, step: int) -> list[int]:
    """Round degrees within the bounds; none so close to an edge that its label would be cut."""
    edge = 0.07 * (high - low)
    return [
        at for at in range(math.ceil(low / step) * step, math.floor(high) + 1, step) if low + edge <= at <= high - edge
    ]


def _degrees(at: int, positive: str, negative: str) -> str:
    return f"{abs(at)}°{'' if at in (0, 180) else positive if at > 0 else negative}"


def _place_labels(spots: list[Spot], parallels: list[tuple[float, str, bool]]) -> None:
    """Each label takes the place that meets least; then all choose again, until none finds a better one."""
    fixed: list[list[Box]] = [
        [(0.0, y * size[1] / 100 - 20, 52.0, y * size[1] / 100) for y, _, _ in parallels]
        + [(0.0, size[1] - 22, size[0], size[1])]
        for size in SIZES
    ]
    places: dict[str, Place] = {}
    for _ in range(ROUNDS):
        before = dict(places)
        for spot in spots:
            taken = [[*boxes, *_others(spot, spots, places, size)] for boxes, size in zip(fixed, SIZES, strict=True)]
            places[spot.name] = min(_candidates(spot), key=lambda place: _conflicts(spot, place, taken))
        if places == before:
            break
    for spot in spots:
        spot.dx, spot.dy, spot.anchor = places[spot.name]


def _others(spot: Spot, spots: list[Spot], places: dict[str, Place], size: tuple[float, float]) -> list[Box]:
    """Points and labels of the other places."""
    others = [one for one in spots if one is not spot]
    labels = [_label_box(one, places[one.name], size) for one in others if one.name in places]
    return [*(_point_box(one, size) for one in others), *labels]


def _point_box(spot: Spot, size: tuple[float, float]) -> Box:
    x, y, r = spot.x * size[0] / 100, spot.y * size[1] / 100, spot.radius
    return x - r, y - r, x + r, y + r


def _candidates(spot: Spot) -> list[Place]:
    """Right, left, then above and below, nearer ones first."""
    beside, above, below = spot.radius + 5, -spot.radius - 5, spot.radius + 15
    near = [(beside, 5.0, ""), (-beside, 5.0, "end")]
    corners = [(x, y, anchor) for y in (above, below) for x, anchor in ((5.0, ""), (-5.0, "end"), (0.0, "middle"))]
    far = [(x, y, anchor) for y in (-8.0, 14.0, 18.0) for x, anchor in ((beside, ""), (-beside, "end"))]
    return [*near, *far, *corners]


def _label_box(spot: Spot, place: Place, size: tuple[float, float]) -> Box:
    dx, dy, anchor = place
    width = CHARACTER * (len(spot.name) + len(str(spot.meetings)) + 1)
    left = spot.x * size[0] / 100 + dx - {"": 0.0, "middle": width / 2, "end": width}[anchor]
    base = spot.y * size[1] / 100 + dy
    return left, base - LINE + 3, left + width, base + 3


def _conflicts(spot: Spot, place: Place, taken: list[list[Box]]) -> float:
    """How much of a label at this place would lie on something else or outside, on both sizes."""
    lost = 0.0
    for boxes, size in zip(taken, SIZES, strict=True):
        box = _label_box(spot, place, size)
        lost += sum(_shared(box, other) for other in boxes)
        lost += 10 * LINE * (max(0.0, 2 - box[0]) + max(0.0, box[2] - size[0] + 2) + max(0.0, 2 - box[1]))
    return lost


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0


def _title(spots: list[Spot]) -> str:
    """For who does not see the plot: every place with its number, those with the same number together."""
    groups: dict[int, list[str]] = {}
    for spot in spots:
        groups.setdefault(spot.meetings, []).append(spot.name)
    parts = [f"{_listed(names)} {number}{' each' if len(names) > 1 else ''}" for number, names in groups.items()]
    places = "place" if len(spots) == 1 else f"{number_word(len(spots))} places"
    return f"Plot of the {places} where the forum has met, with the number of meetings: {', '.join(parts)}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def overlapping(plot: Plot) -> list[tuple[str, str]]:
    """Names of labels that lie on one another on either size; empty when the plot is clear."""
    found = []
    for size in SIZES:
        boxes = sorted((_label_box(spot, (spot.dx, spot.dy, spot.anchor), size), spot.name) for spot in plot.spots)
        found += [(a[1], b[1]) for index, a in enumerate(boxes) for b in boxes[index + 1 :] if _shared(a[0], b[0])]
    return found
