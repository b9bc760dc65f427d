"""Names that readers see exist in Dutch, English and Ukrainian; the Dutch one is always there."""

from collections.abc import Mapping

from django.utils.translation import get_language


def in_language(names: Mapping[str, str], language: str | None = None) -> str:
    """The name in a language (default: the active one), or else the Dutch one."""
    return names.get(language or get_language() or "nl") or names.get("nl", "")


def by_language(record, field: str) -> dict[str, str]:
    """By language what a model's `<field>_nl`, `<field>_en` and `<field>_uk` say; empty ones are left out."""
    names = {language: getattr(record, f"{field}_{language}", "") for language in ("nl", "en", "uk")}
    return {language: name for language, name in names.items() if name}
