"""The plot of participants: points where they belong, labels only where they have room."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.enums import StandingKind
from portal.places import NARROW, RADIUS, WIDE, Located, places_plot
from portal.plot import frame_of
from tests.portal.plot_checks import clashes

MEMBER, OBSERVER = StandingKind.MEMBER.value, StandingKind.OBSERVER.value
COUNTS = st.lists(
    st.tuples(st.floats(-89, 89), st.floats(-180, 180), st.sampled_from([MEMBER, OBSERVER, ""])),
    min_size=1,
    max_size=60,
)


def located(number: int, latitude: float, longitude: float, standing: str = MEMBER) -> Located:
    return Located(f"P{number}", f"Republic of Number {number}", standing, latitude, longitude)


def test_plot_of_nothing_is_none() -> None:
    assert places_plot([]) is None


@settings(deadline=None)
@given(COUNTS)
def test_points_are_inside_and_labels_lie_on_nothing(rows: list[tuple[float, float, str]]) -> None:
    plot = places_plot(located(number, *row) for number, row in enumerate(rows))
    assert plot
    assert all(0 <= mark.x <= 100 and 0 < mark.y < 100 for mark in plot.marks)
    points = [(mark.x, mark.y, RADIUS) for mark in plot.marks]
    assert clashes(plot.labels, points, WIDE, "d-lg-none") == []
    assert clashes(plot.labels, points, NARROW, "d-none") == []


def test_a_lone_point_has_its_name_on_both_screens() -> None:
    plot = places_plot([located(1, 10, 100)])
    assert plot
    assert [(label.text, label.css) for label in plot.labels] == [("Republic of Number 1", "")]


def test_where_a_name_has_no_room_the_code_stands() -> None:
    plot = places_plot([located(number, 10 + number % 5 * 3, 100 + number // 5 * 4) for number in range(25)])
    assert plot
    words = {label.css: label.text.startswith("Republic") for label in plot.labels}
    assert words["d-none d-lg-inline"]
    assert not words["deg d-lg-none"]
    assert len({label.text for label in plot.labels if label.text.startswith("P")}) > 10


def test_members_and_observers_differ_by_shape_and_are_in_the_legend() -> None:
    plot = places_plot([located(1, 0, 0), located(2, 5, 5, OBSERVER), located(3, 9, 9, "")])
    assert plot
    assert [mark.shape for mark in plot.marks] == ["circle", "square", "diamond"]
    assert plot.legend == [("circle", "Member"), ("square", "Observer"), ("diamond", "No standing")]
    one = places_plot([located(1, 0, 0)])
    assert one
    assert one.legend == [("circle", "Member")]


def test_participants_of_one_city_and_standing_share_a_point() -> None:
    plot = places_plot([*(located(number, 46.2, 6.1) for number in range(5)), located(9, 46.2, 6.1, OBSERVER)])
    assert plot
    assert [mark.shape for mark in plot.marks] == ["circle", "square"]
    assert {label.text for label in plot.labels} == {"P0, P1, P2 +2", "Republic of Number 9"}
    assert plot.participants == 6


def test_neighbours_across_the_date_line_stay_neighbours() -> None:
    frame = frame_of([(-13.8, -171.8), (-18.1, 178.4), (13.7, 100.5)])
    assert frame.x(100.5) < frame.x(178.4) < frame.x(-171.8)
    assert frame.x(-171.8) - frame.x(178.4) < 15


@pytest.mark.parametrize("longitudes", [(-179, -60, 60, 179), (0, 90, 180, -90)])
def test_frame_never_takes_in_a_place_twice(longitudes: tuple[float, ...]) -> None:
    frame = frame_of([(0, one) for one in longitudes])
    assert frame.east - frame.west <= 360
    assert all(0 <= frame.x(one) <= 100 for one in longitudes)
