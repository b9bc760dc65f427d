"""Drawings and differences of editions: computed once, at publication, and kept; made again where one is missing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import shapely
from django.db import models
from django.utils.translation import gettext_lazy as _

from mapdata.drawing.picture import AreaShape, draw_ground
from mapdata.drawing.projection import Frame
from mapdata.ground import changes
from mapdata.ground.areas import ASSESSED, GRID, Area
from mapdata.models.maps import Region, SituationMap

# A drawing made by another edition of the drawing code is made again.
STYLE = 2


class Drawn(Protocol):
    """What is needed of an edition, which stands above this module."""

    pk: Any
    map: SituationMap
    situation_at: datetime
    content: dict[str, Any]
    drawings: Any
    differences: Any

    def ground_areas(self) -> Sequence[Area]: ...


class Drawing(models.Model):
    """An edition's ground as paths in a frame, computed once. Derived: it may be thrown away and made again."""

    edition = models.ForeignKey("mapdata.Edition", models.CASCADE, related_name="drawings")
    frame = models.CharField(max_length=100)
    content = models.JSONField()

    class Meta:
        verbose_name = _("drawing")
        verbose_name_plural = _("drawings")
        constraints = [models.UniqueConstraint(fields=["edition", "frame"], name="mapdata_drawing_once")]


class Difference(models.Model):
    """What changed hands between two editions. Derived: it may be thrown away and made again."""

    before = models.ForeignKey("mapdata.Edition", models.CASCADE, related_name="+")
    after = models.ForeignKey("mapdata.Edition", models.CASCADE, related_name="differences")
    content = models.JSONField()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="mapdata_difference_once")]


def frame_of(bounds: tuple[float, float, float, float]) -> Frame:
    """The frame in which pages show these bounds (west, south, east, north in degrees)."""
    return Frame(tuple(bounds))


def key_of(frame: Frame) -> str:
    return ",".join(f"{degrees:g}" for degrees in frame.bounds) + f" {frame.width}x{frame.height} {STYLE}"


def drawing_of(edition: Drawn, frame: Frame) -> list[dict]:
    """The edition's ground as paths in a frame."""
    # All of them, which are few: a page has fetched those that it shows, for all its maps at once.
    kept = next((kept for kept in edition.drawings.all() if kept.frame == key_of(frame)), None)
    return (kept or draw(edition, frame)).content


def draw(edition: Drawn, frame: Frame) -> Drawing:
    content = draw_ground(shapes_of(edition), frame)
    kept, _created = edition.drawings.update_or_create(frame=key_of(frame), defaults={"content": content})
    return kept


def shapes_of(edition: Drawn) -> list[AreaShape]:
    """The edition's areas; ground that the same party held before the map's beginning is a shape of its own."""
    baseline = _held_before(edition)
    parties = edition.content["parties"]
    shapes = []
    for area in edition.ground_areas():
        holding = area.holding
        before = baseline.get(holding.party) if holding.basis == ASSESSED and holding.status == "controlled" else None
        parts = {"": area.ground}
        if before is not None:
            kept = shapely.intersection(area.ground, before, grid_size=GRID)
            parts = {"": shapely.difference(area.ground, before, grid_size=GRID), "before": kept}
        shapes += [
            AreaShape(
                party=holding.party,
                status=holding.status,
                basis=holding.basis,
                claimed_by=holding.claimed_by,
                colour=parties[holding.party]["colour"],
                pattern=parties[holding.party]["pattern"],
                since=since,
                ground=ground,
            )
            for since, ground in parts.items()
            if not ground.is_empty
        ]
    return shapes


def baseline_of(edition: Drawn) -> Drawn | None:
    """The edition that shows what was held before the map's beginning, as it was when this one was published.

    None where there is none, or where it has been withdrawn since: then its ground is not seen in others either.
    """
    number = edition.content["baseline"]
    return number and edition.map.editions.known().filter(number=number).first()


def _held_before(edition: Drawn) -> dict:
    """By party the ground that it controlled before the map's beginning."""
    baseline = baseline_of(edition)
    return {
        area.holding.party: area.ground
        for area in (baseline.ground_areas() if baseline else ())
        if area.holding.basis == ASSESSED and area.holding.status == "controlled"
    }


def difference_of(before: Drawn, after: Drawn) -> dict:
    """What changed hands between two editions."""
    kept = after.differences.filter(before=before).first()
    return (kept or compare(before, after)).content


def compare(before: Drawn, after: Drawn) -> Difference:
    regions = list(Region.objects.filter(level=1))
    change = changes.difference(
        before.ground_areas(), after.ground_areas(), [(region.code, region.boundary) for region in regions]
    )
    names = {region.code: region.name for region in regions}
    content = {"change": change.as_json(), "regions": names}
    kept, _created = after.differences.update_or_create(before=before, defaults={"content": content})
    return kept


def prepare(edition: Drawn) -> None:
    """After publication: everything that readers' pages would otherwise have to compute."""
    frames = [edition.map.bounds, *(view.bounds for view in edition.map.views.all())]
    for bounds in dict.fromkeys(frames):
        draw(edition, frame_of(bounds))
    compare_neighbours(edition.map, edition.situation_at)


def compare_neighbours(map_: SituationMap, situation_at: datetime) -> None:
    """After an edition of this moment came or went: what changed between those that now follow one another there."""
    standing = map_.editions.standing().order_by("number").defer("content")
    shown = {edition.situation_at: edition for edition in standing}
    moments = sorted(shown)
    near = [moment for moment in moments if moment < situation_at][-1:]
    near += [situation_at] if situation_at in shown else []
    near += [moment for moment in moments if moment > situation_at][:1]
    for earlier, later in zip(near, near[1:], strict=False):
        compare(shown[earlier], shown[later])
