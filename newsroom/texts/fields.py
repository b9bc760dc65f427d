"""A text in any number of languages in one column: JSON in the database, a `Texts` in Python.

Which languages the desk asks for is a setting (CONTENT_LANGUAGES), so a new one takes no migration; what stands there
in a language that is no longer asked for is kept.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Func, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransformFactory
from django.db.models.functions import Coalesce
from django.db.models.lookups import IContains
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from newsroom.texts.forms import TextsFormField
from newsroom.texts.languages import first_language, in_order, name_of_language, wanted_language


class Texts(dict[str, str]):
    """By language what is said; empty ones are left out. `languages.in_language` gives one of them."""

    @classmethod
    def of(cls, value: Mapping[str, str] | None) -> "Texts":
        return cls((language, text) for language, text in (value or {}).items() if text)

    def __str__(self) -> str:
        """All of them, a line each: what somebody sees who may look at a form and not change it."""
        return "\n".join(f"{name_of_language(language)}: {self[language]}" for language in in_order(self))


class TextsAttribute(DeferredAttribute):
    """Whatever mapping is assigned becomes a `Texts`."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, Mapping) or value is None:
            value = Texts.of(value)
        instance.__dict__[self.field.attname] = value


class TextsField(models.Field):
    """Texts by language. Without `blank` the first content language is required; `max_length` holds for each.

    That the first is there is validated here and not by a constraint of the database: which it is, is a setting.
    `filter(name__icontains=...)` looks in all languages, so admins search by the field's name alone; order by
    `InLanguage("name")`.
    """

    description = "A text in several languages"
    descriptor_class = TextsAttribute
    empty_strings_allowed = False

    def __init__(self, verbose_name=None, *, multiline: bool = False, **kwargs):
        self.multiline = multiline
        super().__init__(verbose_name, **kwargs | {"default": Texts})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["default"]
        if self.multiline:
            kwargs["multiline"] = True
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "JSONField"

    def get_transform(self, name: str):
        return super().get_transform(name) or KeyTransformFactory(name)

    def from_db_value(self, value, expression, connection):
        # A key of it (`values("name__nl")`) may be missing, or come as the text that it is.
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value

    def to_python(self, value):
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except json.JSONDecodeError:
                value = None
        if value is not None and not isinstance(value, Mapping):
            raise ValidationError(_("This is no text by language."), code="invalid")
        return Texts.of(value)

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return dict(Texts.of(value)) if isinstance(value, Mapping) or value is None else value

    def get_db_prep_value(self, value, connection, prepared=False):
        return connection.ops.adapt_json_value(value if prepared else self.get_prep_value(value), None)

    def value_to_string(self, obj):
        return dict(self.value_from_object(obj))

    def validate(self, value, model_instance) -> None:
        if not self.blank and not value.get(first_language()):
            raise ValidationError(self.error_messages["blank"], code="blank")
        if self.max_length and any(len(text) > self.max_length for text in value.values()):
            words = _("A text is longer than %(limit)s characters.")
            raise ValidationError(words, code="max_length", params={"limit": self.max_length})

    def save_form_data(self, instance, data) -> None:
        """What the form did not ask for stays."""
        kept = {
            language: text
            for language, text in getattr(instance, self.attname).items()
            if language not in settings.CONTENT_LANGUAGES
        }
        setattr(instance, self.attname, kept | data)

    def formfield(self, **kwargs):
        own = {"form_class": TextsFormField, "max_length": self.max_length, "multiline": self.multiline}
        # That a default is made anew for each row is no reason to remember in the form what it was.
        return super().formfield(**own | {"initial": None, "show_hidden_initial": False} | kwargs)


@TextsField.register_lookup
class SaysInAnyLanguage(IContains):
    """`name__icontains`: whether the text is part of what is said in some language."""

    SQL = {
        "sqlite": r"EXISTS (SELECT 1 FROM json_each(%s) AS said WHERE said.value LIKE %s ESCAPE '\')",
        "postgresql": "EXISTS (SELECT 1 FROM jsonb_each_text(%s) AS said WHERE UPPER(said.value) LIKE UPPER(%s))",
    }

    def as_sql(self, compiler, connection):
        said, said_params = compiler.compile(self.lhs)
        part, part_params = self.process_rhs(compiler, connection)
        return self.SQL[connection.vendor] % (said, part), (*said_params, *part_params)


class InLanguage(Func):
    """The text as it is shown now, to order by: `ordering = [InLanguage("name")]`, or `InLanguage("party__name")`.

    Which languages there are is asked when the query is made, so that migrations say nothing of a setting.
    """

    arity = 1

    def resolve_expression(self, query=None, allow_joins=True, reuse=None, summarize=False, for_save=False):
        (texts,) = self.get_source_expressions()
        languages = dict.fromkeys((wanted_language(), *settings.CONTENT_LANGUAGES))
        shown = Coalesce(*(KeyTextTransform(language, texts) for language in languages), Value(""))
        return shown.resolve_expression(query, allow_joins, reuse, summarize, for_save)
