"""Loads the demo newsroom: what a first `make run` shows."""

from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.demo import content, loader
from newsroom.accounts import DEMO_PASSWORD
from newsroom.publishing import Refused


class Command(BaseCommand):
    help = (
        "Load the demo newsroom: a map with its editions and events, stories in several versions, and a user for each "
        "role. What is there already stays as it is; loading twice changes nothing."
    )

    def handle(self, *args, **options) -> None:
        began = monotonic()
        try:
            made = loader.load(self.say if options["verbosity"] else lambda line: None)
        except Refused as refusal:
            raise CommandError(f"The demo cannot be loaded beside what is here: {refusal}") from refusal
        if not options["verbosity"]:
            return
        if not made:
            self.say("  The demo is there already; nothing was changed.")
            return
        self.say(f"  {made} records in {monotonic() - began:.0f} seconds.")
        for user in content.read("desk")["user"]:
            self.say(f"  {user['username']:15} {user['group']:14} password {DEMO_PASSWORD}")
        if settings.PRODUCTION:
            self.say("  Production refuses this password: set others with manage.py changepassword.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
