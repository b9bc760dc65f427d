"""A visitor who has logged in already: only tests of logging in go by its form, a second each time."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client


def cookies(address: str, person: str = "", language: str = "") -> list[dict]:
    """What the browser of that person has kept of the site at this address, for `context.add_cookies`."""
    kept = {}
    if language:
        kept[settings.LANGUAGE_COOKIE_NAME] = language
    if person:
        client = Client()
        client.force_login(get_user_model().objects.get(username=person))
        kept[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": name, "value": value, "url": address} for name, value in kept.items()]
