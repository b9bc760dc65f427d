"""The form field of a text in several languages: a line for each content language, with its errors beside it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from newsroom.texts.languages import direction, first_language, name_of_language


class TextsWidget(forms.Widget):
    """The first language's input has the field's own id, so that labels and the making of addresses find it.

    The name of each is the field's with the language: `title_nl`.
    """

    template_name = "admin/widgets/texts.html"

    def __init__(self, multiline: bool = False, attrs: dict | None = None):
        super().__init__(attrs)
        self.multiline = multiline
        # What the form says of the field, set where it is shown: its label, and by language what is wrong.
        self.label = ""
        self.wrong: Mapping[str, list[str]] = {}

    def line(self) -> forms.Widget:
        if self.multiline:
            return forms.Textarea({"class": "vLargeTextField", "rows": 4})
        return forms.TextInput({"class": "vTextField"})

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        texts = by_language(value)
        shared = context["widget"]["attrs"]
        context["widget"]["label"] = self.label
        context["widget"]["lines"] = [
            self._line(name, language, texts.get(language, ""), shared) for language in settings.CONTENT_LANGUAGES
        ]
        return context

    def _line(self, name: str, language: str, text: str, shared: Mapping) -> dict:
        attrs = {key: said for key, said in shared.items() if key not in {"required", "aria-invalid"}}
        wrong = self.wrong.get(language, [])
        if first := language == first_language():
            attrs |= {"required": True} if shared.get("required") else {}
        elif "id" in shared:
            attrs["id"] = f"{shared['id']}_{language}"
        id_ = attrs.get("id", "")
        if wrong:
            attrs |= {"aria-invalid": "true"} | ({"aria-describedby": f"{id_}_error"} if id_ else {})
        attrs |= {"lang": language, "dir": direction(language)}
        return {
            "id": id_,
            "language": language,
            "language_name": name_of_language(language),
            "errors": wrong,
            "is_first": first,
            "input": mark_safe(self.line().render(f"{name}_{language}", text, attrs)),
        }

    def render(self, name, value, attrs=None, renderer=None):
        # From the site's templates, as all others of the desk.
        return mark_safe(render_to_string(self.template_name, self.get_context(name, value, attrs)))

    def value_from_datadict(self, data, files, name):
        said = {language: data.get(f"{name}_{language}") for language in settings.CONTENT_LANGUAGES}
        return {language: text for language, text in said.items() if text is not None}

    def value_omitted_from_data(self, data, files, name):
        return not any(f"{name}_{language}" in data for language in settings.CONTENT_LANGUAGES)


class TextsBoundField(forms.BoundField):
    """What is wrong in a line stands beside that line; `errors` are those of none."""

    @property
    def errors(self):
        found = super().errors
        whole = [error for error in found.as_data() if not hasattr(error, "language")]
        return self.form.error_class(whole, renderer=self.form.renderer)

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        if widget is None and isinstance(self.field.widget, TextsWidget):
            wrong: dict[str, list[str]] = {}
            for error in super().errors.as_data():
                if language := getattr(error, "language", ""):
                    wrong.setdefault(language, []).extend(error.messages)
            self.field.widget.wrong, self.field.widget.label = wrong, self.label
        return super().as_widget(widget, attrs, only_initial)


class TextsFormField(forms.Field):
    """Its value is a dict: by content language what was typed, empty ones left out."""

    def __init__(self, *, max_length: int | None = None, multiline: bool = False, **kwargs):
        kwargs.setdefault("widget", TextsWidget(multiline))
        self.max_length = max_length
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {"maxlength": str(self.max_length)} if self.max_length else {}

    def get_bound_field(self, form, field_name):
        return TextsBoundField(form, self, field_name)

    def clean(self, value) -> dict[str, str]:
        texts: dict[str, str] = {}
        wrong: list[ValidationError] = []
        said = by_language(value)
        for language in settings.CONTENT_LANGUAGES:
            required = self.required and language == first_language()
            try:
                texts[language] = forms.CharField(required=required, max_length=self.max_length).clean(
                    said.get(language, "")
                )
            except ValidationError as error:
                for one in error.error_list:
                    one.language = language
                    wrong.append(one)
        if wrong:
            raise ValidationError(wrong)
        return {language: text for language, text in texts.items() if text}

    def has_changed(self, initial, data) -> bool:
        if self.disabled:
            return False
        before, after = by_language(initial), by_language(data)
        return any(
            before.get(language, "") != after.get(language, "").strip() for language in settings.CONTENT_LANGUAGES
        )


def by_language(value: Any) -> Mapping[str, str]:
    """What a form was given as a text by language: one without a language, as addresses give it, is in the first."""
    if isinstance(value, str):
        return {first_language(): value}
    return value or {}
