"""What the script of the drawing page is answered: areas, history, previews, conflicts, as plain values for JSON."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from shapely import Point

from mapdata.admin import pictures
from mapdata.admin.draw.changes_in_words import Words
from mapdata.admin.draw.forms import OperationForm, key_of
from mapdata.ground.areas import Area, give, take
from mapdata.ground.moves import Move, ground_of
from mapdata.ground.redrawing import side_words
from mapdata.models import Conflict, Edition, Event, Operation, OperationGround
from mapdata.models.drafting import flows_of
from mapdata.models.operations import stacks
from newsroom.moments import in_words

HISTORY_LENGTH = 50
# More dots than this on a map of the desk say nothing any more.
MOST_EVENTS = 500


def at_in_words(operation: Operation) -> str:
    return in_words(operation.at, form="SHORT_DATETIME_FORMAT")


@dataclass(frozen=True)
class AreasSince:
    """The areas that are drawn otherwise than at some revision."""

    changed: Iterable[dict]
    removed: list[str]

    @classmethod
    def since(cls, edition: Edition, seen: int) -> "AreasSince":
        if seen == edition.revision:
            return cls([], [])
        operations = edition.operations.filter(revision__gt=seen)
        touched = [pk for pair in operations.values_list("pk", "of") for pk in pair if pk]
        grounds = OperationGround.objects.filter(operation__in=touched).select_related("party", "claimed_by")
        keys = {key_of(row) for row in grounds.defer("ground")}
        areas = {key: feature for feature in pictures.areas(edition) if (key := feature["properties"]["key"]) in keys}
        return cls(list(areas.values()), sorted(keys - set(areas)))

    def as_json(self) -> dict[str, Any]:
        return {"changed": self.changed, "removed": self.removed}


@dataclass(frozen=True)
class Done:
    """An operation in the list of what was done; `undone` does not stand any more."""

    operation: Operation
    words: str
    undone: bool

    def as_json(self) -> dict[str, Any]:
        operation = self.operation
        return {
            "id": operation.pk,
            "by": str(operation.by),
            "at": at_in_words(operation),
            "kind": operation.get_kind_display(),
            "words": self.words,
            "note": operation.note,
            "undone": self.undone,
        }


@dataclass(frozen=True)
class History:
    """What was done to a draft, the newest last, and what can be undone and done again."""

    rows: list[Done]
    undo: Done | None
    redo: Done | None

    @classmethod
    def of(cls, edition: Edition) -> "History":
        words = Words()
        everything = list(edition.operations.shown())
        done, undone = stacks(everything)
        standing = {operation.pk for operation in done}
        real = [operation for operation in everything if operation.of_id is None]
        rows = {
            operation.pk: Done(operation, words.flows(operation.moved), operation.pk not in standing)
            for operation in dict.fromkeys([*real[-HISTORY_LENGTH:], *done[-1:], *undone[-1:]])
        }
        return cls(
            [rows[operation.pk] for operation in real[-HISTORY_LENGTH:]],
            *(rows[stack[-1].pk] if stack else None for stack in (done, undone)),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "history": [row.as_json() for row in self.rows],
            "undo": self.undo and self.undo.as_json(),
            "redo": self.redo and self.redo.as_json(),
        }


def step_json(operation: Operation, words: Words, with_ground: bool = False) -> dict[str, Any]:
    """An operation, and what changed hands by it: from whom to whom, km² in all and by region code."""
    said = {
        "id": operation.pk,
        "kind": operation.kind,
        "by": str(operation.by),
        "at": at_in_words(operation),
        "words": words.flows(operation.moved),
        "flows": [
            {
                "before": words.holding(flow.before),
                "after": words.holding(flow.after),
                "km2": flow.km2,
                "regions": [[words.regions.get(code, code), size] for code, size in flow.regions.items()],
            }
            for flow in operation.moved
        ],
    }
    if operation.of_id:
        said["words"] = f"{operation.get_kind_display()}: {said['words']}"
    return said | ({"ground": pictures.geometry(operation.changed)} if with_ground else {})


def conflict_json(conflict: Conflict, words: Words) -> dict[str, Any]:
    return {
        "message": str(conflict),
        "steps": [step_json(operation, words, with_ground=True) for operation in conflict.operations],
    }


def preview_json(form: OperationForm, areas: Sequence[Area], moves: Callable[[Callable], list[Move]]) -> dict[str, Any]:
    """What an operation would change. Of a front line whose side is not chosen yet: what each side would."""
    words = Words()
    if form.chosen != Operation.Kind.LINE:
        would = moves(form.change)
        return {"words": words.flows(flows_of(would)), "ground": pictures.geometry(ground_of(would)), "sides": []}
    receiver, named = form.receiver(), side_words(form.cleaned_data["line"])
    sides = []
    for side, ground in form.sides(areas).items():
        would = moves(
            lambda areas, ground=ground: give(areas, ground, receiver) if receiver else take(areas, ground, *form.layer)
        )
        sides.append(
            {
                "side": side,
                "words": named[side],
                "ground": pictures.geometry(ground),
                "said": words.flows(flows_of(would)),
            }
        )
    return {"words": "", "ground": None, "sides": sides}


def events_json(edition: Edition) -> dict[str, Any]:
    """What had happened on the map by the draft's moment, the newest first; drafts of events too."""
    events = Event.objects.filter(map=edition.map, happened_at__lte=edition.situation_at)
    return {
        "type": "FeatureCollection",
        "features": [
            pictures.feature(
                Point(event.lon, event.lat),
                title=str(event),
                url=reverse("admin:mapdata_event_change", args=[event.pk]),
                day=in_words(event.happened_at, edition.map.zone, "SHORT_DATE_FORMAT"),
            )
            for event in events[:MOST_EVENTS]
        ],
    }
