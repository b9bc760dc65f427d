"""What the values of a control file's column seem to mean: guesses, which a person looks at before anything is made."""

import re
from collections.abc import Mapping

from mapdata.ground import ASSESSED, CLAIMED, area_km2
from mapdata.models import Import, Party

# Columns of this name say who holds it; of several, the one named first here.
COLUMNS = ("status", "control", "controlled_by", "controller", "side", "party", "holder", "owner", "actor", "type",
    "layer", "name", "fill", "class", "category", "legend")  # fmt: skip
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


def counted(found: dict, field: str) -> dict[str, int]:
    """How often each value occurs; of no column, the one value that stands for all. Empty where there are too many."""
    if not field:
        return {"": found["usable"]}
    values = next((one["values"] for one in found["fields"] if one["name"] == field), {})
    return values if len(values) <= MOST_VALUES else {}


def likely_column(found: dict) -> str:
    """The column that seems to say who holds it; "" where none does."""
    usable = [one["name"] for one in found["fields"] if len(counted(found, one["name"])) >= 1 and one["filled"]]
    by_name = {name.casefold(): name for name in reversed(usable)}
    return next((by_name[name] for name in COLUMNS if name in by_name), "")


def guessed(upload: Import, found: dict, field: str, remembered: Mapping[str, dict | None]) -> list[list]:
    """[value, meaning] for each value of the column, in the order in which they win where they overlap.

    What was remembered stands first, in its own order; then those that occur most.
    """
    present = counted(found, field)
    known = [[value, meaning] for value, meaning in remembered.items() if value in present]
    rest = sorted((value for value in present if value not in remembered), key=lambda value: -present[value])
    guess = Guess(upload)
    return known + [[value, guess.meaning(value)] for value in rest]


class Guess:
    """Knows the parties, and who holds most of the map: "occupied" without a name is that party's."""

    def __init__(self, upload: Import):
        self.parties = list(Party.objects.all())
        edition = upload.map.editions.showing() if upload.map else None
        areas = sorted(edition.ground_areas() if edition else (), key=lambda area: -area_km2(area.ground))
        self.most = next((area.holding.party for area in areas if area.holding.status == "controlled"), "")
        self.by_status = {area.holding.status: area.holding.party for area in reversed(areas)}

    def meaning(self, value: str) -> dict | None:
        """As JSON (party, status, basis, claimed_by); None where nothing can be guessed."""
        words = value.casefold()
        status = next((name for name, parts in STATUSES.items() if any(part in words for part in parts)), "")
        party = self.party(words) or self.by_status.get(status, "") or (self.most if status == "controlled" else "")
        if not party:
            return None
        claimed = any(part in words for part in CLAIMS)
        basis = {"basis": CLAIMED, "claimed_by": party} if claimed else {"basis": ASSESSED, "claimed_by": ""}
        return {"party": party, "status": status or "controlled"} | basis

    def party(self, words: str) -> str:
        """The party that a value names, by a name or the beginning of one: "Russian", "RU", "rus"."""
        for party in self.parties:
            names = [name.casefold() for name in (party.slug, party.name_nl, party.name_en, party.name_uk) if name]
            for word in re.findall(r"\w+", words):
                if any(name in words or (len(word) >= 2 and name.startswith(word)) for name in names):
                    return party.slug
                # Russian of Russia, Ukrainian of Ukraine.
                if any(len(name) > 4 and word.startswith(name[:-1]) for name in names):
                    return party.slug
        return ""
