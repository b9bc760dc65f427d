"""What every template may name."""

from django.conf import settings


def site(request) -> dict:
    return {"site_name": settings.SITE_NAME, "default_language": settings.LANGUAGE_CODE}
