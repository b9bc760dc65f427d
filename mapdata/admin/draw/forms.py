"""What an editor asks to be done to a draft's ground: a form, sent by a script or by a person who presses a button.

The form knows what each kind of operation needs; `change` is the operation itself, from areas to areas.
"""

from collections.abc import Sequence
from typing import ClassVar

import shapely
from django import forms
from django.utils.translation import gettext_lazy as _
from shapely import MultiPolygon

from mapdata.admin.draw.shape_fields import GroundFormField, LineFormField, PointFormField
from mapdata.ground.areas import ASSESSED, CLAIMED, Area, Holding, Layer, give, hand_over, take
from mapdata.ground.redrawing import cut, dissolve, move_border, take_over
from mapdata.models import ControlArea, Edition, Operation, Party, Region
from mapdata.models.areas import HeldGround
from newsroom.models import Source

NOBODY = "nobody"
Kind = Operation.Kind


def key_of(area: HeldGround | Holding) -> str:
    """How pages and forms name all the ground of one holding."""
    holding = area if isinstance(area, Holding) else area.holding
    return "/".join((holding.party, holding.status, holding.basis, holding.claimed_by))


class OperationForm(forms.Form):
    """One operation on a draft edition. `asks_preview`: nothing is to be saved, so nobody need be named yet."""

    CHOICES: ClassVar = [(kind.value, kind.label) for kind in Kind if kind not in {Kind.UNDO, Kind.REDO}]
    # What must be filled in for each kind, besides who gets the ground.
    WHERE: ClassVar = {
        Kind.REGION: "region",
        Kind.GROUND: "ground",
        Kind.LINE: "line",
        Kind.BORDER: "line",
        Kind.POCKET: "point",
        Kind.AREA: "area",
        Kind.OTHER: "edition",
    }
    # These find themselves who gets it.
    WITHOUT_RECEIVER: ClassVar = {Kind.BORDER, Kind.POCKET, Kind.OTHER}

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What to do"), choices=CHOICES, widget=forms.RadioSelect)
    region = forms.ModelMultipleChoiceField(
        label=_("Regions"), required=False, queryset=Region.objects.defer("boundary"), widget=forms.SelectMultiple
    )
    ground = GroundFormField(
        label=_("Ground"),
        required=False,
        help_text=_("Its corners, a line each: longitude, latitude. Or polygons in GeoJSON."),
    )
    line = LineFormField(
        label=_("Line"),
        required=False,
        help_text=_("Its points, a line each: longitude, latitude. Or a LineString in GeoJSON."),
    )
    side = forms.ChoiceField(
        label=_("Which side of the front line changes hands"),
        required=False,
        choices=[("left", _("left, as the line goes")), ("right", _("right, as the line goes"))],
        widget=forms.RadioSelect,
    )
    point = PointFormField(
        label=_("A point in the pocket"), required=False, help_text=_("Longitude, latitude: 30.52, 50.45.")
    )
    area = forms.ChoiceField(label=_("All ground that is now"), required=False)
    edition = forms.ModelChoiceField(
        label=_("Edition to take over from"),
        required=False,
        queryset=Edition.objects.none(),
        help_text=_("Within the regions or the ground named above, or everywhere."),
    )
    to = forms.ChoiceField(label=_("Give it to"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=ControlArea.Status, initial=ControlArea.Status.CONTROLLED
    )
    basis = forms.ChoiceField(
        label=_("Basis"), required=False, choices=ControlArea.Basis, initial=ControlArea.Basis.ASSESSED
    )
    claimed_by = forms.ModelChoiceField(label=_("Claimed by"), required=False, queryset=Party.objects.all())
    sources = forms.ModelMultipleChoiceField(
        label=_("Sources"),
        required=False,
        queryset=Source.objects.all(),
        help_text=_("What this change rests on; they become the edition’s, too."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args, edition: Edition, asks_preview: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft, self.asks_preview = edition, asks_preview
        parties = [(party.slug, str(party)) for party in Party.objects.all()]
        self.fields["to"].choices = [("", "---------"), *parties, (NOBODY, _("Nobody: take it back"))]
        areas = edition.areas.select_related("party", "claimed_by").defer("ground").order_by("basis", "party")
        self.fields["area"].choices = [("", "---------"), *((key_of(area), str(area)) for area in areas)]
        others = Edition.objects.not_withdrawn().filter(map=edition.map).exclude(pk=edition.pk)
        self.fields["edition"].queryset = others.select_related("map").defer("content").order_by("-situation_at", "-id")

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if kind := cleaned.get("kind"):
            self._clean_where(cleaned, kind)
            self._clean_receiver(cleaned, kind)
        if cleaned.get("basis") == CLAIMED and not cleaned.get("claimed_by"):
            self.add_error("claimed_by", _("Say who claims this ground."))
        if cleaned.get("basis") != CLAIMED and cleaned.get("claimed_by"):
            self.add_error("claimed_by", _("Assessed ground is claimed by nobody: clear this, or choose “claimed”."))
        return cleaned

    def _clean_where(self, cleaned: dict, kind: str) -> None:
        name = self.WHERE[kind]
        if name not in self.errors and not cleaned.get(name):
            self.add_error(name, _("This is needed for what you want to do."))
        if kind == Kind.LINE and not self.asks_preview and not cleaned.get("side"):
            self.add_error("side", _("Say which side of the line changes hands."))
        frame = shapely.box(*self.draft.map.bounds)
        for shape in ("ground", "line", "point"):
            if (drawn := cleaned.get(shape)) and not drawn.intersects(frame):
                self.add_error(shape, _("This lies outside the map: are longitude and latitude the wrong way round?"))

    def _clean_receiver(self, cleaned: dict, kind: str) -> None:
        if kind not in self.WITHOUT_RECEIVER and not cleaned.get("to") and not self.asks_preview:
            self.add_error("to", _("Say who gets this ground, or that nobody does."))

    @property
    def chosen(self) -> str:
        """The kind of operation."""
        return self.cleaned_data["kind"]

    @property
    def layer(self) -> Layer:
        """In which layer it is done."""
        if self.chosen == Kind.AREA:
            return Holding(*self.cleaned_data["area"].split("/")).layer
        claimant = self.cleaned_data["claimed_by"]
        return (self.cleaned_data["basis"] or ASSESSED, claimant.slug if claimant else "")

    def receiver(self) -> Holding | None:
        """Who gets the ground; None for nobody."""
        party, (basis, claimed_by) = self.cleaned_data["to"], self.layer
        if not party or party == NOBODY:
            return None
        return Holding(party, self.cleaned_data["status"] or "controlled", basis, claimed_by)

    def regions(self) -> MultiPolygon | None:
        """The ground of all chosen regions."""
        chosen = [region.boundary for region in self.cleaned_data["region"]]
        return shapely.union_all(chosen) if chosen else None

    def sides(self, areas: Sequence[Area]) -> dict[str, MultiPolygon]:
        """What lies along the front line. Raises CannotBeDone where it cuts nothing."""
        return cut(areas, self.layer, self.cleaned_data["line"])._asdict()

    def change(self, areas: Sequence[Area]) -> Sequence[Area]:
        """The areas after it. Raises CannotBeDone where this makes no sense on them."""
        cleaned, layer = self.cleaned_data, self.layer
        match self.chosen:
            case Kind.BORDER:
                return hand_over(areas, layer, move_border(areas, layer, cleaned["line"]))
            case Kind.POCKET:
                heir, pocket = dissolve(areas, layer, cleaned["point"])
                return self._give(areas, pocket, self.receiver() if cleaned["to"] else heir)
            case Kind.OTHER:
                return self._take_over(areas)
            case Kind.REGION:
                return self._give(areas, self.regions(), self.receiver())
            case Kind.GROUND:
                return self._give(areas, cleaned["ground"], self.receiver())
            case Kind.LINE:
                return self._give(areas, self.sides(areas)[cleaned["side"]], self.receiver())
        held = [area.ground for area in areas if key_of(area.holding) == cleaned["area"]]
        return self._give(areas, held[0] if held else MultiPolygon(), self.receiver())

    def _give(self, areas: Sequence[Area], ground: MultiPolygon, to: Holding | None) -> Sequence[Area]:
        return give(areas, ground, to) if to else take(areas, ground, *self.layer)

    def _take_over(self, areas: Sequence[Area]) -> Sequence[Area]:
        picture = self.cleaned_data["edition"].ground_areas()
        window = self.regions() or self.cleaned_data["ground"]
        if window is None:
            window = shapely.union_all([area.ground for area in (*areas, *picture)])
        for layer in sorted({area.holding.layer for area in (*areas, *picture)}):
            areas = hand_over(areas, layer, take_over(picture, layer, window))
        return areas


class TurnForm(forms.Form):
    """Undoing or doing again: which operation the person saw as the next."""

    key = forms.UUIDField(required=False)
    step = forms.IntegerField(required=False)


# What is wrong with an operation is said beside the field that it was told by.
def place_of(form: OperationForm) -> str:
    return {Kind.LINE: "line", Kind.BORDER: "line", Kind.POCKET: "point"}.get(form.chosen, forms.forms.NON_FIELD_ERRORS)
