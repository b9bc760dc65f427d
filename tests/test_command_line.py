"""A command that cannot reach the database, or finds none prepared, says so in one line."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.test import SimpleTestCase

COMMANDS = (["verify"], ["import_regions"], ["load_demo"])


@pytest.mark.slow
class NoDatabaseTests(SimpleTestCase):
    def said(self, command: list[str], database_url: str) -> str:
        """What a command that fails writes on standard error."""
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"DATA_DIR": folder, "DATABASE_URL": database_url, "DEBUG": "0"}
            environment["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
            done = subprocess.run(
                [sys.executable, Path(settings.BASE_DIR, "manage.py"), *command],
                env=environment, capture_output=True, text=True, timeout=60,
            )  # fmt: skip
        self.assertEqual(done.returncode, 1)
        return done.stderr.strip()

    def test_one_that_cannot_be_reached_is_one_line(self):
        for command in COMMANDS:
            said = self.said(command, "postgres://newsroom:secret@127.0.0.1:1/newsroom")
            self.assertEqual(len(said.splitlines()), 1, said)
            self.assertIn("DATABASE_URL", said)
            self.assertNotIn("secret", said)

    def test_one_that_is_not_prepared_is_one_line(self):
        said = self.said(["verify"], "")
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertIn("manage.py migrate", said)

    def test_who_wants_to_know_where_gets_the_traceback(self):
        self.assertIn("Traceback", self.said(["verify", "--traceback"], ""))
