"""A file of who holds what: each value of one of its columns is a party's ground, and the whole a draft edition."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC

import shapely
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata.admin.forms import SiteClock, not_in_the_future
from mapdata.admin.imports import Tell, previews
from mapdata.admin.imports.forms import ChoicesForm, SourceField
from mapdata.ground import changes
from mapdata.ground.areas import CLAIMED, Area, Holding, area_km2
from mapdata.imports import kinds
from mapdata.imports.control import guesses
from mapdata.imports.control.plan import ControlPlan, ground_fields
from mapdata.imports.control.store import Outcome, present, store
from mapdata.imports.decisions import NOWHERE, Decision
from mapdata.imports.files.columns import Field
from mapdata.imports.files.reading import Reading
from mapdata.imports.provenance import situation_of
from mapdata.models import ControlArea, Edition, Import, Party, Region, SituationMap

# Who holds what is left out.
SKIP = "-"
PARTS = ("order", "party", "status", "basis", "claimed_by")


class MomentInput(forms.DateTimeInput):
    """To the second: the end of a day is a second before midnight."""

    input_type = "datetime-local"

    def __init__(self):
        super().__init__({"step": 1}, format="%Y-%m-%dT%H:%M:%S")


class Form(SiteClock, ChoicesForm):
    """The column that says who holds it, what each of its values means, and of when and from whom the picture is."""

    moment_field = "situation_at"
    template = "admin/mapdata/import/control.html"
    outcome_template = "admin/mapdata/import/_control_outcome.html"
    make_words = _("Make the draft edition")

    field = forms.ChoiceField(
        label=_("Who holds it stands in"),
        required=False,
        help_text=_("After choosing another column, look again: then its values stand below."),
    )
    # The column that the values below are of.
    values_of = forms.CharField(required=False, widget=forms.HiddenInput)
    # With what the page showed beside it: the end of today is now, and moves.
    situation_at = forms.DateTimeField(
        label=_("Situation at"), required=False, widget=MomentInput, show_hidden_initial=True
    )
    source = SourceField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        before = self.chosen_before
        few = [field["name"] for field in self.found["fields"] if guesses.counted(self.found, field["name"])]
        nowhere = _("nowhere: all of it is held alike")
        self.fields["field"].choices = [
            ("", f"({nowhere})"),
            *(choice for choice in self.column("", "", "").choices if choice[0] in few),
        ]
        column = before.field if before.field in few else ""
        self.fields["field"].initial = self.fields["values_of"].initial = column
        self.fields["situation_at"].initial = before.at and timezone.localtime(situation_of(before.at, self.upload.map))
        self.fields["source"].initial = before.source
        self.said = list(self._said())
        self._ask_for_meanings()

    def _said(self):
        """Each value with its holding, None while nobody said what it means, SKIP where it is left out; in order."""
        before = self.chosen_before
        counted = guesses.counted(self.found, before.field)
        yield from ((value, holding) for value, holding in before.meanings.items() if value in counted)
        for value in counted:
            if value not in before.meanings:
                yield value, SKIP if value in before.skip else None

    def _ask_for_meanings(self) -> None:
        parties = [(party.slug, str(party)) for party in Party.objects.all()]
        holders = [("", _("Say who")), *parties, (SKIP, _("Nobody: leave it out"))]
        for place, (_value, said) in enumerate(self.said):
            holding = said if isinstance(said, Holding) else Holding("")
            fields = {
                "order": forms.IntegerField(label=_("order"), initial=place + 1, min_value=1, max_value=999),
                "party": forms.ChoiceField(
                    label=_("party"), required=False, choices=holders, initial=SKIP if said == SKIP else holding.party
                ),
                "status": forms.ChoiceField(label=_("status"), choices=ControlArea.Status, initial=holding.status),
                "basis": forms.ChoiceField(label=_("basis"), choices=ControlArea.Basis, initial=holding.basis),
                "claimed_by": forms.ChoiceField(
                    label=_("claimed by"), required=False, choices=[("", "–"), *parties], initial=holding.claimed_by
                ),
            }
            fields["order"].widget.attrs["class"] = "desk-order"
            self.fields |= {f"{name}_{place}": field for name, field in fields.items()}

    @property
    def values(self) -> list[dict]:
        """A row for each value: what it is, how often it occurs, and its fields."""
        counted = guesses.counted(self.found, self.chosen_before.field)
        return [
            {"value": value, "count": counted[value], "fields": [self[f"{name}_{place}"] for name in PARTS]}
            for place, (value, _said) in enumerate(self.said)
        ]

    def clean_situation_at(self):
        return not_in_the_future(self.cleaned_data["situation_at"])

    def clean(self):
        cleaned = super().clean()
        for place in range(len(self.said)):
            if cleaned.get(f"basis_{place}") != CLAIMED and cleaned.get(f"claimed_by_{place}"):
                words = _("Assessed ground is claimed by nobody: clear this, or choose “claimed”.")
                self.add_error(f"claimed_by_{place}", words)
        return cleaned

    def chosen(self) -> dict:
        data = self.cleaned_data
        at = data["situation_at"] and data["situation_at"].astimezone(UTC)
        if "situation_at" not in self.changed_data:
            # Nobody touched it: then it is the file's own, a day perhaps rather than a moment of it.
            at = self.chosen_before.at
        decision = self.read_as().but(field=data["field"] or NOWHERE, at=at, source=data["source"])
        if data["field"] != data["values_of"]:
            decision = guesses.guessed(self.upload, self.found, decision)
        else:
            order = sorted(range(len(self.said)), key=lambda place: (data[f"order_{place}"], place))
            told = {self.said[place][0]: self._holding(place) for place in order}
            decision = decision.but(
                meanings={value: holding for value, holding in told.items() if isinstance(holding, Holding)},
                skip=tuple(value for value, holding in told.items() if holding == SKIP),
            )
        return {"decision": decision.as_json()}

    def _holding(self, place: int) -> Holding | str:
        party, status, basis, claimant = (self.cleaned_data[f"{name}_{place}"] for name in PARTS[1:])
        if party in {"", SKIP}:
            return party
        # A claim without a claimant is the party's own.
        return Holding(party, status, basis, (claimant or party) if basis == CLAIMED else "")


def guess(upload: Import, said: dict, reading: Reading, decision: Decision) -> dict:
    """What the file seems to mean, before anybody was asked; what was remembered of another comes first."""
    if not decision.field or not guesses.counted(said, decision.field):
        decision = decision.but(field=guesses.column(ground_fields(reading)) or NOWHERE)
    if reading.moment:
        decision = decision.but(at=reading.moment)
    return {"decision": guesses.guessed(upload, said, decision).as_json()}


def columns(reading: Reading) -> Sequence[Field]:
    """What can be asked about: what stands beside ground."""
    return ground_fields(reading)


def plan(reading: Reading, map_: SituationMap, choices: dict, tell: Tell) -> ControlPlan:
    """As for the command; but a day that somebody cleared on the page is asked for, whatever the file says."""
    decision = Decision.from_json(choices["decision"])
    planned = kinds.plan(reading, map_, decision, tell)
    if decision.at is None and reading.moment:
        return replace(planned, undecided=(*planned.undecided, _t("Say which moment it shows.")))
    return planned


def settled(choices: dict, planned: ControlPlan) -> dict:
    """What was chosen, with what the plan filled in: nothing, here."""
    return choices


def more(upload: Import, planned: ControlPlan, tell: Callable[[str], None]) -> dict:
    """What the page shows beside what all kinds have: the areas, what would change hands, and shapes for the map."""
    tell(_t("comparing it with the newest edition"))
    current = upload.map.editions.showing()
    there = present(planned) if planned.areas and planned.moment else None
    overlaps = dict(planned.assignment.overlaps)
    return {
        "areas": [{"holding": vars(area.holding), "km2": round(area_km2(area.ground), 2)} for area in planned.areas],
        "overlaps": [[kept, lost, round(km2, 2)] for (kept, lost), km2 in overlaps.items() if km2 >= 1],
        "edition": current and current.pk,
        "change": compared(current, planned.areas),
        "shapes": shapes(planned),
        "elsewhere": planned.elsewhere,
        "there": str(there) if there else "",
    }


def compared(current: Edition | None, ground: Sequence[Area]) -> dict | None:
    """What would change hands; None where there is nothing to compare."""
    if current is None or not ground:
        return None
    regions = list(Region.objects.filter(level=1))
    change = changes.difference(current.ground_areas(), ground, [(region.code, region.boundary) for region in regions])
    return {"change": change.as_json(), "regions": {region.code: region.name for region in regions}}


def shapes(planned: ControlPlan) -> list[dict]:
    """The ground by holding or, where that cannot be said yet, as it stands in the file."""
    pieces = [(vars(area.holding), area.ground) for area in planned.areas]
    if not pieces:
        pieces = [(None, feature.ground) for feature in planned.reading.features if not feature.ground.is_empty]
    drawn = previews.simplified([ground for _holding, ground in pieces])
    return [
        {"holding": holding, "geometry": json.loads(shapely.to_geojson(shape))}
        for (holding, _ground), shape in zip(pieces, drawn, strict=True)
        if not shape.is_empty
    ]


def write(upload: Import, planned: ControlPlan, by, tell: Tell) -> dict:
    """The draft edition, or that which is there already. Raises Refused where there is no ground for it."""
    report = store(planned, by, tell, name=upload.name)
    return {"edition": report.made, "unchanged": report.outcome == Outcome.UNCHANGED}
