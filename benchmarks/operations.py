"""What an editor waits for: an operation on a large draft, asked as the page's script asks it.

Works in the database that the environment names, a new one: `benchmarks.run` gives it that.
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import shapely
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from mapdata.ground.areas import Area, Holding, clean, partition
from mapdata.ground.redrawing import CannotBeDone, cut
from mapdata.models import Edition, Party, Region, SituationMap

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "control" / "deepstate-2022" / "2022-11-30.geojson"
VERTICES = 12_000
HEADERS = {"accept": "application/json"}


def picture() -> list[Area]:
    """The largest edition of 2022, its longest edges divided until it has 12,000 vertices."""
    by_status: dict[str, list] = {}
    for feature in json.loads(FILE.read_text())["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        by_status.setdefault(feature["properties"]["status"], []).append(shape)
    longest, areas = 0.1, []
    while sum(len(shapely.get_coordinates(area.ground)) for area in areas) < VERTICES:
        finer = [
            (key, [shapely.segmentize(clean(shape), longest) for shape in shapes]) for key, shapes in by_status.items()
        ]
        ground = partition(finer).ground
        areas = [Area(Holding("rusland", status), ground[key]) for key, status in zip(ground, STATUSES, strict=False)]
        longest /= 1.5
    return areas


STATUSES = ["controlled", "liberated", "unknown", "contested", "advance"]


def milliseconds(ask: Callable) -> float:
    begun = time.perf_counter()
    response = ask()
    took = (time.perf_counter() - begun) * 1000
    assert response.status_code == 200, response.content[:300]
    return took


def report(say: Callable[[str], None]) -> None:
    if not FILE.exists():
        say("Operations: left out, ../shared/data is not here")
        return
    for slug in ("rusland", "oekraine"):
        Party.objects.get_or_create(slug=slug, defaults={"name": {"nl": slug.capitalize()}})
    map_ = SituationMap.objects.create(slug="bench", title={"nl": "bench"}, west=22, south=44.2, east=40.4, north=52.5)
    user = get_user_model().objects.create(username="bench", is_staff=True, is_superuser=True)
    areas = picture()
    draft = Edition.begin(map_, user, timezone.now())
    draft.set_areas(areas)
    client = Client(headers={"host": "localhost"} | HEADERS)
    client.force_login(user)
    address = f"/admin/mapdata/edition/{draft.pk}/"

    def operate(**fields) -> Callable:
        return lambda: client.post(f"{address}operate/", fields)

    asked = {
        "a region given": [
            {"kind": "region", "region": pk, "to": "oekraine", "status": "liberated"}
            for pk in Region.objects.values_list("pk", flat=True)
        ],
        "a front line of 150 km": [
            {"kind": "line", "line": line, "side": "left", "to": "oekraine"} for line in lines(areas)
        ],
        "one across the country": [
            {"kind": "line", "line": f"{22 + step} 44\n{40 - step} 52.5", "side": "left", "to": "oekraine"}
            for step in range(9)
        ],
    }
    reference = statistics.median(milliseconds(lambda: client.get(f"{address}state/")) for _ in range(20))
    vertices = sum(len(shapely.get_coordinates(area.ground)) for area in areas)
    say(f"Operations on a draft of {vertices} vertices, as the page asks them (target 150 ms)")
    undoing = []
    for name, operations in asked.items():
        times = []
        for one in operations:
            times.append(milliseconds(operate(**one)))
            undoing.append(milliseconds(operate(action="undo")))
        tell(say, name, times, reference)
    tell(say, "undone", undoing, reference)


def tell(say: Callable[[str], None], name: str, times: list[float], reference: float) -> None:
    median = statistics.median(times)
    say(
        f"  {name:24}median {median:>4.0f} ms   at most {max(times):>4.0f} ms   "
        f"{median / reference:.0f} times asking for the state ({reference:.0f} ms)"
    )


def lines(areas: Sequence[Area]) -> list[str]:
    """Lines of about 150 km that cut ground in two, from all around it."""
    places = shapely.get_coordinates(areas[0].ground)
    found = []
    for x, y in places[:: len(places) // 40]:
        line = shapely.LineString([(x - 0.9, y - 0.4), (x + 0.9, y + 0.4)])
        try:
            if not cut(areas, areas[0].holding.layer, line).left.is_empty:
                found.append(f"{x - 0.9} {y - 0.4}\n{x + 0.9} {y + 0.4}")
        except CannotBeDone:
            continue
    return found
