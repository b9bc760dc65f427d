"""Who may do what: the four groups as data, and the rules that depend on the draft.

Groups are made by migrations, which call `make_groups`; whoever changes `ROLES` writes a new one.
"""

from django.contrib.auth.management import create_permissions
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.publishing import Stage

LOOK = ("view",)
ADD = ("view", "add")
WRITE = ("view", "add", "change")
ALL = ("view", "add", "change", "delete")
PUBLISH = (*ALL, "publish")

# What everybody at the desk may look at, so that they can refer to it.
_EVERYTHING = {
    "articles.author": LOOK,
    "articles.person": LOOK,
    "articles.quote": LOOK,
    "articles.section": LOOK,
    "articles.story": LOOK,
    "mapdata.edition": LOOK,
    "mapdata.event": LOOK,
    "mapdata.party": LOOK,
    "mapdata.place": LOOK,
    "mapdata.region": LOOK,
    "mapdata.situationmap": LOOK,
    "mapdata.view": LOOK,
    "newsroom.image": LOOK,
    "newsroom.source": LOOK,
}
_EDITOR = _EVERYTHING | {
    "articles.author": WRITE,
    "articles.person": ALL,
    "articles.quote": ALL,
    "articles.story": PUBLISH,
    "mapdata.edition": PUBLISH,
    "mapdata.event": PUBLISH,
    "mapdata.import": ALL,
    "mapdata.importpreset": ALL,
    "mapdata.place": WRITE,
    "mapdata.view": ALL,
    "newsroom.image": ALL,
    "newsroom.source": ALL,
}

ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "reporter": _EVERYTHING
    | {
        "articles.person": ADD,
        "articles.quote": WRITE,
        "articles.story": ALL,
        "newsroom.image": ADD,
        "newsroom.source": WRITE,
    },
    "map editor": _EVERYTHING
    | {
        "mapdata.edition": ALL,
        "mapdata.event": ALL,
        "mapdata.import": ALL,
        "mapdata.importpreset": ALL,
        "mapdata.place": WRITE,
        "mapdata.view": WRITE,
        "newsroom.image": WRITE,
        "newsroom.source": WRITE,
    },
    "editor": _EDITOR,
    "administrator": _EDITOR
    | {
        "articles.author": ALL,
        "articles.section": ALL,
        "auth.group": ALL,
        "auth.user": ALL,
        "mapdata.party": ALL,
        "mapdata.place": ALL,
        "mapdata.region": ALL,
        "mapdata.situationmap": ALL,
        # Everybody sees their own; these see, and cancel, all of them.
        "newsroom.job": LOOK,
    },
}

# The groups' names are keys; this is what people read.
ROLE_WORDS = {
    "reporter": _("reporter"),
    "map editor": _("map editor"),
    "editor": _("editor"),
    "administrator": _("administrator"),
}
VERB_WORDS = {
    "view": pgettext_lazy("permission", "view"),
    "add": pgettext_lazy("permission", "add"),
    "change": pgettext_lazy("permission", "change"),
    "delete": pgettext_lazy("permission", "delete"),
    "publish": pgettext_lazy("permission", "publish"),
}

# Whoever cannot publish these changes only those that they began.
OWN_ONLY = {"articles.story"}


def role_in_words(name: str) -> str:
    """The name of a group for people; of a group that a newsroom made itself, as it is."""
    return str(ROLE_WORDS.get(name, name))


def permission_in_words(permission) -> str:
    """Django keeps the names of permissions in English: this is what one allows, and to what."""
    verb = permission.codename.partition("_")[0]
    return f"{permission.content_type.app_labeled_name} | {VERB_WORDS.get(verb, permission.name)}"


def may_publish(user, model: type[models.Model] | models.Model) -> bool:
    """Publishing, sending back, taking back and withdrawing are one permission."""
    return user.has_perm(f"{model._meta.app_label}.publish_{model._meta.model_name}")


def may_change(user, draft) -> bool:
    """Beyond the permission to change its kind: who cannot publish changes it only until it is handed in."""
    if not draft.is_open:
        return False
    if may_publish(user, draft):
        return True
    return draft.stage == Stage.DRAFT and (draft._meta.label_lower not in OWN_ONLY or is_own(user, draft))


def is_own(user, draft) -> bool:
    """Whether this person begins it, began what is unpublished of it, or wrote one of its versions."""
    if draft.pk is None or draft.written_by_id == user.pk:
        return True
    return draft.sealed_versions().filter(written_by=user).exists()


def may_delete(user, draft) -> bool:
    """Only what was never published is deleted."""
    return draft.pk is not None and may_change(user, draft) and not draft.sealed_versions().exists()


def make_groups(apps, alias: str) -> None:
    """The groups with their permissions, as far as the tables of a migration know them. Safe to repeat.

    Django makes permissions after all migrations have run, so they are made here first.
    """
    for label in sorted({label.split(".")[0] for permissions in ROLES.values() for label in permissions}):
        config = apps.get_app_config(label)
        # The stand-in that a migration gets for an app lacks what create_permissions looks at.
        config.models_module = True
        create_permissions(config, verbosity=0, using=alias, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    for name, allowed in ROLES.items():
        group, _created = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=name)
        wanted = models.Q(pk=None)
        for label, verbs in allowed.items():
            app, model = label.split(".")
            names = [f"{verb}_{model}" for verb in verbs]
            wanted |= models.Q(content_type__app_label=app, codename__in=names)
        group.permissions.set(permissions.filter(wanted))
