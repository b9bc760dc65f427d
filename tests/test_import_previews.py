"""Previews of files: small, whatever the file; and guesses of what values mean."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from mapdata.admin.imports.found import shortened, storable
from mapdata.admin.imports.previews import simplified, thinned
from mapdata.ground.areas import Holding
from mapdata.imports.control import guesses
from mapdata.imports.decisions import Decision
from mapdata.models import Import
from tests.makers import EAST, SQUARE, day, held_by, make_map, make_party, publish_edition
from tests.properties import examples

points = st.lists(st.tuples(st.floats(22, 41), st.floats(44, 53)), min_size=1, max_size=400)


@given(points, st.integers(5, 60))
def test_points_are_thinned_to_at_most_so_many_each_of_them_real(places, most):
    chosen = thinned(np.array(places), most)
    assert 1 <= len(chosen) <= most or len(places) <= most
    assert len(set(chosen.tolist())) == len(chosen)
    if len(places) <= most:
        assert chosen.tolist() == list(range(len(places)))


def test_thinning_keeps_what_lies_by_itself():
    crowd = np.random.default_rng(1).uniform(30, 30.5, (5000, 2))
    chosen = thinned(np.vstack([crowd, [[40, 50]]]), 300)
    assert 5000 in chosen


def coast(seed: int, vertices: int) -> Polygon:
    """A ragged blob: with many vertices, and never crossing itself."""
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radius = 1 + 0.3 * np.random.default_rng(seed).random(vertices)
    return Polygon(np.column_stack([35 + radius * np.cos(angles), 48 + radius * np.sin(angles)]))


@examples(25)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=4), st.integers(50, 3000))
def test_shapes_are_simplified_to_about_so_many_vertices_and_stay_where_they_are(seeds, vertices):
    shapes = [coast(seed, vertices) for seed in seeds]
    drawn = simplified(shapes, most=400)
    assert len(drawn) == len(shapes)
    assert shapely.is_valid(drawn).all()
    assert shapely.get_num_coordinates(drawn).sum() <= max(400, vertices + 1) * 1.2
    for shape, simple in zip(shapes, drawn, strict=True):
        # No part of its outline is farther away than half a degree: between two of these points lies a tenth.
        outline = shapely.points(shapely.get_coordinates(shapely.segmentize(simple, 0.1)))
        shapely.prepare(shape)
        assert shapely.dwithin(shape, outline, 0.45).all()


def test_what_is_small_already_is_not_touched():
    assert simplified([box(37, 47, 38, 48)]) == [box(37, 47, 38, 48)]
    assert simplified([]) == []


@given(st.text(st.characters(exclude_categories=[]), max_size=200))
def test_whatever_a_file_says_can_be_stored_and_shown(text):
    kept = storable({text: [text]})
    assert "\0" not in str(kept)
    str(kept).encode()
    assert len(shortened(text)) <= 120


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("occupied", Holding("rusland")),
        ("Russian-controlled", Holding("rusland")),
        ("RU", Holding("rusland")),
        ("liberated by Ukraine", Holding("oekraine", "liberated")),
        ("Claimed Russian Control", Holding("rusland", "controlled", "claimed", "rusland")),
        ("Ukraine: contested", Holding("oekraine", "contested")),
        ("#ff0000", None),
        ("", None),
    ],
)
def test_values_are_guessed_by_the_names_of_parties_and_by_who_holds_most(value, expected):
    map_ = make_map()
    make_party("rusland", name_en="Russia")
    make_party("oekraine", name_en="Ukraine")
    publish_edition(map_, day(3), [held_by("rusland", SQUARE.union(EAST))])
    assert guesses.Guess(Import(map=map_)).meaning(value) == expected


@pytest.mark.django_db
def test_what_was_said_stays_and_stands_first():
    make_party("rusland", name_en="Russia")
    found = {"usable": 3, "fields": [{"name": "side", "filled": 3, "values": {"RU": 2, "x": 1}}]}
    said = Decision(field="side", meanings={"x": Holding("oekraine"), "gone": Holding("rusland")})
    guessed = guesses.guessed(Import(map=make_map()), found, said)
    assert list(guessed.meanings.items()) == [("x", Holding("oekraine")), ("RU", Holding("rusland"))]
