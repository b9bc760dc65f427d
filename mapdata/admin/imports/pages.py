"""What the pages of an import show: the plan in words, and its shapes in the colours that they will have."""

import json
from dataclasses import asdict
from typing import Any

from django.urls import reverse

from mapdata.admin import pictures
from mapdata.drawing.legend import Style, patterns_of
from mapdata.ground.areas import Holding
from mapdata.ground.changes import Change
from mapdata.models import Edition, Import, Party
from mapdata.models.imports import Kind
from mapdata.reading.change import ShownChange
from newsroom.models import Source

# A list to choose from while typing, the newest of them.
MOST_SOURCES = 200
UNKNOWN = Style("solid", "grey")


def plain(value: Any) -> Any:
    """As JSON gives it back, so that what was chosen compares with what was kept."""
    return json.loads(json.dumps(value))


def parties() -> dict[str, Party]:
    return {party.slug: party for party in Party.objects.all()}


def style(holding: dict | None, known: dict[str, Party]) -> Style:
    if not holding or holding["party"] not in known:
        return UNKNOWN
    return pictures.style(known[holding["party"]], holding["status"], holding["basis"])


def shapes(upload: Import) -> dict:
    """For the map: GeoJSON features with the style of what they are."""
    known = parties()
    drawn = [
        {
            "type": "Feature",
            "properties": asdict(style(one["holding"], known)) if "holding" in one else {"title": one.get("title", "")},
            "geometry": one["geometry"],
        }
        for one in (upload.plan or {}).get("shapes", [])
    ]
    return {"type": "FeatureCollection", "features": drawn}


def choosing(upload: Import, form, site_name: str) -> dict:
    """The context of the page on which it is chosen what a file means."""
    plan, known = upload.plan or {}, parties()
    styles = [style(area["holding"], known) for area in plan.get("areas", [])]
    edition = Edition.objects.filter(pk=plan.get("edition")).select_related("map").first()
    return {
        "form": form,
        "found": upload.found,
        "plan": plan,
        "planned": upload.is_planned,
        "areas": [row(area, look, known) for area, look in zip(plan.get("areas", []), styles, strict=True)],
        "overlaps": plan.get("overlaps", []),
        "edition": edition,
        "change": planned_change(plan, known),
        "patterns": patterns_of(styles),
        "sources": Source.objects.order_by("-id")[:MOST_SOURCES],
        "desk": desk(upload, edition, site_name),
    }


def row(area: dict, look: Style, known: dict[str, Party]) -> pictures.Holds:
    """A holding of the plan, for the table."""
    holding = area["holding"]
    party, claimed_by = (known.get(holding[name], holding[name]) for name in ("party", "claimed_by"))
    return pictures.Holds.of(Holding(**holding), str(party), str(claimed_by), look, area["km2"])


def planned_change(plan: dict, known: dict[str, Party]) -> ShownChange | None:
    """What an edition that is not made yet would change, with the parties as they are now."""
    said = plan.get("change")
    if said is None:
        return None
    parties = {slug: party.content() for slug, party in known.items()}
    return ShownChange(Change.from_json(said["change"]), parties, said["regions"])


def desk(upload: Import, edition: Edition | None, site_name: str) -> dict:
    """What the script of the map is told."""
    bounds = upload.map.bounds if upload.map else upload.found["bounds"]
    west, south, east, north = bounds or (22, 44, 41, 53)
    return {
        "base": reverse(f"{site_name}:mapdata_edition_base"),
        "areas": reverse(f"{site_name}:mapdata_edition_areas", args=[edition.pk]) if edition else "",
        "file": reverse(f"{site_name}:mapdata_import_shapes", args=[upload.pk]),
        "bounds": [[south, west], [north, east]],
    }


def done(upload: Import, site_name: str) -> dict:
    """What was made, and the way to it."""
    lists = {Kind.EVENTS: "event", Kind.REGIONS: "region", Kind.PLACES: "place"}
    if upload.edition:
        made_url = reverse(f"{site_name}:mapdata_edition_change", args=[upload.edition_id])
    elif upload.kind in lists:
        made_url = reverse(f"{site_name}:mapdata_{lists[upload.kind]}_changelist")
    else:
        made_url = ""
    return {"made_url": made_url, "outcome": (upload.plan or {}).get("outcome", {}), "plan": upload.plan}
