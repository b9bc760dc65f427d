"""The moments at which what readers see changes: by these a page that was kept is known to be current."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class PublicChange(models.Model):
    """A moment at which what readers see changes: a release (also one to come) or a withdrawal.

    Together they name the state of the whole site, so that a cached page is known to be current by one small query, in
    every process, and without anything having to run when a scheduled version is due.
    """

    effective_at = models.DateTimeField(_("takes effect at"), db_index=True)

    class Meta:
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")

    @classmethod
    def token(cls) -> str:
        """Another word whenever what readers see may have changed.

        It names the change that was written last (a transaction may become visible after one that began later) and
        the one that took effect last (a scheduled one was written long before), with its moment: numbers come again
        where a database was restored or emptied.
        """
        with connection.cursor() as cursor:
            cursor.execute(NEWEST, [connection.ops.adapt_datetimefield_value(timezone.now())])
            return "{}-{}-{}".format(*(cursor.fetchone() or (0, 0, "")))

    @classmethod
    def record(cls, moment: datetime) -> None:
        """Within the transaction that makes the change: its end shows both to readers at once."""
        if connection.vendor == "postgresql":
            # One at a time until the transaction ends, so that a later change never becomes visible first; on SQLite
            # whoever writes is alone anyway.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('newsroom.PublicChange'))")
        cls.objects.create(effective_at=max(moment, timezone.now()))
        for name in settings.AFTER_A_PUBLIC_CHANGE:
            transaction.on_commit(partial(import_string(name), moment))


# In SQL, because every page that is kept asks it: putting it together anew would take ten times as long as the answer.
TABLE = PublicChange._meta.db_table
NEWEST = f"""
    SELECT id, (SELECT MAX(id) FROM {TABLE}), effective_at FROM {TABLE}
    WHERE effective_at <= %s ORDER BY effective_at DESC, id DESC LIMIT 1
"""
