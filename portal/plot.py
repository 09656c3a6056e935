"""Plots of places: points by latitude and longitude in a frame, and where the forum has met in one.

No coast and no border is drawn: a plot says nothing about territory. Positions are shares of the width and height,
offsets of labels are pixels. portal.labels says where a label stands.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from portal.labels import Label, Meridian, Parallel, Point, Text, labels_of

SAME_PLACE_DEGREES = 0.75
WIDE, NARROW = (540.0, 344.0), (340.0, 340.0)
"""Width and height of the smallest drawing on a wide screen, and of that on a phone."""
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

EDGE = 0.07
"""Share of the drawing next to an edge in which no line stands."""


@dataclass(frozen=True)
class Frame:
    """The part of the globe that is drawn, in degrees. East of the date line longitudes run on beyond 180."""

    west: float
    east: float
    south: float
    north: float

    def x(self, longitude: float) -> float:
        """Share of the width in percent."""
        return round(100 * ((longitude - self.west) % 360) / (self.east - self.west), 2)

    def y(self, latitude: float) -> float:
        """Share of the height in percent."""
        return round(100 * (self.north - latitude) / (self.north - self.south), 2)

    @property
    def meridians(self) -> list[Meridian]:
        marks = _marks(self.west, self.east, _step(self.east - self.west), after=0.11)
        return [(self.x(at), _degrees(at, "E", "W")) for at in marks]

    @property
    def parallels(self) -> list[Parallel]:
        """With the equator marked."""
        marks = [at for at in _marks(self.south, self.north, _step(self.north - self.south)) if abs(at) < 90]
        return [(self.y(at), "Equator" if at == 0 else _degrees(at, "N", "S"), at == 0) for at in marks]


def frame_of(points: Sequence[tuple[float, float]], edge: float = 0.13) -> Frame:
    """The frame of points given as (latitude, longitude), with this share of empty space on each side.

    It is cut where the longest stretch of longitude is empty, so that neighbours across the date line stay neighbours.
    """
    east_of_first = sorted(longitude for _, longitude in points)
    gaps = [
        (after - before, -at, after)
        for at, (before, after) in enumerate(pairwise([east_of_first[-1] - 360, *east_of_first]))
    ]
    first = max(gaps)[2]
    longitudes = [first + (longitude - first) % 360 for _, longitude in points]
    west, east = _bounds(longitudes, 8, 12, edge)
    over = max(0.0, (east - west - 360) / 2)
    south, north = _bounds([latitude for latitude, _ in points], 6, 8, edge)
    return Frame(west + over, east - over, south, north)


@dataclass
class Spot:
    """A place with the number of its meetings, and where its point stands."""

    name: str
    latitude: float
    longitude: float
    meetings: int
    x: float = 0.0
    y: float = 0.0

    @property
    def radius(self) -> float:
        return round(2.6 + 2.2 * math.sqrt(self.meetings), 1)


@dataclass
class Plot:
    spots: list[Spot]
    labels: list[Label]
    meridians: list[Meridian]
    parallels: list[Parallel]
    title: str


def number_word(number: int) -> str:
    return WORDS[number] if number < len(WORDS) else str(number)


def plot_of(meetings: Iterable[tuple[str, float, float]]) -> Plot | None:
    """The plot of meetings given as (place, latitude, longitude); None when there is none."""
    return _drawn(tuple(sorted(meetings)))


@lru_cache(maxsize=32)
def _drawn(meetings: tuple[tuple[str, float, float], ...]) -> Plot | None:
    """Kept, since places change a few times a year."""
    spots = _merged(meetings)
    if not spots:
        return None
    frame = frame_of([(spot.latitude, spot.longitude) for spot in spots])
    for spot in spots:
        spot.x, spot.y = frame.x(spot.longitude), frame.y(spot.latitude)
    points = [Point(spot.x, spot.y, spot.radius, (Text(spot.name, str(spot.meetings)),)) for spot in spots]
    labels = labels_of(points, frame.meridians, frame.parallels, WIDE, NARROW)
    return Plot(spots, labels, frame.meridians, frame.parallels, _title(spots))


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


def _bounds(values: list[float], margin: float, least: float, edge: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    space = max(margin, (least - (high - low)) / 2, edge * (high - low))
    return low - space, high + space


def _step(span: float) -> int:
    return next((step for step in (5, 10, 20, 30, 60) if span / step <= 4.5), 90)


def _marks(low: float, high: float, step: int, after: float = EDGE) -> list[int]:
    """Round degrees within the bounds; none so close to an edge that its label, which stands after it, would be cut."""
    first, last = low + EDGE * (high - low), high - after * (high - low)
    return [at for at in range(math.ceil(low / step) * step, math.floor(high) + 1, step) if first <= at <= last]


def _degrees(at: int, positive: str, negative: str) -> str:
    within = (at + 180) % 360 - 180
    return f"{abs(within)}°{'' if within in (0, -180) else positive if within > 0 else negative}"


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
