"""The forms that every kind of import has: the upload, and how the file is read."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapdata.imports.decisions import Decision
from mapdata.imports.events.days import DAY_FIRST, MONTH_FIRST
from mapdata.imports.files.proposals import AS_IT_IS
from mapdata.models import Import, ImportPreset, SituationMap
from mapdata.models.imports import Kind

ENCODINGS = [
    ("", _("as it seems to be")),
    *((name, name) for name in ("UTF-8", "windows-1252", "windows-1251", "windows-1250", "KOI8-U", "UTF-16")),
]
SYSTEMS = [
    ("", _("as the file says")),
    ("EPSG:4326", _("degrees (WGS 84)")),
    ("EPSG:3857", _("metres of web maps (EPSG:3857)")),
    *((f"EPSG:326{zone}", f"UTM {zone}N (EPSG:326{zone})") for zone in (34, 35, 36, 37, 38)),
    *((f"EPSG:2840{zone}", f"SK-42, {zone} (EPSG:2840{zone})") for zone in (4, 5, 6, 7)),
]
KNOWN_SOURCES = "known-sources"
# Proposals that are about dates, not about where something lies.
DATE_ORDERS = {
    DAY_FIRST: _("the day first: 03-04 is 3 April"),
    MONTH_FIRST: _("the month first: 03-04 is 4 March"),
}
# Of a table, where it says where something lies.
COORDINATES = {"lat": _("Latitude"), "lon": _("Longitude"), "latlon": _("Both in one"), "wkt": _("Shape (WKT)")}


class UploadForm(forms.ModelForm):
    """A file, and what sort of thing is in it."""

    preset = forms.ModelChoiceField(
        label=_("What its columns mean"),
        required=False,
        queryset=ImportPreset.objects.all(),
        empty_label=_("to be worked out from the file"),
        help_text=_("What was remembered of an earlier file of the same maker."),
    )

    class Meta:
        model = Import
        fields = ["kind", "map", "file"]
        help_texts = {
            "file": _("GeoJSON, TopoJSON, KML, KMZ, GeoPackage, GPX, CSV, or a shapefile in a zip; gzipped will do."),
            "map": _("Regions and places are of no map in particular."),
        }

    def __init__(self, *args, kinds: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        kinds = set(kinds)
        self.fields["kind"].choices = [choice for choice in Kind.choices if choice[0] in kinds]
        self.fields["file"].required = True
        self.fields["preset"].queryset = ImportPreset.objects.filter(kind__in=kinds)
        self.fields["preset"].label_from_instance = lambda preset: f"{preset} ({preset.get_kind_display()})"
        maps = list(SituationMap.objects.all()[:2])
        if len(maps) == 1:
            self.fields["map"].initial = maps[0]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_MB * 1_000_000:
            raise ValidationError(
                _("The file is larger than %(limit)s MB. Leave out what is not needed, or divide it.")
                % {"limit": settings.IMPORT_MAX_MB}
            )
        return file

    def clean(self):
        cleaned = super().clean()
        preset, kind = cleaned.get("preset"), cleaned.get("kind")
        if preset and kind and preset.kind != kind:
            self.add_error("preset", _("This was remembered of files of another kind."))
        if kind in {Kind.REGIONS, Kind.PLACES}:
            cleaned["map"] = None
        elif kind and not cleaned.get("map") and "map" not in self.errors:
            self.add_error("map", _("Say for which situation map this is."))
        return cleaned


class ChoicesForm(forms.Form):
    """How the file is read. Kinds add what it means; `decision` then has it all.

    `found` is what stands in the file (found.py), `chosen_before` the decision that the form begins with.
    """

    accept = forms.ChoiceField(label=_("Where it lies"), required=False, widget=forms.RadioSelect)
    encoding = forms.ChoiceField(label=_("Character encoding"), required=False, choices=ENCODINGS)
    crs = forms.ChoiceField(label=_("Reference system"), required=False, choices=SYSTEMS)
    layer = forms.ChoiceField(label=_("Layer"), required=False)
    remember = forms.CharField(
        label=_("Remember this as"),
        required=False,
        max_length=80,
        help_text=_("A name for what columns and values mean, for the next file of this maker."),
    )

    def __init__(self, *args, upload: Import, **kwargs):
        self.upload, self.found, self.plan = upload, upload.found, upload.plan
        self.chosen_before = Decision.from_json(upload.choices["decision"])
        super().__init__(*args, **kwargs)
        self._how_it_is_read()

    def _how_it_is_read(self) -> None:
        before = self.chosen_before
        self.fields["encoding"].initial, self.fields["crs"].initial = before.encoding, before.crs
        self._where_it_lies()
        if len(self.found["layers"]) > 1:
            self.fields["layer"].choices = [(name, name) for name in self.found["layers"]]
            self.fields["layer"].initial = before.layer or self.found["layer"]
        else:
            del self.fields["layer"]
        if self.found["format"] == "CSV":
            for role, label in COORDINATES.items():
                self.fields[f"at_{role}"] = self.column(label, before.match.get(role, ""), _("as it seems to be"))

    def _where_it_lies(self) -> None:
        """Nothing is done about it unasked, so the first answer is none."""
        accepted = next((name for name in self.chosen_before.accept if name not in DATE_ORDERS), "")
        proposals = [(one["accept"], one["words"]) for one in self.found["proposals"]]
        if not proposals and not accepted and not (self.plan or {}).get("elsewhere"):
            del self.fields["accept"]
            return
        if accepted and accepted != AS_IT_IS and accepted not in dict(proposals):
            proposals.append((accepted, self.found.get("accepted", accepted)))
        self.fields["accept"].choices = [*proposals, (AS_IT_IS, _("Leave it where it lies."))]
        self.fields["accept"].initial = accepted

    def column(self, label, chosen: str, empty: str | Promise, names: Iterable[str] = ()) -> forms.ChoiceField:
        """A field of the form whose value is one of the file's columns, or of those that are named."""
        fields = [field for field in self.found["fields"] if not names or field["name"] in names]
        columns = [(field["name"], _with_sample(field)) for field in fields]
        present = {name for name, _words in columns}
        return forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", f"({empty})"), *columns],
            initial=chosen if chosen in present else "",
        )

    @property
    def reading_fields(self) -> list[forms.BoundField]:
        """How the file is read, beneath a heading of its own."""
        names = [name for name in ("encoding", "crs", "layer") if name in self.fields]
        return [self[name] for name in (*names, *(name for name in self.fields if name.startswith("at_")))]

    def read_as(self) -> Decision:
        """The part of the decision that every kind has."""
        data = self.cleaned_data
        match = {role: data[f"at_{role}"] for role in COORDINATES if data.get(f"at_{role}")}
        return Decision(
            kind=self.upload.kind,
            accept=(data["accept"],) if data.get("accept") else (),
            encoding=data["encoding"],
            crs=data["crs"],
            layer=data.get("layer") or "",
            match=match,
        )

    def chosen(self) -> dict[str, Any]:
        """Everything that was chosen, for `Import.choices`."""
        raise NotImplementedError


class SourceField(forms.CharField):
    """Who it is attributed to, by name; the page lists those that there are (`KNOWN_SOURCES`)."""

    def __init__(self):
        super().__init__(
            label=_("Source"),
            required=False,
            max_length=300,
            widget=forms.TextInput({"size": 40, "list": KNOWN_SOURCES}),
            help_text=_("Publisher, or publisher: title. Without it the file itself is named."),
        )


def _with_sample(field: dict) -> str:
    sample = next(iter(field["samples"]), "")
    return f"{field['name']} ({sample[:30]})" if sample else field["name"]


def to_remember(decision: Decision) -> dict:
    """Of a decision what the next file of the same maker has too: not its day, nor what was amiss with this one."""
    return decision.but(accept=(), at=None, layer="").as_json()
