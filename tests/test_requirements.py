"""What is installed is what is written down, to the version: an install next year is the same as today's."""

import os
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
# They come with a virtual environment.
OF_PYTHON = {"pip", "setuptools", "wheel"}


def pinned(name: str) -> dict[str, Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-r")]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def test_every_library_is_pinned_to_one_version():
    for requirement in [*pinned("requirements.txt").values(), *pinned("requirements-dev.txt").values()]:
        assert [clause.operator for clause in requirement.specifier] == ["=="], requirement


@pytest.mark.skipif("CI" not in os.environ, reason="who develops may have more in .venv; CI begins from nothing")
def test_nothing_is_installed_that_is_not_written_down():
    written = {*pinned("requirements.txt"), *pinned("requirements-dev.txt"), *OF_PYTHON}
    installed = {canonicalize_name(distribution.name) for distribution in distributions()}
    assert installed - written == set()


def test_every_library_that_is_asked_for_has_a_reason():
    reasons = (ROOT / "docs" / "dependencies.md").read_text()
    for name in ("requirements.txt", "requirements-dev.txt"):
        asked_for = (ROOT / name).read_text().split("# What those need.")[0]
        for line in asked_for.splitlines():
            if "==" in line:
                assert line.split("==")[0] in reasons, line
