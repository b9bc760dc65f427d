"""The lists on the desk's first page: what this person began, what waits for an editor, what comes, what came."""

from typing import Any, NamedTuple

from django.contrib.admin import AdminSite
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.publishing import Publishable

# A list is to be read at a glance; the changelists have the rest.
LENGTH = 8


class Item(NamedTuple):
    title: str
    kind: str
    url: str
    moment: Any
    person: str


class Worklist(NamedTuple):
    name: str
    title: str
    empty: str
    items: list[Item]


def worklists(site: AdminSite, request) -> list[Worklist]:
    publishing = [
        admin
        for admin in site._registry.values()
        if issubclass(admin.model, Publishable) and admin.has_view_permission(request)
    ]
    titles = [
        ("mine", _("My drafts"), _("Nothing that you began is unpublished.")),
        ("review", _("Waiting for review"), _("Nothing waits for an editor.")),
        ("scheduled", _("Scheduled"), _("Nothing is scheduled.")),
        ("published", _("Recently published"), _("Nothing is published yet.")),
    ]
    return [
        Worklist(name, title, empty, _items(publishing, request, name, soonest=name == "scheduled"))
        for name, title, empty in titles
    ]


def _items(publishing: list, request, name: str, soonest: bool) -> list[Item]:
    found = []
    for admin in publishing:
        change = f"{admin.admin_site.name}:{admin.opts.app_label}_{admin.opts.model_name}_change"
        for subject, title, moment, person in admin.desk_rows(request, name, LENGTH):
            url = reverse(change, args=[subject.pk])
            found.append(Item(title, admin.opts.verbose_name, url, moment, str(person)))
    return sorted(found, key=lambda item: item.moment, reverse=not soonest)[:LENGTH]
