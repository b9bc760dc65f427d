"""Copies of sources in an archive: the desk asks for many at once, and they are made one by one, at the archive's pace.

Each copy is a task of its own that leads to the next one, so that other work gets between, and what is made is kept
whatever happens. What waits, and what became of the rest, stands at the sources themselves.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from newsroom.archiving import Busy, NotArchived, archive
from newsroom.desk.shown_records import note_on_drafts
from newsroom.jobs.job import daily
from newsroom.models import Source

# After an archive asked for patience.
LONG_PAUSE = timedelta(minutes=5)


def ask_for_copies(sources) -> int:
    """Have copies made of those that have an address and no copy; says of how many."""
    asked = sources.never_archived().update(archive_asked_at=timezone.now(), archive_trouble="")
    if asked:
        archive_next.enqueue()
    return asked


@task()
def archive_next() -> None:
    """Ask for one copy, keep its address or why there is none, and go on with the next."""
    source = Source.objects.waiting_for_archive().order_by("archive_asked_at", "pk").first()
    if source is None or not settings.ARCHIVE_URL:
        return
    pause = timedelta(seconds=settings.ARCHIVE_PAUSE)
    try:
        copy, trouble = archive(source.url, settings.ARCHIVE_URL), ""
    except NotArchived as why:
        copy, trouble = "", str(why)
        if isinstance(why, Busy):
            pause = LONG_PAUSE
    keep(source, copy, trouble)
    if Source.objects.waiting_for_archive().exists():
        later = archive_next.using(run_after=timezone.now() + pause) if _can_wait() else archive_next
        later.enqueue()


@daily
def go_on() -> None:
    """Where a worker was stopped in the middle of one, the next one was never asked for."""
    yesterday = timezone.now() - timedelta(days=1)
    if Source.objects.waiting_for_archive().filter(archive_asked_at__lt=yesterday).exists():
        archive_next.enqueue()


def keep(source: Source, copy: str, trouble: str) -> None:
    """Unless somebody gave the source another address, or a copy, meanwhile."""
    with transaction.atomic():
        now = Source.objects.select_for_update().filter(pk=source.pk, url=source.url, archived_url="").first()
        if now is None:
            return
        now.archived_url, now.archive_trouble = copy, trouble[:300]
        now.archive_asked_at = timezone.now() if trouble else now.archive_asked_at
        now.save(update_fields=["archived_url", "archive_trouble", "archive_asked_at"])
        if copy:
            note_on_drafts(now)


def _can_wait() -> bool:
    return archive_next.get_backend().supports_defer


class ArchivedFilter(admin.SimpleListFilter):
    title = _("archived copy")
    parameter_name = "archived"

    def lookups(self, request, model_admin):
        return [
            ("yes", _("there is one")),
            ("never", _("never archived")),
            ("waiting", _("asked for")),
            ("failed", _("could not be had")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.exclude(archived_url="")
        if self.value() == "never":
            return queryset.never_archived()
        if self.value() == "waiting":
            return queryset.waiting_for_archive()
        if self.value() == "failed":
            return queryset.never_archived().exclude(archive_trouble="")
        return queryset
