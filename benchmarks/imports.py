"""What importing costs: time, and the most memory that a process of its own took."""

import csv
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HUGE = ROOT.parent / "shared" / "data" / "imports" / "huge-deepstate-2024-2026.geojson.gz"
MAP = "situatie-oekraine"
ROWS = 100_000

# Runs a command and says what it took: the children's maximum is this process's only child's.
MEASURE = """
import json, resource, subprocess, sys, time
began = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([done.returncode, time.monotonic() - began, peak, done.stderr[-300:]]))
"""


def measured(env: dict, *arguments: str) -> tuple[float, float]:
    """(seconds, peak MB) of a management command; RuntimeError where it fails."""
    command = [sys.executable, "-c", MEASURE, sys.executable, "manage.py", *arguments]
    said = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
    status, seconds, peak, error = json.loads(said)
    if status:
        raise RuntimeError(error)
    # Linux counts kilobytes, macOS bytes.
    return seconds, peak / (1024 if sys.platform == "linux" else 1024 * 1024)


def events(path: Path) -> None:
    """As many rows as the target names, each another event."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "datum", "lat", "lon", "soort", "titel", "bron"])
        for number in range(ROWS):
            day = f"2022-{1 + number % 12:02}-{1 + number % 28:02}"
            place = [f"{chance.uniform(45, 52):.5f}", f"{chance.uniform(23, 40):.5f}"]
            kind = chance.choice(["airstrike", "battle", "aid"])
            title = f"Gebeurtenis {number} bij dorp {number % 977}"
            writer.writerow([number, day, *place, kind, title, f"https://example.org/{number % 500}"])


def report(say: Callable[[str], None]) -> None:
    """Figures beside their targets, in a newsroom of their own."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"DATA_DIR": folder, "DATABASE_URL": "", "PRODUCTION": "0"}
        for command in (["migrate", "--verbosity=0"], ["load_demo", "--verbosity=0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        base, memory = measured(env, "check")
        say(f"  a command that does nothing: {base:.1f} s, {memory:.0f} MB")
        if HUGE.exists():
            path = Path(folder) / "2026-01-01.geojson.gz"
            path.write_bytes(HUGE.read_bytes())
            meaning = ["--as", "occupied=rusland:controlled"]
            seconds, peak = measured(env, "import_file", str(path), "--kind", "control", "--map", MAP, *meaning)
            say(f"  huge control file (257 features, 755,458 points): {seconds:.1f} s, {peak:.0f} MB (at most 512 MB)")
            plain = Path(folder) / "2026-01-02.geojson"
            plain.write_bytes(gzip.decompress(HUGE.read_bytes()))
            seconds, peak = measured(env, "import_control", str(plain), "--map", MAP, *meaning)
            say(f"  the same by import_control: {seconds:.1f} s, {peak:.0f} MB (at most 512 MB)")
        path = Path(folder) / "events.csv"
        events(path)
        seconds, peak = measured(env, "import_file", str(path), "--kind", "events", "--map", MAP)
        say(f"  {ROWS:,} events from a CSV: {seconds:.0f} s (target under 180 s), {peak:.0f} MB")


if __name__ == "__main__":
    report(print)
