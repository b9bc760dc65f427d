"""Django's system checks: a model that is published keeps the whole contract, or nothing starts."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from newsroom.publishing.drafts import Draft, DraftQuerySet, Publishable
from newsroom.publishing.versions import Version, VersionQuerySet


@register(Tags.models)
def check_contract(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    return [fault for model in apps.get_models() for fault in faults_of(model)]


def faults_of(model: type[models.Model]) -> Iterator[CheckMessage]:
    """What a model lacks of what it takes part in."""
    if issubclass(model, Publishable | Version):
        yield from _unsaid(model)
    if issubclass(model, Version):
        yield from _version_faults(model)
    if issubclass(model, Draft):
        yield from _draft_faults(model)
    if issubclass(model, Publishable):
        yield from _publishable_faults(model)
    if name := getattr(model, "frozen_with", ""):
        related = _related_model(model, name)
        if related is None or not issubclass(related, Version):
            yield Error(
                f"frozen_with names {name!r}, which is no foreign key to a version.", obj=model, id="newsroom.E005"
            )


def _unsaid(model: type[models.Model]) -> Iterator[CheckMessage]:
    for name in sorted(dir(model)):
        member = getattr(model, name, None)
        said = member.fget if isinstance(member, property) else member
        if getattr(said, "is_asked_of_each", False):
            yield Error(f"{name} is part of the contract, and is not there.", obj=model, id="newsroom.E001")


def _version_faults(model: type[Version]) -> Iterator[CheckMessage]:
    subject = _related_model(model, getattr(model, "subject_field", ""))
    if subject is None:
        yield Error("subject_field names no foreign key: of what is it a version?", obj=model, id="newsroom.E002")
    if not isinstance(model._default_manager.get_queryset(), VersionQuerySet):
        yield Error("Its manager does not know the states of versions.", obj=model, id="newsroom.E003")
    once = {tuple(found.fields) for found in model._meta.constraints if isinstance(found, models.UniqueConstraint)}
    if subject is not None and (model.subject_field, "number") not in once:
        yield Error("A number can be given twice: no constraint keeps it unique.", obj=model, id="newsroom.E004")
    has_images = any(field.name == "images" for field in model._meta.local_many_to_many)
    if model.shows_pictures != has_images:
        yield Error("shows_pictures and the relation images say different things.", obj=model, id="newsroom.E006")


def _draft_faults(model: type[Draft]) -> Iterator[CheckMessage]:
    versions = _related_model(model, "versions")
    if versions is None or not issubclass(versions, Version):
        yield Error("No version has it as its subject, under the name versions.", obj=model, id="newsroom.E007")
    if not isinstance(model._default_manager.get_queryset(), DraftQuerySet):
        yield Error("Its manager does not know drafts().", obj=model, id="newsroom.E003")


def _publishable_faults(model: type[Publishable]) -> Iterator[CheckMessage]:
    wanted = f"publish_{model._meta.model_name}"
    if wanted not in dict(model._meta.permissions):
        yield Error(f"There is no permission {wanted}.", obj=model, id="newsroom.E008")
    for name in (*model.STANDING, *model.CHANGED):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            yield Error(f"It has no column {name}.", obj=model, id="newsroom.E009")


def _related_model(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name).related_model
    except FieldDoesNotExist:
        return None
