"""What would be made of a reading: nothing is written, and everything that is in doubt is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from mapdata.imports.decisions import Decision
from mapdata.imports.files.reading import Feature, Reading
from mapdata.imports.files.records import Refusal


class Undecided(Exception):
    """Something must be said before this can be stored; the message says what."""


@dataclass(frozen=True)
class Plan:
    """`imported` features become something. `refused` cannot, and why; `left_out` are not of this kind.

    `undecided` is what must be said before it can be stored; until then `imported` are those that could be. `matching`
    is the column of each field, as it was found or said. `proposals` are as in JSON, with what accepts each.
    """

    reading: Reading
    decision: Decision
    imported: int = 0
    refused: tuple[Refusal, ...] = ()
    left_out: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = ()
    undecided: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    matching: Mapping[str, str] = field(default_factory=dict)
    proposals: tuple[dict, ...] = ()

    def refuse_undecided(self) -> None:
        """Raises Undecided where something is, with all of it."""
        if self.undecided:
            raise Undecided(" ".join(self.undecided))

    def details(self) -> dict:
        """What this kind adds to the report."""
        return {}


def of_reading(reading: Reading) -> tuple[list[str], list[dict]]:
    """What is undecided, and the proposals, before anybody looks at what the features mean."""
    offered = [proposal.as_json() for proposal in reading.proposals]
    if not offered:
        return [], []
    said = "; ".join(f"{proposal.words} ({proposal.accept})" for proposal in reading.proposals[:3])
    words = _("Nothing in the file lies on this map. Accept a proposal, or “as_it_is”: %(proposals)s")
    return [words % {"proposals": said}], offered


def split(reading: Reading, kind: str) -> tuple[list[Feature], list[Refusal]]:
    """The features of a kind ("ground" or "point"), and the others, each with why it is left out."""
    words = {
        ("ground", "point"): _("It is a point, and has no ground."),
        ("ground", "line"): _("It is a line, and has no ground."),
        ("point", "ground"): _("It is an area, not a point."),
        ("point", "line"): _("It is a line (a track, a road, a river), not a point."),
        ("point", "point"): _("It has several points."),
    }
    fitting: list[Feature] = []
    left_out: list[Refusal] = []
    for feature in reading.features:
        if feature.kind == kind and (kind == "ground" or feature.point is not None):
            fitting.append(feature)
        else:
            left_out.append(Refusal(feature.number, words[kind, feature.kind], feature.properties))
    return fitting, left_out
