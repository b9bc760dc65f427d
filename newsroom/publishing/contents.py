"""What is found in a version's content, wherever in it: sources and pictures. Pure."""

from collections.abc import Iterator
from typing import Any


def sources_in(content: Any) -> Iterator[dict[str, Any]]:
    """Every source that it names."""
    return _with(content, "archived_url")


def pictures_in(content: Any) -> Iterator[dict[str, Any]]:
    """Every picture that it shows."""
    return _with(content, "digest", "renditions")


def never_archived(content: Any) -> list[str]:
    """The publishers whose pages may be gone tomorrow: of sources with an address of which no copy is known."""
    found = sources_in(content)
    return list(dict.fromkeys(source["publisher"] for source in found if source["url"] and not source["archived_url"]))


def _with(content: Any, *keys: str) -> Iterator[dict[str, Any]]:
    """Every object that has these keys."""
    if isinstance(content, dict):
        if all(key in content for key in keys):
            yield content
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from _with(part, *keys)
