"""What every template may name."""

from django.conf import settings

from newsroom.texts.languages import languages_of_names, own_name_of_language


def site(request) -> dict:
    return {
        "site_name": settings.SITE_NAME,
        "languages_of_names": [(language, own_name_of_language(language)) for language in languages_of_names()],
        "tiles": {"url": settings.TILE_URL, "attribution": settings.TILE_ATTRIBUTION},
    }
