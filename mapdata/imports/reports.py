"""What became of a file, as JSON; the same for every format and kind."""

from typing import Any

from mapdata.imports.control.store import Report
from mapdata.imports.files.proposals import rounded
from mapdata.imports.files.records import Refusal, Unreadable
from mapdata.imports.plans import Plan

REFUSED, PLANNED, STORED = "refused", "would be imported", "imported"


def of_unreadable(file: str, kind: str, why: Unreadable) -> dict[str, Any]:
    """Of a file that could not be read at all."""
    return {
        "file": file, "kind": kind, "outcome": REFUSED, "format": None, "features": 0, "usable": 0, "imported": 0,
        "repaired": 0, "repairs": [], "refused": _refusals([Refusal(None, str(why))]), "left_out": [], "warnings": [],
        "undecided": [], "proposals": [], "bounds": None, "area_km2": 0.0, "encoding": None, "crs": None, "notes": [],
    }  # fmt: skip


def of_plan(file: str, plan: Plan) -> dict[str, Any]:
    """Of what would be made. Areas in km², bounds (west, south, east, north) in degrees of all that can be used."""
    reading = plan.reading
    return {
        "file": file,
        "kind": plan.decision.kind,
        "outcome": PLANNED if plan.imported else REFUSED,
        "format": reading.format,
        "encoding": reading.encoding,
        "crs": reading.crs,
        "features": reading.count,
        "usable": len(reading.features),
        "imported": plan.imported,
        "repaired": len(reading.repaired),
        "repairs": [feature.repairs_as_json() for feature in reading.repaired],
        "refused": _refusals(plan.refused),
        "left_out": _refusals(plan.left_out),
        "warnings": _refusals(plan.warnings),
        "undecided": list(plan.undecided),
        "proposals": list(plan.proposals),
        "bounds": rounded(reading.bounds),
        "area_km2": round(reading.area_km2, 2),
        "vertices": reading.vertices,
        "moment": reading.moment.isoformat() if reading.moment else None,
        "matching": dict(plan.matching),
        "fields": [field.as_json() for field in reading.fields],
        "notes": list(plan.notes),
    } | plan.details()


def of_stored(file: str, plan: Plan, result: Report | dict[str, int]) -> dict[str, Any]:
    """Of what was made: `result` says what, by kind."""
    done = result.as_json() if isinstance(result, Report) else result
    if isinstance(result, Report):
        done = {name: done[name] for name in ("outcome", "edition", "situation_at")} | {
            "draft": result.made.pk if result.made and result.made.is_draft else None
        }
    return of_plan(file, plan) | {"outcome": STORED, "result": done}


def _refusals(refused) -> list[dict]:
    return [{"feature": refusal.feature, "reason": refusal.reason} for refusal in refused]
