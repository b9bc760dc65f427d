"""Real map data that lies beside the repository, in `../shared/data`, where there is any."""

import os
import unittest
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """The path of a file or folder, such as `control/deepstate-2022`.

    Where it is absent the test that asks is skipped; in CI (the environment says CI) it fails: nothing may be left out.
    """
    path = SHARED / name
    if path.exists():
        return path
    if os.environ.get("CI"):
        pytest.fail(f"../shared/data/{name} is not there, and CI leaves nothing out.")
    raise unittest.SkipTest(f"../shared/data/{name} is not there.")
