"""What somebody decided about a file: how to read it and what its columns and values mean. It can be kept as JSON."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _

from mapdata.ground.areas import Holding
from mapdata.imports.files import dating, tables
from mapdata.imports.files.proposals import Bounds
from mapdata.imports.files.reading import Limits, Progress, Reading, open_file

# What is said of a property where no property says who holds ground; no file has one of that name.
NOWHERE = "\N{SYMBOL FOR NULL}"
KINDS = ("control", "regions", "events", "places")
# Columns that say where something is are wanted when the file is opened, the others when it is planned.
_COORDINATES = (tables.LAT, tables.LON, tables.BOTH, tables.WKT)


@dataclass(frozen=True)
class Decision:
    """All that a person may say; empty is what was not said.

    `match` has the column for a field, "" for a field that is to stay empty; `lat`, `lon`, `latlon` and `wkt` are
    fields too. `field` is the property that says who holds ground (NOWHERE: none does), `meanings` what its values
    mean, in order: where ground of two overlaps the first gets it. `types` are the types of event that values of their
    column mean. `at` is the moment of whatever has none. `accept` are proposals, by their `accept`. `source` is
    "publisher" or "publisher: title".
    """

    kind: str = "control"
    encoding: str = ""
    crs: str = ""
    layer: str = ""
    accept: tuple[str, ...] = ()
    match: Mapping[str, str] = dataclasses.field(default_factory=dict)
    field: str = ""
    meanings: Mapping[str, Holding] = dataclasses.field(default_factory=dict)
    skip: tuple[str, ...] = ()
    types: Mapping[str, str] = dataclasses.field(default_factory=dict)
    at: dating.Moment | None = None
    source: str = ""
    # Whether ground with a feature that cannot be used is refused as a whole.
    whole: bool = False
    # Whether events that seem to be there already are made all the same.
    duplicates: bool = False

    def open(
        self,
        path: Path,
        frame: Bounds | None = None,
        limits: Limits | None = None,
        progress: Progress | None = None,
        *,
        geojson_only: bool = False,
    ) -> Reading:
        """Read a file in the way that was decided. Raises Unreadable."""
        columns = {role: column for role, column in self.match.items() if role in _COORDINATES and column}
        return open_file(
            path, limits, frame=frame, encoding=self.encoding, crs=self.crs, accept=self.accept, columns=columns,
            layer=self.layer, geojson_only=geojson_only, progress=progress,
        )  # fmt: skip

    def but(self, **changes) -> Self:
        """The same with some of it said otherwise."""
        return dataclasses.replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        """Plain data, for a JSONField; `from_json` reads it again."""
        meanings = [
            [value, [holding.party, holding.status, holding.basis, holding.claimed_by]]
            for value, holding in self.meanings.items()
        ]
        return {
            "kind": self.kind,
            "encoding": self.encoding,
            "crs": self.crs,
            "layer": self.layer,
            "accept": list(self.accept),
            "match": dict(self.match),
            "field": self.field,
            "meanings": meanings,
            "skip": list(self.skip),
            "types": dict(self.types),
            "at": self.at.isoformat() if self.at else "",
            "source": self.source,
            "whole": self.whole,
            "duplicates": self.duplicates,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """What `as_json` gave, also of an earlier release that knew less. Raises ValueError for anything else."""
        try:
            return cls(
                kind=str(said.get("kind", "control")),
                encoding=str(said.get("encoding", "")),
                crs=str(said.get("crs", "")),
                layer=str(said.get("layer", "")),
                accept=tuple(map(str, said.get("accept", ()))),
                match={str(name): str(column) for name, column in said.get("match", {}).items()},
                field=str(said.get("field", "")),
                meanings={str(value): Holding(*map(str, parts)) for value, parts in said.get("meanings", ())},
                skip=tuple(map(str, said.get("skip", ()))),
                types={str(value): str(kind) for value, kind in said.get("types", {}).items()},
                at=dating.from_value(said.get("at") or None),
                source=str(said.get("source", "")),
                whole=bool(said.get("whole", False)),
                duplicates=bool(said.get("duplicates", False)),
            )
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(_("This is not what was kept of an import.")) from error
