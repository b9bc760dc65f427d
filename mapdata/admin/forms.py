"""The desk's forms for maps: beginning an edition, what is said of it, and where an event happened."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapdata.admin.widgets import PointWidget
from mapdata.models import Edition, Event, SituationMap
from newsroom.desk.forms import UnseenChange
from newsroom.templatetags.moments import zone_name


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
    """What is said of a draft edition beside its ground, which is drawn on a page of its own."""

    moment_field = "situation_at"

    class Meta:
        model = Edition
        fields = ["situation_at", "sources"]

    def clean_situation_at(self):
        return not_in_the_future(self.cleaned_data["situation_at"])


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
