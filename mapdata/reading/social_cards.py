"""The picture of an edition for social cards, drawn once and kept under the edition's digest."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import override

from mapdata.drawing.social_card import card
from mapdata.models import Edition
from mapdata.models.derived import STYLE, baseline_of, shapes_of
from newsroom.templatetags.moments import written
from newsroom.texts.languages import in_language

LANGUAGE = "nl"


def card_of(edition: Edition) -> bytes:
    """A PNG of 1200 by 630 pixels, as published: the name says what it shows, so it is never made twice."""
    baseline = baseline_of(edition)
    shown = f"{edition.digest}-{baseline.digest[:16] if baseline else 'alone'}-{STYLE}"
    name = f"cards/{edition.digest[:2]}/{shown}.png"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(draw_card(edition)))
    with default_storage.open(name) as file:
        return file.read()


def draw_card(edition: Edition) -> bytes:
    content = edition.content
    with override(LANGUAGE):
        return card(
            areas=shapes_of(edition),
            dots=[],
            bounds=tuple(content["map"]["bounds"]),
            title=in_language(content["map"]["title"]),
            stamp=written(content["situation_at"], "exact", content["map"]["time_zone"]),
            source_line=_("Source: %(sources)s")
            % {"sources": ", ".join(dict.fromkeys(source["publisher"] for source in content["sources"]))},
            parties={slug: in_language(party["name"]) for slug, party in content["parties"].items()},
            language=LANGUAGE,
        )
