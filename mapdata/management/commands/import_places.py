"""Fills the gazetteer with the places that are shipped."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from mapdata.imports.places.shipped import shipped
from mapdata.imports.places.store import write


class Command(BaseCommand):
    help = (
        "Load the places that are shipped: towns and villages of Ukraine, with names in Dutch, English and Ukrainian. "
        "Places are known by their code: loading twice changes nothing. Load the regions first (import_regions). "
        "Places of a file of your own: import_file --kind places."
    )

    def handle(self, *args, **options) -> None:
        with transaction.atomic():
            count = write(list(shipped()))
        if options["verbosity"]:
            self.stdout.write(_("%(added)s added, %(changed)s changed, %(unchanged)s unchanged.") % count)
