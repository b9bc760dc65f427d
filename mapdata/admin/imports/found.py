"""What the desk keeps of a reading: enough to ask what it means, never the whole file."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from mapdata.imports.files.columns import Field
from mapdata.imports.files.proposals import rounded
from mapdata.imports.files.reading import Feature, Reading
from mapdata.imports.files.records import Refusal

# Lines that a person still looks through; of more the number is told.
MOST_LINES = 100
ROWS = 10
LONGEST = 120


def found(reading: Reading, columns: Iterable[Field]) -> dict:
    """As JSON: these columns with samples, the notes, what was repaired and what cannot be read."""
    members = reading.members or {}
    said = {
        "format": reading.format,
        "encoding": reading.encoding,
        "crs": reading.crs,
        "count": reading.count,
        "usable": len(reading.features),
        "shapes": dict(Counter(feature.kind for feature in reading.features)),
        "area_km2": round(reading.area_km2, 2),
        "bounds": rounded(reading.bounds),
        "moment": reading.moment and reading.moment.isoformat(),
        "fields": [field.as_json() for field in columns],
        "layers": list(members.get("layers") or []),
        "layer": str(members.get("layer") or ""),
        "notes": list(reading.notes),
        "proposals": [proposal.as_json() for proposal in reading.proposals],
        "repaired": lines(Refusal(one.number, "; ".join(one.repairs)) for one in reading.repaired),
        "refused": lines(reading.refused),
        "warnings": lines(reading.warnings),
    }
    return storable(said)


def storable(value: Any) -> Any:
    """The same, without the characters that a database refuses: NUL, and halves of pairs."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {storable(key): storable(one) for key, one in value.items()}
    return [storable(one) for one in value] if isinstance(value, list | tuple) else value


def lines(refusals: Iterable[Refusal]) -> dict:
    """The first of them, each with the feature's number, and how many there are."""
    listed = list(refusals)
    return {
        "count": len(listed),
        "lines": [[one.feature, one.reason] for one in listed[:MOST_LINES]],
    }


def first_rows(features: Iterable[Feature], names: list[str]) -> list[list[str]]:
    """The first features as a table: number, then these columns."""
    table = []
    for feature in features:
        if len(table) == ROWS:
            break
        table.append([str(feature.number), *(shortened(feature.properties.get(name)) for name in names)])
    return table


def shortened(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
