"""Who logs in, and the accounts that are not people."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

# Everybody can read this password in the source: the demo prints it, and production refuses it.
DEMO_PASSWORD = "lees-de-kaart-2022"


class Backend(ModelBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        if settings.PRODUCTION and password == DEMO_PASSWORD:
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)


def machine(name: str):
    """The account under which a command works; nobody can log in with it."""
    user, created = get_user_model().objects.get_or_create(username=name, defaults={"is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
