"""Imports run one way: articles -> mapdata -> newsroom's shared modules, and down the floors of each."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("newsroom", "mapdata", "articles")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def imported(node: ast.AST) -> list[str]:
    """The top-level packages that a statement imports."""
    if isinstance(node, ast.Import):
        return [name.name.split(".")[0] for name in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "write imports in full"
        return [node.module.split(".")[0]]
    return []


def test_imports_go_down_the_floors_of_the_house():
    # The contracts stand in pyproject.toml; what is broken is told on the output. In a process of its own: the linter
    # switches off every log that is open.
    linter = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_logo=True, no_cache=True))"
    assert subprocess.run([sys.executable, "-c", linter], cwd=ROOT).returncode == 0


def test_imports_stand_at_the_top_of_files():
    late = [
        f"{name}:{statement.lineno}"
        for name, tree in modules()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for statement in ast.walk(function)
        if imported(statement)
    ]
    assert late == []


def test_django_gis_is_not_used():
    gis = [
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.contrib.gis")
    ]
    assert gis == []
