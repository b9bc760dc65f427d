"""What it costs to write the whole series of a map, each format in a process of its own: time, size, memory."""

import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import shapely
from django.conf import settings

from mapdata.exports import FORMATS, GROUND_FORMATS
from mapdata.exports.control import ExportedEdition, control_table
from mapdata.exports.tables import Terms
from mapdata.ground.areas import Area, Holding, area_km2
from mapdata.imports.control.assigning import assign, pieces_of
from mapdata.imports.files.reading import open_file

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT.parent / "shared" / "data" / "control" / "deepstate-2022"
MOST_SECONDS, MOST_MB = 5, 250
STATUSES = ("controlled", "contested", "liberated", "advance", "infiltration", "unknown")
AS_OF = datetime(2022, 12, 1, tzinfo=UTC)


def report(say: Callable[[str], None]) -> None:
    files = sorted(FILES.glob("*.geojson"))
    if not files:
        say(f"\nExports: left out, {FILES} is not there")
        return
    if not settings.configured:
        # What reads the files would translate what it says of them.
        settings.configure(USE_I18N=False)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder, "pictures.pickle")
        kept.write_bytes(pickle.dumps([picture(number, path) for number, path in enumerate(files, start=1)]))
        results = {one: measured(one, kept) for one in GROUND_FORMATS}
    points = next(iter(results.values()))["points"]
    say(
        f"\nExport of a series: {len(files)} editions, {points} vertices "
        f"(target: {MOST_SECONDS} s and {MOST_MB} MB at most)"
    )
    say(f"  {'':12}{'s':>8}{'MB':>8}{'before, MB':>13}{'peak, MB':>11}")
    for name, found in results.items():
        over = found["seconds"] > MOST_SECONDS or found["peak"] > MOST_MB
        say(
            f"  {FORMATS[name].name:12}{found['seconds']:>8.2f}{found['bytes'] / 1e6:>8.1f}{found['before']:>13.0f}"
            f"{found['peak']:>11.0f}{'  over the target' if over else ''}"
        )


def measured(extension: str, pictures: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.exports", extension, str(pictures)]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def picture(number: int, path: Path) -> ExportedEdition:
    """An edition with the ground of a file, as the importer takes it."""
    pieces = pieces_of(open_file(path).features, "status")
    values = sorted({value for value, _ground in pieces})
    meanings = {value: Holding("rusland", status) for value, status in zip(values, STATUSES, strict=False)}
    areas = assign(pieces, meanings).areas
    content = {
        "map": {"slug": "kaart", "title": {"nl": "Kaart"}},
        "situation_at": f"{path.stem}T20:00:00+00:00",
        "parties": {"rusland": {"name": {"nl": "Rusland", "en": "Russia"}}},
        "areas": [said_of(area) for area in areas],
        "sources": [{"publisher": "Kaart", "title": path.name, "url": "", "licence": ""}],
    }
    return ExportedEdition(number, "update", "0" * 64, AS_OF, content, [area.ground for area in areas])


def said_of(area: Area) -> dict:
    holding = area.holding
    return {
        "party": holding.party,
        "status": holding.status,
        "basis": holding.basis,
        "claimed_by": holding.claimed_by,
        "km2": round(area_km2(area.ground), 2),
    }


def peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def write(extension: str, pictures: Path) -> None:
    """In a process of its own: what it took, as JSON on standard output."""
    table = control_table(
        pickle.loads(pictures.read_bytes()), Terms("De Redactie", "CC BY 4.0", ("nl", "en", "uk")), AS_OF
    )
    before, began = peak_mb(), time.perf_counter()
    data = FORMATS[extension].write(table)
    found = {"seconds": time.perf_counter() - began, "bytes": len(data), "before": before, "peak": peak_mb()}
    points = int(sum(shapely.get_num_coordinates(row.shape) for row in table.rows))
    print(json.dumps(found | {"points": points}))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        write(sys.argv[1], Path(sys.argv[2]))
    else:
        report(print)
