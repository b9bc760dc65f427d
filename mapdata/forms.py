"""The desk's forms for maps: beginning an edition, giving ground, and where an event happened."""

import re
from collections.abc import Mapping
from typing import ClassVar

import shapely
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapdata.fields import from_geojson, validate_geometry
from mapdata.ground import ASSESSED, CLAIMED, Holding, clean
from mapdata.models import ControlArea, Edition, Event, Party, Region, SituationMap
from mapdata.widgets import GroundWidget, PointWidget
from newsroom.desk.forms import UnseenChange
from newsroom.templatetags.moments import zone_name

NOBODY = "nobody"


def not_in_the_future(moment):
    if moment and moment > timezone.now():
        raise ValidationError(_("This moment lies in the future."))
    return moment


class BesideFields:
    """Mix-in for model forms: what a constraint of the model says stands beside the field that it is about."""

    # Name of the constraint: name of the field.
    beside: ClassVar[Mapping[str, str]] = {}

    def add_error(self, field, error):
        if field is None and hasattr(error, "error_dict"):
            error = ValidationError(self._placed(error.error_dict))
        super().add_error(field, error)

    def _placed(self, errors: Mapping[str, list[ValidationError]]) -> dict[str, list[ValidationError]]:
        places = {
            str(constraint.get_violation_error_message()): self.beside[constraint.name]
            for constraint in self.instance._meta.constraints
            if self.beside.get(constraint.name) in self.fields
        }
        found: dict[str, list[ValidationError]] = {}
        for name, listed in errors.items():
            for error in listed:
                place = places.get(str(error.message), name) if name == NON_FIELD_ERRORS else name
                found.setdefault(place, []).append(error)
        return found


def _crossing(geometry) -> dict[str, str] | None:
    """Where a shape crosses itself, in degrees, for a sentence; None where it does not."""
    place = re.search(r"Self-intersection\[(\S+) (\S+)\]", shapely.is_valid_reason(geometry))
    return place and {name: f"{float(value):.3f}" for name, value in zip(("lon", "lat"), place.groups(), strict=True)}


class GroundFormField(forms.CharField):
    """Polygons in GeoJSON, WGS84 longitude/latitude; its value is a shapely MultiPolygon, or None where it is empty."""

    widget = GroundWidget

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        geometry = from_geojson(text)
        if where := _crossing(geometry):
            raise ValidationError(
                _("The shape crosses itself, near longitude %(lon)s, latitude %(lat)s: move a point, or draw it again.")
                % where
            )
        validate_geometry(geometry)
        ground = clean(geometry)
        if ground.is_empty:
            raise ValidationError(_("This is no ground: it has no surface of more than a few metres."))
        return ground

    def validate(self, value):
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"])

    def run_validators(self, value):
        """Those of a CharField are about text."""


class SiteClock:
    """Mix-in for forms: beside the field of a moment stands in which time zone it is typed."""

    moment_field: ClassVar[str]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get(self.moment_field):
            zone = _("By the newsroom's clock: %(zone)s.") % {"zone": zone_name(timezone.get_current_timezone())}
            field.help_text = f"{field.help_text} {zone}".strip()


class BeginEditionForm(SiteClock, UnseenChange):
    """A new draft: of which map, of which moment, and from which picture it starts."""

    START = [
        ("newest", _("A copy of the newest edition")),
        ("other", _("A copy of another edition")),
        ("empty", _("An empty map")),
    ]

    moment_field = "situation_at"

    map = forms.ModelChoiceField(label=_("Situation map"), queryset=SituationMap.objects.all())
    start_from = forms.ChoiceField(label=_("Start from"), choices=START, initial="newest", widget=forms.RadioSelect)
    other = forms.ModelChoiceField(
        label=_("Other edition"), required=False, queryset=Edition.objects.select_related("map").defer("content")
    )

    class Meta:
        model = Edition
        fields = ["situation_at"]
        # Not to be changed later, hence not editable in the model; here it is chosen.
        exclude = ["map"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        maps = list(SituationMap.objects.all()[:2])
        if len(maps) == 1:
            self.fields["map"].initial = maps[0]
        self.fields["situation_at"].initial = timezone.now().replace(second=0, microsecond=0)

    def clean_situation_at(self):
        return not_in_the_future(self.cleaned_data["situation_at"])

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        start, map_, other = cleaned.get("start_from"), cleaned.get("map"), cleaned.get("other")
        if start == "other" and not other and "other" not in self.errors:
            self.add_error("other", _("Say which edition to copy."))
        elif start != "other" and other:
            self.add_error("start_from", _("You chose an edition to copy: say that you start from another edition."))
        elif other and map_ and other.map != map_:
            self.add_error("other", _("This is an edition of another map."))
        return cleaned

    def copied(self) -> Edition | None:
        """The edition to start from; None for an empty map, or for a map without any edition."""
        start = self.cleaned_data["start_from"]
        if start == "other":
            return self.cleaned_data["other"]
        return Edition.objects.filter(map=self.cleaned_data["map"]).showing() if start == "newest" else None


class EditionForm(SiteClock, UnseenChange):
    """A draft edition, and in the same form the ground to give: what is typed or drawn comes back whole.

    `giving` says whether the button "Give" was pressed; then `ground_to_give` and `holding` are what to do.
    """

    moment_field = "situation_at"

    ground = GroundFormField(label=_("Ground drawn on the map"), required=False)
    region = forms.ModelChoiceField(
        label=_("Region"),
        required=False,
        queryset=Region.objects.defer("boundary"),
        help_text=_("Or click one on the map."),
    )
    pasted = GroundFormField(
        label=_("Pasted GeoJSON"),
        required=False,
        widget=forms.Textarea({"rows": 3, "cols": 40, "spellcheck": "false"}),
        help_text=_("Polygons with longitude before latitude (WGS84)."),
    )
    to = forms.ChoiceField(label=_("Give it to"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=ControlArea.Status, initial=ControlArea.Status.CONTROLLED
    )
    basis = forms.ChoiceField(
        label=_("Basis"), required=False, choices=ControlArea.Basis, initial=ControlArea.Basis.ASSESSED
    )
    claimed_by = forms.ModelChoiceField(label=_("Claimed by"), required=False, queryset=Party.objects.all())

    GROUND_FIELDS = ("ground", "region", "pasted")

    class Meta:
        model = Edition
        fields = ["situation_at", "sources"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        parties = [(party.slug, str(party)) for party in Party.objects.all()]
        if "to" in self.fields:
            self.fields["to"].choices = [("", "---------"), *parties, (NOBODY, _("Nobody: take it back"))]

    @property
    def giving(self) -> bool:
        return "_give" in self.data

    @property
    def given(self) -> list[str]:
        """Which of the three ways to name ground are filled in, right or wrong."""
        return [name for name in self.GROUND_FIELDS if self.data.get(self.add_prefix(name), "").strip()]

    def clean_situation_at(self):
        return not_in_the_future(self.cleaned_data["situation_at"])

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if self.giving:
            self._clean_giving(cleaned)
        else:
            for name in self.given:
                if name not in self.errors:
                    self.add_error(name, _("This ground is not given to anybody yet: press “Give”, or clear it."))
        return cleaned

    def _clean_giving(self, cleaned: dict) -> None:
        if not self.given:
            self.add_error("region", _("Say which ground: choose a region, draw on the map, or paste GeoJSON."))
        for name in self.given[1:]:
            self.add_error(name, _("Name the ground in one way only; clear the others."))
        for name in ("ground", "pasted"):
            if (ground := cleaned.get(name)) and not ground.intersects(shapely.box(*self.instance.map.bounds)):
                self.add_error(name, _("This lies outside the map: are longitude and latitude the wrong way round?"))
        if not cleaned.get("to"):
            self.add_error("to", _("Say who gets this ground, or that nobody does."))
        # The database has the same rule; said here, beside the field.
        if cleaned.get("basis") == CLAIMED and not cleaned.get("claimed_by"):
            self.add_error("claimed_by", _("Say who claims this ground."))
        if cleaned.get("basis") != CLAIMED and cleaned.get("claimed_by"):
            self.add_error("claimed_by", _("Assessed ground is claimed by nobody: clear this, or choose “claimed”."))

    def ground_to_give(self) -> shapely.MultiPolygon:
        region = self.cleaned_data["region"]
        return region.boundary if region else self.cleaned_data["ground"] or self.cleaned_data["pasted"]

    def holding(self) -> Holding | None:
        """Who gets the ground; None for nobody."""
        party, claimant = self.cleaned_data["to"], self.cleaned_data["claimed_by"]
        if party == NOBODY:
            return None
        basis = self.cleaned_data["basis"] or ASSESSED
        return Holding(party, self.cleaned_data["status"] or "controlled", basis, claimant.slug if claimant else "")


class EventForm(SiteClock, BesideFields, UnseenChange):
    moment_field = "happened_at"

    point = forms.Field(
        label=_("Point on the map"),
        required=False,
        widget=PointWidget,
        help_text=_("Click the map or drag the dot; or type the coordinates below. Both say the same."),
    )

    beside = {
        "mapdata_event_casualties_attributed": "casualties_according_to",
        "mapdata_event_casualties_in_order": "casualties_low",
    }

    class Meta:
        model = Event
        fields = "__all__"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("lon", "lat"):
            if name in self.fields:
                # An arrow key moves a hundred metres; more digits can be typed.
                self.fields[name].widget.attrs["step"] = "0.001"


class BoundsForm(BesideFields, forms.ModelForm):
    """For a map and its views: four numbers that enclose something."""

    beside = {"mapdata_situationmap_has_extent": "east", "mapdata_view_has_extent": "east"}
