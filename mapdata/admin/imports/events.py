"""A file of events: each row a draft, but for what seems to be there already, unless somebody says otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mapdata.admin.forms import SiteClock, not_in_the_future
from mapdata.admin.imports import Tell, rows
from mapdata.admin.imports.forms import DATE_ORDERS, SourceField
from mapdata.admin.imports.found import MOST_LINES
from mapdata.imports import kinds
from mapdata.imports.decisions import Decision
from mapdata.imports.events.plan import EventsPlan, NewEvent
from mapdata.imports.files.reading import Reading
from mapdata.models import Event, Import, SituationMap
from mapdata.models.imports import Kind
from newsroom.desk.forms import MomentInput
from newsroom.templatetags.moments import written
from newsroom.texts.languages import in_language

# As many values as somebody can give a type one by one.
MOST_TYPES = 60


class Form(SiteClock, rows.Form):
    """The columns, what values of the type's mean, and which of the duplicates are imported all the same."""

    moment_field = "moment"
    template = "admin/mapdata/import/events.html"
    outcome_template = "admin/mapdata/import/_events_outcome.html"
    make_words = _("Make the drafts")
    models = {Kind.EVENTS: Event}

    moment = forms.DateTimeField(
        label=_("When, if no column says"),
        required=False,
        widget=MomentInput,
        help_text=_("For rows that name no day."),
    )
    source = SourceField()
    again = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=forms.CheckboxSelectMultiple)
    duplicates = forms.BooleanField(label=_("Import all that seem to be there already too"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        before, plan = self.chosen_before, self.plan or {}
        self.fields["moment"].initial = before.at and timezone.localtime(before.at)
        self.fields["source"].initial = before.source
        self.fields["duplicates"].initial = before.duplicates
        self.twins = plan.get("twins", [])
        listed = {number for number, *_rest in self.twins} | set(self.upload.choices.get("again", []))
        self.fields["again"].choices = [(number, str(number)) for number in sorted(listed)]
        self.fields["again"].initial = self.upload.choices.get("again", [])
        order = next((name for name in before.accept if name in DATE_ORDERS), "")
        if order or plan.get("ambiguous"):
            self.fields["date_order"] = forms.ChoiceField(
                label=_("Dates such as 03-04 have"),
                choices=list(DATE_ORDERS.items()),
                widget=forms.RadioSelect,
                initial=order,
            )
        self.types = plan.get("details", {}).get("types", {})
        for place, (_value, kind) in enumerate(self.types.items()):
            self.fields[f"type_{place}"] = forms.ChoiceField(label=_("type"), choices=Event.Type, initial=kind)

    def asked(self) -> list[str]:
        # What its source calls an event is not kept.
        return [name for name in super().asked() if name != "code"]

    @property
    def values(self) -> list[dict]:
        """A row for each value of the type's column, and the field that says what it means."""
        return [{"value": value, "field": self[f"type_{place}"]} for place, value in enumerate(self.types)]

    @property
    def duplicate_rows(self) -> list[dict]:
        chosen = {str(number) for number in self["again"].value() or []}
        return [
            {"number": number, "said": said, "event": event, "title": title, "km": km, "chosen": str(number) in chosen}
            for number, said, event, title, km in self.twins
        ]

    def clean_moment(self):
        return not_in_the_future(self.cleaned_data["moment"])

    def decision(self) -> Decision:
        data = self.cleaned_data
        said = super().decision()
        order = (data["date_order"],) if data.get("date_order") else ()
        types = {}
        if said.match.get("type", "") == (self.plan or {}).get("matching", {}).get("type", ""):
            types = {value: data[f"type_{place}"] for place, value in enumerate(self.types)}
        return said.but(
            accept=(*said.accept, *order),
            at=data["moment"],
            source=data["source"],
            types=types,
            duplicates=data["duplicates"],
        )

    def chosen(self) -> dict:
        return super().chosen() | {"again": sorted(self.cleaned_data["again"])}


def guess(upload: Import, said: dict, reading: Reading, decision: Decision) -> dict:
    return rows.guess(upload, said, reading, decision) | {"again": []}


columns = rows.columns


def plan(reading: Reading, map_: SituationMap | None, choices: dict, tell: Tell) -> EventsPlan:
    """Without what seems to be there already, but for the rows that were chosen all the same."""
    decision = Decision.from_json(choices["decision"])
    whole = kinds.plan(reading, map_, decision.but(duplicates=True), tell)
    if decision.duplicates:
        return whole
    skipped = {twin.number for twin in whole.twins} - set(choices["again"])
    rows = tuple(row for row in whole.rows if row.number not in skipped)
    return replace(whole, rows=rows, imported=whole.imported - len(whole.rows) + len(rows))


def settled(choices: dict, planned: EventsPlan) -> dict:
    """With the types that values were taken to mean; whether duplicates are made is as it was chosen."""
    duplicates = Decision.from_json(choices["decision"]).duplicates
    decision = planned.decision.but(types=few(planned.types), duplicates=duplicates)
    return rows.settled(choices, replace(planned, decision=decision))


def more(upload: Import, planned: EventsPlan, tell: Callable[[str], None]) -> dict:
    # The page has the first of them with a box each; in the plan's details they are for reports.
    twins = {twin.number for twin in planned.twins[:MOST_LINES]}
    said = {one.number: rows.title_of(one) for one in planned.reading.features if one.number in twins}
    words = ngettext("%(count)d draft", "%(count)d drafts", planned.imported) % {"count": planned.imported}
    return {
        "shapes": rows.shapes(planned.reading.features),
        "details": {"types": few(planned.types)},
        "ambiguous": any(one["kind"] == "date_order" for one in planned.proposals),
        "twins": [
            [twin.number, said[twin.number], twin.event, twin.title, round(twin.km, 2)]
            for twin in planned.twins[:MOST_LINES]
        ],
        "twins_count": len(planned.twins),
        "words": words,
        "made": [made(row, upload.map) for row in planned.rows[:10]],
    }


def few(types: Mapping[str, str]) -> dict[str, str]:
    """The types of values, if these are not too many to be asked about: then each is taken as it was guessed."""
    return dict(types) if len(types) <= MOST_TYPES else {}


def made(row: NewEvent, map_: SituationMap) -> list[str]:
    """A draft in a row of the page's table: number, title, when, where, type."""
    when = written(row.fields["happened_at"], row.fields["time_precision"], map_.zone)
    kind = str(Event.Type(row.fields["type"]).label)
    return [str(row.number), in_language(row.fields["title"]), when, in_language(row.fields["place"]), kind]


def write(upload: Import, planned: EventsPlan, by, tell: Tell) -> dict:
    count = kinds.store(planned, by, tell)["added"]
    words = ngettext("%(count)d draft of an event.", "%(count)d drafts of events.", count)
    return {"words": words % {"count": count}, "count": count}
