"""Which property of a control file says who holds ground, and what its values seem to mean.

The first is guessed for whoever did not say it; the second is shown to a person before anything is made.
"""

import re
from collections.abc import Iterable

from mapdata.ground.areas import ASSESSED, CLAIMED, Holding, area_km2
from mapdata.imports import matching
from mapdata.imports.decisions import NOWHERE, Decision
from mapdata.imports.files.columns import Field
from mapdata.models import Import, Party

# A file has as many values as somebody can give a meaning one by one.
MOST_VALUES = 30
STATUSES = {
    "liberated": ("liberat", "retaken", "recaptur", "counteroff", "bevrijd", "herover", "звільн", "освобожд"),
    "contested": ("contest", "disput", "betwist", "grey", "gray", "спірн"),
    "infiltration": ("infiltr",),
    "advance": ("advance", "opmars", "просув"),
    "unknown": ("unknown", "onbekend", "unclear", "невідом"),
    "controlled": ("occup", "control", "bezet", "annex", "held", "окупован", "оккупир"),
}
CLAIMS = ("claim", "beweer", "claimt", "заяв")


# More values than this, and hardly two alike, are names.
FEW = 12


def column(fields: Iterable[Field]) -> str:
    """The property that seems to say who holds ground, by its name and by saying only a few things; empty for none."""
    named = {field.name: field for field in fields}

    def fits(_field: str, name: str) -> bool:
        filled, values = named[name].filled, len(named[name].values)
        return bool(filled) and 0 < values <= MOST_VALUES and (values <= FEW or 2 * values <= filled)

    return matching.guess("control", named, {}, fits).get("field", "")


def counted(found: dict, field: str) -> dict[str, int]:
    """How often each value occurs, or that all are alike where no column is chosen; empty where they are too many."""
    if not field or field == NOWHERE:
        return {"": found["shapes"].get("ground", 0)}
    values = next((one["values"] for one in found["fields"] if one["name"] == field), {})
    return values if len(values) <= MOST_VALUES else {}


def guessed(upload: Import, found: dict, decision: Decision) -> Decision:
    """The decision with a meaning for each value of its column that can be guessed.

    What was said of values before stays, and stands first; then those that occur most.
    """
    present = counted(found, decision.field)
    known = {value: holding for value, holding in decision.meanings.items() if value in present}
    guess = Guess(upload)
    for value in sorted(present, key=lambda value: -present[value]):
        if value not in known and value not in decision.skip and (holding := guess.meaning(value)):
            known[value] = holding
    return decision.but(meanings=known, skip=tuple(value for value in decision.skip if value in present))


class Guess:
    """Knows the parties, and who holds most of the map: "occupied" without a name is that party's."""

    def __init__(self, upload: Import):
        self.parties = list(Party.objects.all())
        edition = upload.map.editions.showing() if upload.map else None
        areas = sorted(edition.ground_areas() if edition else (), key=lambda area: -area_km2(area.ground))
        self.most = next((area.holding.party for area in areas if area.holding.status == "controlled"), "")
        self.by_status = {area.holding.status: area.holding.party for area in reversed(areas)}

    def meaning(self, value: str) -> Holding | None:
        words = value.casefold()
        status = next((name for name, parts in STATUSES.items() if any(part in words for part in parts)), "")
        party = self.party(words) or self.by_status.get(status, "") or (self.most if status == "controlled" else "")
        if not party:
            return None
        claimed = any(part in words for part in CLAIMS)
        return Holding(party, status or "controlled", CLAIMED if claimed else ASSESSED, party if claimed else "")

    def party(self, words: str) -> str:
        """The party that a value names, by a name or the beginning of one: "Russian", "RU", "rus"."""
        for party in self.parties:
            names = [name.casefold() for name in (party.slug, *party.name.values())]
            for word in re.findall(r"\w+", words):
                if any(name in words or (len(word) >= 2 and name.startswith(word)) for name in names):
                    return party.slug
                # Russian of Russia, Ukrainian of Ukraine.
                if any(len(name) > 4 and word.startswith(name[:-1]) for name in names):
                    return party.slug
        return ""
