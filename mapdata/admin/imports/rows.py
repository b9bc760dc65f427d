"""Files of rows (events, regions, places): each column means a field, and each row becomes one."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

import numpy as np
import shapely
from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mapdata.admin.imports import Tell, previews
from mapdata.admin.imports.forms import ChoicesForm
from mapdata.imports import kinds
from mapdata.imports.decisions import Decision
from mapdata.imports.files.columns import Field
from mapdata.imports.files.reading import Feature, Reading
from mapdata.imports.matching import headings, text_and_language
from mapdata.imports.plans import Plan
from mapdata.models import Import, Place, Region, SituationMap
from mapdata.models.imports import Kind
from newsroom.texts.languages import name_of_language

# What is asked of a column that no field of the model is called after.
QUESTIONS = {
    "code": _("Code"),
    "time": _("Time of day"),
    "source_url": _("Address of a source"),
    "region": _("Region"),
    "kind": _("Kind"),
}


class Form(ChoicesForm):
    """For each field the column that it is taken from."""

    template = "admin/mapdata/import/columns.html"
    outcome_template = "admin/mapdata/import/_rows_outcome.html"
    make_words: str | Promise = _("Import them")
    models: ClassVar[dict[str, type]] = {Kind.REGIONS: Region, Kind.PLACES: Place}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        matching = (self.plan or {}).get("matching", {})
        before = self.chosen_before.match
        for name in self.asked():
            chosen = before.get(name, matching.get(name, ""))
            self.fields[f"column_{name}"] = self.column(self.question(name), chosen, _("nothing"))

    def asked(self) -> list[str]:
        return list(headings(self.upload.kind))

    def question(self, name: str) -> str | Promise:
        if name in QUESTIONS:
            return QUESTIONS[name]
        field, language = text_and_language(self.upload.kind, name)
        words = capfirst(self.models[self.upload.kind]._meta.get_field(field).verbose_name)
        if not language:
            return words
        return _t("%(text)s in %(language)s") % {"text": words, "language": name_of_language(language)}

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{name}"] for name in self.asked()]

    def decision(self) -> Decision:
        said = self.read_as()
        before = self.chosen_before.match
        columns = {name: before.get(name, "") for name in headings(self.upload.kind)}
        columns |= {name: self.cleaned_data[f"column_{name}"] for name in self.asked()}
        return said.but(match={**said.match, **columns})

    def chosen(self) -> dict:
        return {"decision": self.decision().as_json()}


def guess(upload: Import, said: dict, reading: Reading, decision: Decision) -> dict:
    """Of what was remembered the columns that this file has too; the others are found by their names."""
    present = {field["name"] for field in said["fields"]}
    match = {name: column for name, column in decision.match.items() if not column or column in present}
    return {"decision": decision.but(match=match).as_json()}


def columns(reading: Reading) -> Sequence[Field]:
    """What can be asked about."""
    return reading.fields


def plan(reading: Reading, map_: SituationMap | None, choices: dict, tell: Tell) -> Plan:
    return kinds.plan(reading, map_, Decision.from_json(choices["decision"]), tell)


def settled(choices: dict, planned: Plan) -> dict:
    """What was chosen, with the columns that were found by their names; "" for a field that has none.

    So the page that shows the plan sends the same choices again, unless somebody changes one.
    """
    decision = planned.decision
    columns = {name: planned.matching.get(name, "") for name in headings(decision.kind)}
    return choices | {"decision": decision.but(match={**decision.match, **columns}).as_json()}


def more(upload: Import, planned: Plan, tell: Callable[[str], None]) -> dict:
    said = planned.details()
    words = _t("%(new)s new, %(known)s there already, which are brought up to date.")
    return {"shapes": shapes(planned.reading.features), "words": words % said}


def shapes(features: Iterable[Feature]) -> list[dict]:
    """For the map: of many points some, spread over the ground; of areas their outlines, simplified."""
    points, areas = [], []
    for feature in features:
        (points if feature.point is not None else areas).append(feature)
    if points:
        places = np.array([feature.point.coords[0] for feature in points])
        points = [points[place] for place in previews.thinned(places)]
    drawn = previews.simplified([feature.geometry for feature in areas])
    pairs = [*((one, one.geometry) for one in points), *zip(areas, drawn, strict=True)]
    return [
        {"title": title_of(feature), "geometry": json.loads(shapely.to_geojson(shape))}
        for feature, shape in pairs
        if not shape.is_empty
    ]


def title_of(feature: Feature) -> str:
    """For somebody who points at it: its number and the first that it says in words."""
    said = (str(value) for value in feature.properties.values() if isinstance(value, str) and len(value) > 3)
    return f"{feature.number}: {next(said, '')[:80]}"


def write(upload: Import, planned: Plan, by, tell: Tell) -> dict:
    return {"words": in_words(kinds.store(planned, by, tell))}


def in_words(count: Mapping[str, int]) -> str:
    """How many rows were added, changed and left as they were."""
    words = {
        "added": ngettext("%(count)d added", "%(count)d added", count.get("added", 0)),
        "changed": ngettext("%(count)d changed", "%(count)d changed", count.get("changed", 0)),
        "unchanged": ngettext("%(count)d as it was", "%(count)d as they were", count.get("unchanged", 0)),
    }
    said = [words[name] % {"count": value} for name, value in count.items() if name in words]
    return capfirst(", ".join(said)) + "." if said else ""
