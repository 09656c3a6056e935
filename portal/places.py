"""The plot of the places of participants: a point for each, with a name where there is room and else a code.

Every point is also in the list beside the plot, so a label that finds no room is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from members.enums import StandingKind
from portal.labels import Label, Meridian, Parallel, Point, Text, labels_of
from portal.plot import Frame, frame_of

WIDE, NARROW = (960.0, 384.0), (340.0, 340.0)
"""The smallest drawing that a wide screen shows, and that of a phone."""
RADIUS = 4.0
MOST_CODES = 3
EDGE = 0.05
SHAPES = {StandingKind.MEMBER.value: ("circle", "Member"), StandingKind.OBSERVER.value: ("square", "Observer")}
OTHER = ("diamond", "No standing")


@dataclass(frozen=True)
class Located:
    """A participant as the plot needs it; `standing` is empty for none."""

    code: str
    name: str
    standing: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Mark:
    """What is drawn where one or several participants of the same standing are, in percent."""

    x: float
    y: float
    shape: str


@dataclass(frozen=True)
class PlacesPlot:
    marks: list[Mark]
    labels: list[Label]
    meridians: list[Meridian]
    parallels: list[Parallel]
    legend: list[tuple[str, str]]
    participants: int


def places_plot(participants: Iterable[Located]) -> PlacesPlot | None:
    """The plot of participants whose place is known; None when there is none. Kept for the same participants."""
    return _drawn(tuple(participants))


@lru_cache(maxsize=64)
def _drawn(participants: tuple[Located, ...]) -> PlacesPlot | None:
    if not participants:
        return None
    frame = frame_of([(one.latitude, one.longitude) for one in participants], EDGE)
    together = _together(participants, frame)
    points = [
        Point(mark.x, mark.y, RADIUS, tuple(_texts([one.code for one in own], own[0].name)))
        for mark, own in together.items()
    ]
    present = {one.standing for one in participants}
    return PlacesPlot(
        marks=list(together),
        labels=labels_of(points, frame.meridians, frame.parallels, WIDE, NARROW),
        meridians=frame.meridians,
        parallels=frame.parallels,
        legend=[SHAPES[key] for key in SHAPES if key in present] + ([OTHER] if present - SHAPES.keys() else []),
        participants=len(participants),
    )


def _together(participants: Iterable[Located], frame: Frame) -> dict[Mark, list[Located]]:
    """Participants of the same place and standing share a mark."""
    found: dict[Mark, list[Located]] = {}
    for one in participants:
        mark = Mark(frame.x(one.longitude), frame.y(one.latitude), SHAPES.get(one.standing, OTHER)[0])
        found.setdefault(mark, []).append(one)
    return found


def _texts(codes: list[str], name: str) -> list[Text]:
    """The code, then the name of a participant; the codes alone of several."""
    shown = ", ".join(codes[:MOST_CODES])
    if len(codes) > MOST_CODES:
        shown = f"{shown} +{len(codes) - MOST_CODES}"
    return [Text(shown, css="deg"), *([Text(name)] if len(codes) == 1 else [])]
