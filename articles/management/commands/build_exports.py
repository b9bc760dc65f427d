"""Makes the files that readers download, as far as they are not there."""

from argparse import ArgumentParser
from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from mapdata.models import SituationMap
from mapdata.reading import downloads as maps
from newsroom.downloads.download import everything, make_missing
from newsroom.downloads.export import Export


class Command(BaseCommand):
    help = (
        "Make the files that readers download (editions, time series, events, quotes), as far as they are not there. "
        "The worker does so by itself after each publication; this is for a newsroom that had none, or lost its files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--map", metavar="SLUG", help="Only the files of this map.")

    def handle(self, *args, **options) -> None:
        began = monotonic()
        slug = options["map"]
        if slug and not SituationMap.objects.filter(slug=slug).exists():
            raise CommandError(_("There is no map “%(slug)s”.") % {"slug": slug})
        found = list(maps.everything(slug) if slug else everything())
        total = made = 0
        # disable=None: only on a terminal.
        with tqdm(total=len(found), delay=1, disable=None, unit="download", leave=False) as bar:

            def seen(files: int | None) -> None:
                nonlocal total, made
                total, made = total + (files or 0), made + (files is not None)
                bar.update()

            wanted = make_missing(found, seen)
        if not slug:
            Export.tidy(wanted)
        self.stdout.write(
            _("%(files)d files made in %(seconds).0f seconds.") % {"files": total, "seconds": monotonic() - began}
        )
        if made < len(found):
            raise CommandError(_("%(count)d downloads could not be made; see the log.") % {"count": len(found) - made})
