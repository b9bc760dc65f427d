"""Imports run one way: articles -> mapdata -> newsroom's shared modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What each app may name; only the site's wiring names them all.
MAY_IMPORT = {
    "newsroom": {"newsroom"},
    "mapdata": {"newsroom", "mapdata"},
    "articles": {"newsroom", "mapdata", "articles"},
}
WIRING = {"newsroom/settings.py", "newsroom/urls.py", "newsroom/apps.py"}
OURS = {*MAY_IMPORT, "tests", "tools", "benchmarks"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in MAY_IMPORT:
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


def test_imports_run_one_way():
    wrong = []
    for name, tree in modules():
        allowed = MAY_IMPORT[name.split("/")[0]]
        for node in ast.walk(tree):
            for package in imported(node):
                if package in OURS - allowed and name not in WIRING:
                    wrong.append(f"{name}:{node.lineno} imports {package}")
    assert wrong == []


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
