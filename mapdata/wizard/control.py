"""A file of who holds what: each value of one of its columns is a party's ground, and the whole a draft edition."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import shapely
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata import changes
from mapdata.forms import SiteClock, not_in_the_future
from mapdata.ground import ASSESSED, CLAIMED, Area, Holding, area_km2
from mapdata.imports import control, dating
from mapdata.imports.control import Assignment
from mapdata.imports.editions import situation_of
from mapdata.imports.fields import text_of
from mapdata.imports.files import Reading
from mapdata.models import ControlArea, Edition, Import, Party, Region
from mapdata.wizard import meanings, previews
from mapdata.wizard.forms import ChoicesForm
from mapdata.wizard.found import lines, rows
from newsroom.desk.forms import MomentInput
from newsroom.jobs import Failed, Job
from newsroom.models import Source
from newsroom.names import by_language

SKIP = "-"
# What a file without a column for it says of all its ground.
WHOLE = ""


class Form(SiteClock, ChoicesForm):
    """The column that says who holds it, what each of its values means, and of when and from whom the picture is."""

    moment_field = "situation_at"
    remembered = ("field", "meanings")

    field = forms.ChoiceField(
        label=_("Who holds it stands in"),
        required=False,
        help_text=_("After choosing another column, show it again: then its values are below."),
    )
    situation_at = forms.DateTimeField(label=_("Situation at"), widget=MomentInput)
    sources = forms.ModelMultipleChoiceField(label=_("Sources"), required=False, queryset=Source.objects.all())
    new_source = forms.CharField(
        label=_("Or a new source"),
        required=False,
        max_length=300,
        help_text=_("Publisher, or publisher: title. Without any source the file itself is named."),
    )
    partly = forms.BooleanField(
        label=_("Import it without the features that cannot be read"),
        required=False,
        help_text=_("Otherwise nothing is made as long as there are any."),
    )
    # Which column the values below are of.
    values_of = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        columns = self.column("", self.choices["field"], empty=_("nowhere: all of it is held alike")).choices
        usable = {field["name"] for field in self.found["fields"] if field["values"]}
        self.fields["field"].choices = [choice for choice in columns if not choice[0] or choice[0] in usable]
        self.fields["field"].initial = self.fields["values_of"].initial = self.choices["field"]
        self.fields["situation_at"].initial = _moment(self.choices["situation_at"])
        self.fields["sources"].initial = self.choices["sources"]
        self.fields["sources"].widget = AutocompleteSelectMultiple(Edition._meta.get_field("sources"), admin.site)
        self.fields["sources"].widget.choices = self.fields["sources"].choices
        self.fields["new_source"].initial = self.choices["new_source"]
        self.fields["partly"].initial = self.choices["partly"]
        self._meanings()

    def _meanings(self) -> None:
        parties = [(party.slug, str(party)) for party in Party.objects.all()]
        for place, (_value, said) in enumerate(self.choices["meanings"]):
            said = said or {}
            holders = [("", _("Say who")), *parties, (SKIP, _("Nobody: leave it out"))]
            claimants = [("", "–"), *parties]
            fields = {
                "order": forms.IntegerField(label=_("order"), initial=place + 1, min_value=1, max_value=999),
                "party": forms.ChoiceField(
                    label=_("party"), required=False, choices=holders, initial=said.get("party")
                ),
                "status": forms.ChoiceField(
                    label=_("status"), choices=ControlArea.Status, initial=said.get("status", "controlled")
                ),
                "basis": forms.ChoiceField(
                    label=_("basis"), choices=ControlArea.Basis, initial=said.get("basis", ASSESSED)
                ),
                "claimed_by": forms.ChoiceField(
                    label=_("claimed by"), required=False, choices=claimants, initial=said.get("claimed_by")
                ),
            }
            self.fields |= {f"{name}_{place}": field for name, field in fields.items()}

    @property
    def values(self) -> list[dict]:
        """A row for each value: what it is, how often it occurs, and its fields."""
        counted = meanings.counted(self.found, self.choices["field"])
        names = ("order", "party", "status", "basis", "claimed_by")
        return [
            {
                "value": value,
                "count": counted.get(value, 0),
                "fields": {name: self[f"{name}_{place}"] for name in names},
            }
            for place, (value, _said) in enumerate(self.choices["meanings"])
        ]

    def clean_situation_at(self):
        return not_in_the_future(self.cleaned_data["situation_at"])

    def clean(self):
        cleaned = super().clean()
        if self.is_about_another_column:
            return cleaned
        for place in range(len(self.choices["meanings"])):
            claimed = cleaned.get(f"basis_{place}") == CLAIMED
            if claimed and not cleaned.get(f"claimed_by_{place}") and cleaned.get(f"party_{place}") != SKIP:
                # A claim without a claimant is the party's own.
                cleaned[f"claimed_by_{place}"] = cleaned.get(f"party_{place}")
            if not claimed and cleaned.get(f"claimed_by_{place}"):
                self.add_error(
                    f"claimed_by_{place}",
                    ValidationError(_("Assessed ground is claimed by nobody: clear this, or choose “claimed”.")),
                )
        return cleaned

    @property
    def is_about_another_column(self) -> bool:
        return self.cleaned_data.get("field", "") != self.cleaned_data.get("values_of", "")

    def chosen(self) -> dict:
        data = self.cleaned_data
        said = self.how() | {
            "field": data["field"],
            "situation_at": data["situation_at"].isoformat(),
            "sources": sorted(source.pk for source in data["sources"]),
            "new_source": data["new_source"],
            "partly": data["partly"],
        }
        if self.is_about_another_column:
            return said | {"meanings": meanings.guessed(self.upload, self.found, data["field"], {})}
        rows = [
            (data[f"order_{place}"], place, value, self._meaning(place))
            for place, (value, _said) in enumerate(self.choices["meanings"])
        ]
        return said | {
            "meanings": [[value, meaning] for _order, _place, value, meaning in sorted(rows, key=lambda r: r[:2])]
        }

    def _meaning(self, place: int) -> dict | None:
        """As JSON: None while nobody said who it is, {} for what is left out."""
        party = self.cleaned_data[f"party_{place}"]
        if not party:
            return None
        if party == SKIP:
            return {"party": SKIP}
        names = ("status", "basis", "claimed_by")
        return {"party": party} | {name: self.cleaned_data[f"{name}_{place}"] for name in names}


def _moment(text: str) -> datetime | None:
    return timezone.localtime(datetime.fromisoformat(text)) if text else None


def guess(upload: Import, found: dict, remembered: dict) -> dict:
    """What the file seems to mean, before anybody was asked; what was remembered of another comes first."""
    field = remembered.get("field", meanings.likely_column(found))
    if field and not meanings.counted(found, field):
        field = meanings.likely_column(found)
    moment = dating.from_value(found["moment"])
    return {
        "field": field,
        "meanings": meanings.guessed(upload, found, field, dict(remembered.get("meanings", []))),
        "situation_at": situation_of(moment, upload.map).isoformat() if moment else "",
        "sources": [],
        "new_source": "",
        "partly": False,
    }


def assigned(reading: Reading, choices: dict) -> Assignment:
    """The areas that the file makes, or why it makes none."""
    field = choices["field"]
    features = tuple(
        control.Feature(
            feature.number,
            text_of(feature.properties.get(field)) if field else WHOLE,
            feature.ground,
            feature.repairs,
            feature.changed_km2,
        )
        for feature in reading.features
        if not feature.ground.is_empty
    )
    refused = () if choices["partly"] else tuple(reading.refused)
    names = tuple(one.name for one in reading.fields)
    said = control.Reading(reading.name, reading.digest, reading.count, features, refused, fields=names)
    told = {value: meaning for value, meaning in choices["meanings"] if meaning}
    skipped = {value for value, meaning in told.items() if meaning["party"] == SKIP}
    holdings = {value: Holding(**meaning) for value, meaning in told.items() if value not in skipped}
    return control.assign(said, holdings, skipped, field)


def plan(upload: Import, reading: Reading, choices: dict, job: Job) -> dict:
    job.progress(0, 0, _t("dividing the ground"))
    assignment = assigned(reading, choices)
    current = current_edition(upload)
    job.progress(0, 0, _t("comparing it with the newest edition"))
    problems = [reason for _feature, reason in lines(assignment.refused)["lines"] if _feature is None]
    if not choices["situation_at"]:
        problems.append(_t("Say which moment it shows."))
    names = [field.name for field in reading.fields][:12]
    return {
        "problems": problems,
        "refused": lines(one for one in assignment.refused if one.feature),
        "areas": [{"holding": vars(area.holding), "km2": round(area_km2(area.ground), 2)} for area in assignment.areas],
        "overlaps": [[kept, lost, round(km2, 2)] for (kept, lost), km2 in dict(assignment.overlaps).items()],
        "left_out": left_out(reading),
        "edition": current and current.pk,
        "change": compared(current, assignment.areas),
        "shapes": shapes(reading, choices, assignment),
        "columns": names,
        "rows": rows(reading.features, names),
    }


def left_out(reading: Reading) -> int:
    """How many features are no ground: points and lines, which hold none."""
    return sum(feature.ground.is_empty for feature in reading.features)


def current_edition(upload: Import) -> Edition | None:
    return upload.map.editions.showing()


def compared(current: Edition | None, areas: Sequence[Area]) -> dict | None:
    """What would change hands; None where there is nothing to compare."""
    if current is None or not areas:
        return None
    regions = list(Region.objects.filter(level=1))
    change = changes.difference(current.ground_areas(), areas, [(region.code, region.boundary) for region in regions])
    return {"change": change.as_json(), "regions": {one.code: by_language(one, "name") for one in regions}}


def shapes(reading: Reading, choices: dict, assignment: Assignment) -> list[dict]:
    """For the map: the ground by holding or, where that cannot be said yet, as it stands in the file."""
    if assignment.areas:
        pieces = [(vars(area.holding), area.ground) for area in assignment.areas]
    else:
        pieces = [(None, feature.ground) for feature in reading.features if not feature.ground.is_empty]
    drawn = previews.simplified([ground for _holding, ground in pieces])
    return [
        {"holding": holding, "geometry": json.loads(shapely.to_geojson(shape))}
        for (holding, _ground), shape in zip(pieces, drawn, strict=True)
        if not shape.is_empty
    ]


def make(upload: Import, reading: Reading, choices: dict, job: Job) -> dict:
    """Within the job's transaction: the draft edition. Raises Failed where there is none to be made."""
    assignment = assigned(reading, choices)
    if assignment.refused:
        raise Failed(" ".join(refusal.reason for refusal in assignment.refused[:3]))
    edition = Edition.begin(upload.map, job.asked_by, _moment(choices["situation_at"]))
    edition.sources.set(sources(upload, choices))
    edition.set_areas(assignment.areas)
    km2 = sum(assignment.area_km2.values())
    return {"edition": edition, "km2": round(km2, 2), "areas": len(assignment.areas)}


def sources(upload: Import, choices: dict) -> list[Source]:
    """Who the ground is attributed to; the file itself where nobody is named."""
    named = list(Source.objects.filter(pk__in=choices["sources"]))
    said = choices["new_source"]
    if said or not named:
        publisher, _colon, title = said.partition(":") if said else (_t("Imported file"), ":", upload.name)
        named.append(
            Source.objects.get_or_create(
                publisher=publisher.strip(), title=title.strip(), url="", defaults={"retrieved_at": timezone.now()}
            )[0]
        )
    return named


Choices = dict[str, Any]
