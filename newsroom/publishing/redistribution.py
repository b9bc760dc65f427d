"""Which sources may not be passed on: what rests on one of them stays out of the files that readers download. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FLAG = "not_for_redistribution"
# By these a source is known in versions that do not name its row.
NAMED = ("publisher", "title", "url")


@dataclass(frozen=True)
class Withheld:
    """The sources that are not for redistribution as the desk has them now: (id, publisher, title, address)."""

    sources: Collection[tuple[int, str, str, str]] = ()

    def publishers(self, sources: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
        """Whose of these sources, as versions have them, may not be passed on: then as published or now."""
        return tuple(dict.fromkeys(source["publisher"] for source in sources if self._holds(source)))

    def _holds(self, source: Mapping[str, Any]) -> bool:
        if source.get(FLAG):
            return True
        return any(_same(source, *flagged) for flagged in self.sources)


def _same(source: Mapping[str, Any], pk: int, publisher: str, title: str, url: str) -> bool:
    """Whether a version's source is that row of the desk. Versions of earlier releases do not know its id: those go by
    the address, or by publisher and title where one of the two has none. Rather too much than too little."""
    if source.get("id") == pk or (url and source["url"] == url):
        return True
    return (source["publisher"], source["title"]) == (publisher, title) and not (url and source["url"])
