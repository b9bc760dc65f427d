"""Who logs in, who else could, and the accounts that are not people."""

from typing import Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


class AccountEventQuerySet(models.QuerySet):
    def of_known_password(self, user) -> Self:
        """What the person is told while somebody else knows, or knew, their password: all of it, in order; or nothing.

        Nothing of it is forgotten when the person chooses a password of their own: were it somebody else who did that
        in their name, they come back with another one that is given to them, and then see it all.
        """
        told = self.filter(user=user).order_by("at", "pk")
        last = told.exclude(kind=AccountEvent.Kind.LOGIN).last()
        return told if last and last.kind == AccountEvent.Kind.GIVEN else told.none()


class AccountEvent(models.Model):
    """What happened to an account whose password somebody else gave: each login since, until the person changes it."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("the password was set by somebody else")
        LOGIN = "login", _("a login")
        CHOSEN = "chosen", _("the password was changed by whoever was logged in")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="account_events", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    # Who gave it.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"), null=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of an account")
        verbose_name_plural = _("events of accounts")
        indexes = [models.Index(fields=["user", "at"], name="newsroom_accountevent_told")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"

    @classmethod
    def password_set(cls, user, by) -> None:
        """By the person, or by somebody else for them."""
        if user.pk != by.pk:
            cls.objects.create(user=user, by=by, kind=cls.Kind.GIVEN)
        elif cls.objects.of_known_password(user).exists():
            cls.objects.create(user=user, kind=cls.Kind.CHOSEN)


# A session says so while somebody else knows the password: most people's pages need not ask.
TOLD = "password-given"


def logged_in(sender, request, user, **kwargs) -> None:
    """Who logs in while somebody else knows the password is noted, and told."""
    if not AccountEvent.objects.of_known_password(user).exists():
        return
    AccountEvent.objects.create(user=user, kind=AccountEvent.Kind.LOGIN)
    if request is not None:
        request.session[TOLD] = True


def told(request) -> list[AccountEvent]:
    """For the top of each of the desk's pages."""
    if not request.session.get(TOLD):
        return []
    return list(AccountEvent.objects.of_known_password(request.user).select_related("by"))
