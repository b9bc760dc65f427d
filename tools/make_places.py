"""Makes mapdata/data/places.csv.gz from a table of places in GeoNames' terms.

    python -m tools.make_places ukraine-places.csv

The same input gives the same bytes.
"""

import csv
import gzip
import io
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "mapdata" / "data" / "places.csv.gz"
COLUMNS = ("geonameid", "name_nl", "name_en", "name_uk", "lon", "lat", "population", "region")


def main(source: Path) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    with source.open(encoding="utf-8-sig", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: int(row["geonameid"])):
            row["region"] = row["oblast_iso"]
            writer.writerow([row[column] for column in COLUMNS])
    with TARGET.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
