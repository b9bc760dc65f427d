"""The change sheet and corrections on real ground: a season of editions of one map, rolled back at the end."""

import time
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from shapely import box

from mapdata.admin.sheet.sheet import sheet_of
from mapdata.ground.areas import Holding
from mapdata.imports.control.store import Order, Outcome, import_file
from mapdata.imports.decisions import Decision
from mapdata.models import Edition, SituationMap, corrections, drafting
from newsroom.accounts import machine

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "control" / "deepstate-2022"
MEANINGS = {
    "occupied": Holding("rusland"),
    "occupied_before_2022": Holding("rusland"),
    "lost": Holding("oekraine", "liberated"),
    "contested": Holding("rusland", "contested"),
    "liberated": Holding("oekraine", "liberated"),
    "unknown": Holding("rusland", "unknown"),
}


class Enough(Exception):
    """Measured; nothing of it stays."""


def timed(what) -> tuple[float, object]:
    begun = time.perf_counter()
    found = what()
    return (time.perf_counter() - begun) * 1000, found


def report(say) -> None:
    """In a database with the demo in it (its regions and parties)."""
    if not FOLDER.exists():
        say("\nChange sheet: left out, ../shared/data is not here")
        return
    try:
        with transaction.atomic():
            measure(say)
            raise Enough
    except Enough:
        pass


def measure(say) -> None:
    map_ = SituationMap.objects.create(
        slug="bench-sheet", title={"nl": "b"}, west=22, south=44.2, east=40.4, north=52.5
    )
    publisher, person = machine("bench"), get_user_model().objects.order_by("pk").first()
    files = sorted(FOLDER.glob("*.geojson"))
    decision = Decision(field="status", meanings=MEANINGS, skip=("occupied_elsewhere",))
    for file in files:
        done = import_file(file, Order(map_, decision, publish=True, publisher=publisher))
        if done.outcome != Outcome.PUBLISHED:
            raise RuntimeError(f"{file.name}: {done.outcome}, {done.refused}")
    newest = map_.editions.showing()
    draft = Edition.begin(map_, person, newest.situation_at.replace(hour=23, minute=59, second=59), copy_of=newest)
    drafting.give(draft, box(33, 46, 34.5, 47), Holding("oekraine", "liberated"), person)
    drafting.give(draft, box(37, 48, 37.6, 48.6), Holding("rusland"), person)
    first, _ = timed(lambda: sheet_of(draft))
    again, _ = timed(lambda: sheet_of(draft))
    picture, _ = timed(lambda: sheet_of(draft).picture)
    vertices = sum(_vertices(area.ground) for area in newest.ground_areas())
    say(f"\nChange sheet on an edition of {vertices} vertices, after {len(files)} others")
    say(f"  first time {first:>6.0f} ms, again {again:.0f} ms, its picture {picture:.0f} ms")
    oldest = map_.editions.all().timeline().first()
    correction, _ = corrections.begin_correction(oldest, person)
    drafting.give(correction, box(36, 46.5, 36.6, 47), Holding("oekraine", "liberated"), person)
    cache.clear()
    reach, found = timed(correction.reach_km2)
    carry, drafts = timed(lambda: corrections.carry_forward(correction, person, {later.pk for later, _ in found}))
    say(f"  a correction of the oldest: {len(found)} later editions found in {reach:.0f} ms,")
    say(f"  carried into {len(drafts)} of them in {carry:.0f} ms")


def _vertices(ground) -> int:
    return sum(len(ring.coords) for part in ground.geoms for ring in (part.exterior, *part.interiors))
