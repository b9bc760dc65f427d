"""Make mapdata/data/basemap.topo.json.gz: the compact map that every drawing stands on.

    python tools/make_basemap.py ADMIN_FOLDER PLACES_CSV

ADMIN_FOLDER holds ukraine-oblasts, ukraine-neighbours and ukraine-rivers as GeoJSON (Natural Earth, public domain);
PLACES_CSV is a table of populated places (GeoNames, CC BY 4.0). What to take from it, and how its names are spelt on
our maps, stands in tools/basemap_cities.csv beside this script. The output is TopoJSON (arcs quantised to 0.0001
degree, gzip), so a border that two regions share is stored once and the regions stay a coverage. It is the same, byte
for byte, for the same input. mapdata/data/ORIGIN.md says where everything comes from.
"""

import argparse
import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "mapdata" / "data" / "basemap.topo.json.gz"
SCALE = 10_000  # units per degree: 0.0001 degree, about 10 m
LAND_BOX = shapely.box(17, 41, 46, 57)

# Spelling as the Dutch press of 2022 had it: the source transliterates by rule (Loehansk, Charkiv).
DUTCH_REGIONS = {
    "UA-05": "Vinnytsia",
    "UA-09": "Luhansk",
    "UA-18": "Zhytomyr",
    "UA-23": "Zaporizhzhia",
    "UA-48": "Mykolaiv",
    "UA-59": "Sumy",
    "UA-63": "Kharkiv",
    "UA-68": "Khmelnytskyi",
    "UA-71": "Cherkasy",
    "UA-74": "Chernihiv",
    "UA-77": "Chernivtsi",
}
DUTCH_COUNTRIES = {"BY": "Belarus"}
# Towns abroad that help a reader find their way; from general knowledge, to two decimals.
ABROAD = [
    (5, "Belgorod", "Belgorod", "Бєлгород", 36.59, 50.60),
    (5, "Rostov-on-Don", "Rostov aan de Don", "Ростов-на-Дону", 39.72, 47.23),
    (5, "Chisinau", "Chisinau", "Кишинів", 28.86, 47.01),
    (5, "Gomel", "Gomel", "Гомель", 30.99, 52.43),
    (6, "Kursk", "Koersk", "Курськ", 36.19, 51.73),
    (6, "Voronezh", "Voronezj", "Воронеж", 39.20, 51.67),
    (6, "Bryansk", "Brjansk", "Брянськ", 34.37, 53.25),
    (6, "Lublin", "Lublin", "Люблін", 22.57, 51.25),
    (6, "Iasi", "Iasi", "Ясси", 27.59, 47.16),
    (6, "Krasnodar", "Krasnodar", "Краснодар", 38.98, 45.04),
    (6, "Brest", "Brest", "Брест", 23.70, 52.10),
]
# Where a sea's name may stand (Natural Earth gives only polygons); from the map.
SEAS = [
    (("Zwarte Zee", "Black Sea", "Чорне море"), 31.6, 44.9),
    (("Zee van Azov", "Sea of Azov", "Азовське море"), 36.55, 46.05),
]
# Parts of the country that the news calls by name; the points are only where the name may stand.
AREAS = [
    (("Donbas", "Donbas", "Донбас"), 38.35, 48.30),
    (("Krim", "Crimea", "Крим"), 34.35, 45.25),
]
RIVER_NAMES_UK = {
    "Dnipro": "Дніпро",
    "Dniester": "Дністер",
    "Danube": "Дунай",
    "Don": "Дон",
    "Desna": "Десна",
    "Donets": "Сіверський Донець",
    "Southern Bug": "Південний Буг",
    "Pripyat": "Прип'ять",
    "Prut": "Прут",
}


def features(path: Path) -> list[tuple[dict, shapely.Geometry]]:
    found = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [(item["properties"], shapely.from_geojson(json.dumps(item["geometry"]))) for item in found]


def names(nl: str, en: str, uk: str) -> dict:
    return {"nl": nl, "en": en, "uk": uk or en}


def polygons(geometry: shapely.Geometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon) and not part.is_empty]


def rings(geometry: shapely.Geometry) -> list[list[list[tuple[int, int]]]]:
    """Polygons as lists of closed rings (first = last) of whole units."""
    return [
        [[(round(x), round(y)) for x, y in ring.coords] for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in polygons(geometry)
    ]


class Topology:
    """Cuts the rings of a coverage at the points where borders meet, and keeps each piece once."""

    def __init__(self, shapes: Iterable[list[list[list[tuple[int, int]]]]]):
        neighbours: dict[tuple[int, int], set] = defaultdict(set)
        for shape in shapes:
            for ring in (ring for polygon in shape for ring in polygon):
                for a, b in zip(ring, ring[1:], strict=False):
                    neighbours[a].add(b)
                    neighbours[b].add(a)
        self.nodes = {point for point, beside in neighbours.items() if len(beside) != 2}
        self.arcs: list[tuple] = []
        self.numbers: dict[tuple, int] = {}

    def number(self, arc: Sequence[tuple[int, int]]) -> int:
        """The arc's index; ~index when it is stored the other way round, as TopoJSON has it."""
        arc = tuple(arc)
        if arc in self.numbers:
            return self.numbers[arc]
        if arc[::-1] in self.numbers:
            return ~self.numbers[arc[::-1]]
        self.numbers[arc] = len(self.arcs)
        self.arcs.append(arc)
        return self.numbers[arc]

    def cut(self, ring: list[tuple[int, int]]) -> list[int]:
        """A ring as arc numbers. One without a node starts at its least point, so that two that share it agree."""
        points = ring[:-1]
        at = [index for index, point in enumerate(points) if point in self.nodes]
        start = at[0] if at else points.index(min(points))
        points = points[start:] + points[: start + 1]
        stops = [index for index, point in enumerate(points) if point in self.nodes] if at else [0, len(points) - 1]
        return [self.number(points[a : b + 1]) for a, b in zip(stops, stops[1:], strict=False)]

    def geometry(self, shape: list[list[list[tuple[int, int]]]], properties: dict) -> dict:
        arcs = [[self.cut(ring) for ring in polygon] for polygon in shape]
        return {"type": "MultiPolygon", "arcs": arcs, "properties": properties}

    def deltas(self) -> list[list[list[int]]]:
        return [
            [list(arc[0]), *([b[0] - a[0], b[1] - a[1]] for a, b in zip(arc, arc[1:], strict=False))]
            for arc in self.arcs
        ]


def scaled(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(geometry, lambda xy: numpy.round(xy * SCALE))


def coverage(admin: Path) -> tuple[list[dict], list[shapely.Geometry], int]:
    """Properties and shapes (in units) of regions, then countries; and how many are regions."""
    regions = sorted(features(admin / "ukraine-oblasts.geojson"), key=lambda item: item[0]["iso_3166_2"])
    countries = [item for item in features(admin / "ukraine-neighbours.geojson") if item[0]["kind"] == "land"]
    countries = [
        (properties, MultiPolygon(polygons(shapely.intersection(shape, LAND_BOX)))) for properties, shape in countries
    ]
    shapes = [scaled(shape) for _, shape in regions + countries]
    # Rounding can leave a hair between two neighbours; this joins them again.
    shapes = list(shapely.coverage_clean(shapes, snapping_distance=2, gap_width=4))
    shapes = [shapely.transform(shape, numpy.round) for shape in shapes]
    return [properties for properties, _ in regions + countries], shapes, len(regions)


def region_properties(source: dict) -> dict:
    code = source["iso_3166_2"]
    return {
        "code": code,
        "names": names(DUTCH_REGIONS.get(code, source["name_nl"]), source["name_en"], source["name_uk"]),
        "kind": source["type"],
        "level": 1,
        "label": [source["label_lon"], source["label_lat"]],
    }


def country_properties(source: dict) -> dict:
    code = source["iso_3166_1"]
    return {
        "code": code,
        "names": names(DUTCH_COUNTRIES.get(code, source["name_nl"]), source["name_en"], source["name_uk"]),
    }


def rivers(path: Path, topology: Topology) -> list[dict]:
    found = []
    for properties, shape in features(path):
        if properties["scalerank"] > 8:
            continue
        lines = [
            [(round(x), round(y)) for x, y in scaled(shapely.simplify(part, 0.004)).coords]
            for part in shapely.get_parts(shape)
            if isinstance(part, LineString)
        ]
        name = properties["name_en"] if isinstance(properties["name_en"], str) else ""
        dutch = properties["name_nl"] if isinstance(properties["name_nl"], str) else ""
        found.append(
            {
                "type": "MultiLineString",
                "arcs": [[topology.number(line)] for line in lines],
                "properties": {
                    "names": names(dutch, name, RIVER_NAMES_UK.get(name, "")),
                    "rank": properties["scalerank"],
                },
            }
        )
    return found


def cities(wanted: Path, places: Path) -> list[dict]:
    with places.open(encoding="utf-8", newline="") as file:
        known: dict[tuple[str, str], dict] = {}
        for row in csv.DictReader(file):
            key = (row["name_en"], row["oblast_iso"])
            if key not in known or int(row["population"] or 0) > int(known[key]["population"] or 0):
                known[key] = row
    found = []
    with wanted.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = known.get((row["source"], row["oblast"]))
            if place is None:
                sys.exit(f"{row['source']} ({row['oblast']}) is not in {places.name}.")
            uk = row["uk"] or place["name_uk"]
            found.append(
                point(int(row["rank"]), names(row["nl"] or row["en"], row["en"], uk), place["lon"], place["lat"])
            )
    for rank, en, nl, uk, lon, lat in ABROAD:
        found.append(point(rank, names(nl, en, uk), lon, lat, abroad=True))
    return found


def point(rank: int, name: dict, lon: str | float, lat: str | float, abroad: bool = False) -> dict:
    properties = {"rank": rank, "names": name} | ({"abroad": True} if abroad else {})
    position = [round(float(lon) * SCALE), round(float(lat) * SCALE)]
    return {"type": "Point", "coordinates": position, "properties": properties}


def spans(table: Iterable[tuple]) -> list[dict]:
    return [
        {
            "type": "Point",
            "coordinates": [round(lon * SCALE), round(lat * SCALE)],
            "properties": {"names": names(*name)},
        }
        for name, lon, lat in table
    ]


def build(admin: Path, places: Path) -> dict:
    properties, shapes, count = coverage(admin)
    cut = [rings(shape) for shape in shapes]
    topology = Topology(cut)
    areas = [
        topology.geometry(shape, (region_properties if index < count else country_properties)(source))
        for index, (shape, source) in enumerate(zip(cut, properties, strict=True))
    ]
    layers = {
        "regions": areas[:count],
        "countries": areas[count:],
        "rivers": rivers(admin / "ukraine-rivers.geojson", topology),
        "seas": spans(SEAS),
        "areas": spans(AREAS),
        "cities": cities(HERE / "basemap_cities.csv", places),
    }
    return {
        "type": "Topology",
        "transform": {"scale": [1 / SCALE, 1 / SCALE], "translate": [0, 0]},
        "objects": {name: {"type": "GeometryCollection", "geometries": items} for name, items in layers.items()},
        "arcs": topology.deltas(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("admin", type=Path)
    parser.add_argument("places", type=Path)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    text = json.dumps(build(options.admin, options.places), ensure_ascii=False, separators=(",", ":"))
    options.output.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
