"""The modules of the edition editor that know no page: snapping, following borders, points as text. They run in
the browser, as it is there that they must be right.
"""

import math
from itertools import pairwise

import pytest
import shapely
from django.templatetags.static import static
from hypothesis import HealthCheck, assume, example, given
from hypothesis import strategies as st

from tests.properties import examples

BROWSER = examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
# A square degree near Kyiv whose southern side has a vertex in the middle; and a river that runs through it.
RING = [[30, 50], [30.5, 50], [31, 50], [31, 51], [30, 51]]
RIVER = [[30.5, 49.5], [30.5, 50.5], [30.6, 51.5]]


@pytest.fixture
def run(bench):
    """Runs a function of JavaScript with the named modules of the editor, as `m`, and one argument."""

    def run(body: str, argument=None, *names: str):
        addresses = {name: static(f"mapdata/draw/{name}.js") for name in names or ("line_index", "snap", "trace")}
        return bench.evaluate(
            f"""async ([addresses, given]) => {{
              const m = {{}}
              for (const address of Object.values(addresses)) Object.assign(m, await import(address))
              return ({body})(m, given)
            }}""",
            [addresses, argument],
        )

    return run


def line(places, kind="area", closed=True) -> dict:
    return {"kind": kind, "closed": closed, "places": places}


SNAP = "(m, [lines, place, zoom]) => m.snap([m.indexOf(lines)], place, zoom, 12)"


def world(place) -> tuple[float, float]:
    lon, lat = place
    y = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return 256 * (lon / 360 + 0.5), 256 * (0.5 - y / (2 * math.pi))


def pixels(one, other, zoom: float) -> float:
    return math.dist(world(one), world(other)) * 2**zoom


# Snapping


def test_a_vertex_nearby_comes_before_a_segment_that_is_nearer(run):
    assert run(SNAP, [[line(RING)], [30.503, 50.0001], 10]) == {"place": [30.5, 50], "kind": "area", "on": "vertex"}


def test_away_from_vertices_the_nearest_spot_of_a_segment_is_meant(run):
    found = run(SNAP, [[line(RING)], [30.25, 50.005], 10])
    assert (found["kind"], found["on"]) == ("area", "segment")
    assert found["place"] == pytest.approx([30.25, 50], abs=1e-6)


def test_nothing_is_near_at_more_than_twelve_pixels(run):
    assert pixels([30.25, 50.05], [30.25, 50], 8) > 12
    assert run(SNAP, [[line(RING)], [30.25, 50.05], 8]) is None
    assert run(SNAP, [[line(RING)], [30.25, 50.05], 7])["on"] == "segment"


def test_an_open_line_has_no_segment_from_its_end_to_its_beginning(run):
    assert run(SNAP, [[line(RIVER, "river", closed=False)], [30.55, 50.5], 12]) is None


def test_where_two_kinds_share_a_vertex_the_drafts_own_border_is_named(run):
    lines = [line(RING, "region"), line(RING, "area")]
    assert run(SNAP, [lines, [30.001, 50.001], 10])["kind"] == "area"


def test_a_vertex_is_found_across_the_edge_of_two_squares_of_the_index(run):
    edge = 360 / 8192 * 683
    ring = [[edge - 180 - 1e-4, 0.5], [edge - 180 + 1, 0.5], [edge - 180 + 1, 1]]
    assert run(SNAP, [[line(ring)], [edge - 180 + 1e-4, 0.5], 14])["place"] == pytest.approx(ring[0], abs=1e-7)


def test_a_nearer_border_comes_before_a_farther_vertex_of_another(run):
    river = line([[30.245, 50.2], [30.245, 50.004], [30.3, 50.2]], "river", closed=False)
    at = [30.243, 50.0003]
    assert pixels(at, [30.243, 50], 10) < 1 < pixels(at, [30.245, 50.004], 10) < 12
    assert run(SNAP, [[line(RING), river], at, 10]) == {"place": [30.243, 50], "kind": "area", "on": "segment"}


def test_a_vertex_of_a_neighbour_on_the_border_is_found_where_the_border_runs_straight_on(run):
    neighbour = [[30.25, 50], [30.25, 49], [30, 49]]
    found = run(SNAP, [[line(RING), line(neighbour, "region")], [30.253, 50.0001], 10])
    assert found == {"place": [30.25, 50], "kind": "region", "on": "vertex"}


def test_a_long_border_is_found_where_it_is_straight_in_degrees(run):
    """Straight on the map it would run some 70 pixels away."""
    border = line([[20, 45], [40, 55]], closed=False)
    middle = [30, 50]
    found = run(SNAP, [[border], middle, 8])
    assert (found["on"], found["place"]) == ("segment", middle)


degrees = st.floats(min_value=0, max_value=1).map(lambda part: round(part, 5))
PARTS = 200


def nearest_on(edge, place, zoom: float) -> float:
    """How many pixels an edge that is straight in degrees is away, by looking all along it, each time more closely."""
    (ax, ay), (bx, by) = edge

    def away(part: float) -> float:
        return pixels([ax + part * (bx - ax), ay + part * (by - ay)], place, zoom)

    low, high = 0, 1
    while high - low > 1e-9:
        parts = [low + (high - low) * at / PARTS for at in range(PARTS + 1)]
        best = min(range(PARTS + 1), key=lambda at: away(parts[at]))
        low, high = parts[max(best - 1, 0)], parts[min(best + 1, PARTS)]
    return away((low + high) / 2)


@BROWSER
@given(
    ring=st.lists(st.tuples(degrees, degrees), min_size=3, max_size=12, unique=True),
    at=st.tuples(degrees, degrees),
    zoom=st.sampled_from([5, 8, 10.25, 13]),
)
@example(ring=[(0, 0), (0, 1), (0, 0.25)], at=(0, 0.5), zoom=13)
def test_snapping_finds_what_looking_at_every_border_and_vertex_finds(run, ring, at, zoom):
    places = [[30 + x, 50 + y] for x, y in ring]
    place = [30 + at[0], 50 + at[1]]
    edges = list(pairwise([*places, places[0]]))
    away = [nearest_on(edge, place, zoom) for edge in edges]
    assume(abs(min(away) - 12) > 1e-3)
    found = run(SNAP, [[line(places)], place, zoom])
    if min(away) > 12:
        assert found is None
        return
    assert pixels(found["place"], place, zoom) <= 12.01
    nearest = [
        shapely.LineString(edge)
        for edge, pixels_away in zip(edges, away, strict=True)
        if pixels_away < min(away) + 1e-3
    ]
    vertices = [
        pixels(vertex, place, zoom)
        for vertex in places
        if min(edge.distance(shapely.Point(vertex)) for edge in nearest) < 3e-7
    ]
    assume(abs(min(vertices) - 12) > 1e-3)
    expected = min(vertices) if min(vertices) < 12 else min(away)
    assert pixels(found["place"], place, zoom) == pytest.approx(expected, abs=0.01)
    assert found["on"] == ("vertex" if min(vertices) < 12 else "segment")


def test_twelve_thousand_vertices_are_searched_within_a_frame(run):
    took = run(
        """(m) => {
          const ring = Array.from({ length: 12000 }, (_, at) => {
            const turn = (2 * Math.PI * at) / 12000
            const [wide, high] = [4 + Math.sin(turn * 90), 2 + Math.sin(turn * 70) / 2]
            return [31 + wide * Math.cos(turn), 49 + high * Math.sin(turn)]
          })
          const begin = performance.now()
          const index = m.indexOf([{ kind: "area", closed: true, places: ring }])
          const built = performance.now() - begin
          const from = performance.now()
          for (let at = 0; at < 100; at += 1) m.snap([index], ring[at * 120], 6, 12)
          return [built, (performance.now() - from) / 100]
        }"""
    )
    assert took[0] < 500
    assert took[1] < 16


# Following borders

TRACE = "(m, [lines, from, to, kinds]) => m.trace([m.indexOf(lines)], from, to, kinds)"
ALL = ["area", "region", "river"]


def test_between_two_points_on_a_ring_its_vertices_are_followed_the_shorter_way(run):
    assert run(TRACE, [[line(RING)], [30.2, 50], [31, 50.2], ALL]) == [[30.5, 50], [31, 50]]
    assert run(TRACE, [[line(RING)], [31, 50.2], [30.2, 50], ALL]) == [[31, 50], [30.5, 50]]
    assert run(TRACE, [[line(RING)], [30, 50.2], [30.2, 50], ALL]) == [[30, 50]]


def test_between_two_vertices_only_what_lies_between_is_followed(run):
    assert run(TRACE, [[line(RING)], [30, 50], [31, 50], ALL]) == [[30.5, 50]]
    assert run(TRACE, [[line(RING)], [30, 50], [30.5, 50], ALL]) == []


def test_a_river_is_followed_in_both_directions_and_no_farther_than_its_ends(run):
    river = [line(RIVER, "river", closed=False)]
    assert run(TRACE, [river, [30.5, 49.6], [30.55, 51], ALL]) == [[30.5, 50.5]]
    assert run(TRACE, [river, [30.6, 51.5], [30.5, 49.5], ALL]) == [[30.5, 50.5]]


def test_points_that_share_no_line_are_joined_straight(run):
    lines = [line(RING), line(RIVER, "river", closed=False)]
    assert run(TRACE, [lines, [30, 50.2], [30.5, 49.6], ALL]) == []
    assert run(TRACE, [lines, [30.2, 50], [30.7, 50.3], ALL]) == []


def test_a_kind_that_is_not_asked_for_is_not_followed(run):
    assert run(TRACE, [[line(RING)], [30.2, 50], [31, 50.2], ["region", "river"]]) == []


def test_a_line_and_its_two_sides_have_the_same_vertices(run):
    """A border shared by two areas is in the index twice; following it gives its own vertices, digit for digit."""
    shared = [[30, 50], [30.1234567, 50.2345678], [30.2, 50.4], [30.1, 50.6]]
    west = [*shared, [29, 50.6], [29, 50]]
    east = [*reversed(shared), [32, 50], [32, 50.6]]
    assert run(TRACE, [[line(west), line(east)], shared[0], shared[-1], ALL]) == shared[1:-1]


@BROWSER
@given(count=st.integers(3, 30), ends=st.tuples(st.integers(0, 29), st.integers(0, 29)))
def test_following_a_ring_never_takes_the_longer_way(run, count, ends):
    """On a regular polygon the shorter way has at most half of the vertices, one after another."""
    start, end = (one % count for one in ends)
    turns = [2 * math.pi * at / count for at in range(count)]
    places = [[round(0.5 * math.cos(turn), 7), round(0.5 * math.sin(turn), 7)] for turn in turns]
    way = run(TRACE, [[line(places)], places[start], places[end], ALL])
    assert len(way) == max(0, min((end - start) % count, (start - end) % count) - 1)
    numbers = [start, *(places.index(place) for place in way), end]
    if start != end:
        assert all((after - before) % count in {1, count - 1} for before, after in pairwise(numbers))


# A drawing

PATH = """(m, [lines, points, closed, kinds]) => {
  const drawn = points.map(([place, free]) => ({ place, free: Boolean(free) }))
  return m.pathOf(drawn, { closed, indexes: [m.indexOf(lines)], kinds })
}"""


def path(run, points, closed=True, kinds=ALL):
    return run(PATH, [[line(RING)], points, closed, kinds], "line_index", "sketch")


def test_a_polygon_follows_the_border_and_ends_where_it_begins(run):
    drawn = path(run, [[[30.2, 50]], [[30.7, 50]], [[30.7, 50.5]]])
    assert drawn == [[30.2, 50], [30.5, 50], [30.7, 50], [30.7, 50.5], [30.2, 50]]


def test_to_and_from_a_free_point_no_border_is_followed(run):
    drawn = path(run, [[[30.2, 50]], [[30.7, 50], True], [[30.7, 50.5]]])
    assert drawn == [[30.2, 50], [30.7, 50], [30.7, 50.5], [30.2, 50]]


def test_a_line_does_not_close(run):
    assert path(run, [[[30.2, 50]], [[30.7, 50]]], closed=False) == [[30.2, 50], [30.5, 50], [30.7, 50]]
    assert path(run, [[[30.2, 50]]], closed=False) == [[30.2, 50]]


SKETCH = """(m, steps) => {
  let changes = 0
  const sketch = new m.Sketch(() => { changes += 1 })
  for (const [name, ...given] of steps) sketch[name](...given)
  const { points, chosen, finished, isEnough } = sketch
  const places = points.map(({ place }) => place)
  return { places, chosen, finished, isEnough, changes }
}"""


def sketch(run, *steps):
    return run(SKETCH, list(steps), "sketch")


def test_a_chosen_point_moves_and_the_next_is_added_again(run):
    drawn = sketch(
        run, ["start", "line"], ["put", [1, 1]], ["put", [2, 2]], ["choose", 0], ["put", [9, 9]], ["put", [3, 3]]
    )
    assert drawn["places"] == [[9, 9], [2, 2], [3, 3]]
    assert drawn["chosen"] is None


def test_a_shape_with_too_few_points_cannot_be_finished(run):
    begun = [["start", "polygon"], ["put", [1, 1]], ["put", [2, 2]]]
    assert not sketch(run, *begun, ["finish"])["finished"]
    assert sketch(run, *begun, ["put", [3, 1]], ["finish"])["finished"]
    assert not sketch(run, *begun, ["put", [3, 1]], ["finish"], ["remove"])["finished"]


def test_points_are_chosen_round_and_round(run):
    begun = [["start", "line"], ["put", [1, 1]], ["put", [2, 2]]]
    assert sketch(run, *begun, ["chooseBy", 1])["chosen"] == 0
    assert sketch(run, *begun, ["chooseBy", -1])["chosen"] == 1
    assert sketch(run, *begun, ["chooseBy", 1], ["chooseBy", 1], ["chooseBy", 1])["chosen"] == 0


# Points as text


SPELLINGS = ["30.5, 50.25", "30.5 50.25", " 30.5;50.25 ", "30,5 50,25", "30,5; 50,25", "30.5,50.25"]


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_point_is_read_in_any_usual_spelling(run, text):
    assert run("(m, text) => m.parse(text)", text, "points") == {"places": [[30.5, 50.25]], "wrong": []}


def test_lines_that_are_no_point_are_named(run):
    read = run("(m, text) => m.parse(text)", "30, 50\n\nKyiv\n200, 50\n31 51", "points")
    assert read == {"places": [[30, 50], [31, 51]], "wrong": [3, 4]}


steps_of_the_grid = st.integers(-850_000_000, 850_000_000)


@BROWSER
@given(st.lists(st.tuples(steps_of_the_grid, steps_of_the_grid), max_size=9))
def test_points_come_back_from_text_as_they_were(run, units):
    places = [[lon / 10_000_000, lat / 10_000_000] for lon, lat in units]
    assume(not any(0 < abs(number) < 1e-5 for place in places for number in place))
    assert run("(m, places) => m.parse(m.format(places))", places, "points") == {"places": places, "wrong": []}


# Shapes

HOLED = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[1, 1], [1, 9], [9, 9], [9, 1], [1, 1]]],
        [[[20, 0], [22, 0], [22, 2], [20, 2], [20, 0]]],
    ],
}


@pytest.mark.parametrize(("place", "inside"), [([0.5, 5], True), ([5, 5], False), ([21, 1], True), ([15, 5], False)])
def test_a_hole_is_outside(run, place, inside):
    assert run("(m, [shape, place]) => m.contains(shape, place)", [HOLED, place], "shapes") is inside


def test_a_label_stands_on_the_ground_itself(run):
    x, y = run("(m, shape) => m.labelPlace(shape)", HOLED, "shapes")
    assert run("(m, [shape, place]) => m.contains(shape, place)", [HOLED, [x, y]], "shapes")


def test_no_ground_has_no_label_and_no_bounds(run):
    nothing = {"type": "MultiPolygon", "coordinates": []}
    assert run("(m, shape) => [m.labelPlace(shape), m.boundsOf(shape)]", nothing, "shapes") == [None, None]
