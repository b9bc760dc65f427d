"""Says whether everything that was published is still as it was published."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from tqdm import tqdm

from newsroom.publishing import verification


class Command(BaseCommand):
    help = (
        "Recompute every chain of versions, compare the rows and files beside them, and name the first broken link of "
        "each chain. Ends with status 1 when anything is broken. The digest of all chain ends changes with every "
        "publication: noted elsewhere, it proves later that nothing was cut off."
    )

    def handle(self, *args, **options):
        # disable=None: only on a terminal.
        with tqdm(total=verification.count(), delay=1, disable=None, unit="version", leave=False) as bar:
            report = verification.verify(connection, seen=bar.update)
        for link in report.broken:
            self.stdout.write(str(link))
        for name in report.triggers:
            words = _("The trigger %(name)s is missing or altered; “manage.py migrate” puts it right.")
            self.stdout.write(words % {"name": name})
        if not report.is_whole:
            raise CommandError(
                _("%(broken)d of %(chains)d chains are broken, %(triggers)d triggers are not as they should be.")
                % {"broken": len(report.broken), "chains": report.chains, "triggers": len(report.triggers)}
            )
        self.stdout.write(
            _("%(versions)d versions in %(chains)d chains are as they were published.")
            % {"versions": report.versions, "chains": report.chains}
        )
        self.stdout.write(_("Digest of all chain ends: %(digest)s") % {"digest": report.ends})
