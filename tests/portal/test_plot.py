"""The plot of places: points where they belong, labels that do not lie on one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.models import Meeting
from portal.plot import NARROW, WIDE, plot_of
from tests.portal.forum_copy import load
from tests.portal.plot_checks import clashes

places = st.tuples(st.sampled_from("ABCDEFGH"), st.floats(-60, 60), st.floats(-170, 170))


def test_plot_of_nothing_is_none() -> None:
    assert plot_of([]) is None


def test_plot_counts_places_and_merges_neighbours() -> None:
    plot = plot_of([("Bali", -8.65, 115.2)] * 3 + [("Nusa Dua", -8.8, 115.23), ("Perth", -31.95, 115.86)])
    assert plot
    assert [(spot.name, spot.meetings) for spot in plot.spots] == [("Bali", 4), ("Perth", 1)]
    assert plot.title.endswith("two places where the forum has met, with the number of meetings: Bali 4, Perth 1")
    bali, perth = plot.spots
    assert bali.y < perth.y
    assert bali.radius > perth.radius
    north = plot_of([("Bangkok", 13.75, 100.5), ("Perth", -31.95, 115.86)])
    assert north
    assert ("Equator", True) in [mark[1:] for mark in north.parallels]


def test_plot_of_one_place_stands_in_the_middle() -> None:
    plot = plot_of([("Bangkok", 13.75, 100.5)])
    assert plot
    assert (plot.spots[0].x, plot.spots[0].y) == (50, 50)


@given(st.lists(places, min_size=1, max_size=12))
def test_plot_keeps_points_inside(rows: list[tuple[str, float, float]]) -> None:
    plot = plot_of(rows)
    assert plot
    assert all(0 < spot.x < 100 and 0 < spot.y < 100 for spot in plot.spots)
    assert sum(spot.meetings for spot in plot.spots) == len(rows)


@pytest.mark.django_db
def test_plot_of_the_real_forum_is_clear_on_a_phone_and_on_a_wide_screen() -> None:
    load()
    rows = Meeting.objects.exclude(latitude=None).values_list("place", "latitude", "longitude")
    plot = plot_of(rows)  # type: ignore[arg-type]
    assert plot
    points = [(spot.x, spot.y, spot.radius) for spot in plot.spots]
    assert clashes(plot.labels, points, WIDE, "d-lg-none") == []
    assert clashes(plot.labels, points, NARROW, "d-none") == []
    for hidden in ("d-lg-none", "d-none"):
        assert {label.text for label in plot.labels if hidden not in label.css} == {spot.name for spot in plot.spots}
