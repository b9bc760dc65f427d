"""A cache that is down does not take the site down."""

import os
from unittest import mock

from django.test import TestCase, override_settings

from newsroom import environment
from tests.makers import day, held_by, make_map, publish_edition
from tools.cluster import free_port


class CacheThatIsDownTest(TestCase):
    def test_pages_are_served_without_it(self):
        with mock.patch.dict(os.environ, CACHE_URL=f"redis://127.0.0.1:{free_port()}/0"):
            caches = {"default": environment.cache("CACHE_URL", "locmem://")}
        with override_settings(CACHES=caches), self.assertLogs("newsroom.serving.shared_cache", "WARNING"):
            self.assertEqual(self.client.get("/").status_code, 200)

    def test_files_are_made_and_served_without_it(self):
        with mock.patch.dict(os.environ, CACHE_URL=f"redis://127.0.0.1:{free_port()}/0"):
            caches = {"default": environment.cache("CACHE_URL", "locmem://")}
        with override_settings(CACHES=caches), self.assertLogs("newsroom.serving.shared_cache", "WARNING"):
            publish_edition(make_map("kaart"), day(4), [held_by()])
            self.assertEqual(self.client.get("/maps/kaart/").status_code, 200)
            self.assertEqual(self.client.get("/maps/kaart/control.csv").status_code, 503)
            self.assertEqual(self.client.get("/maps/kaart/control.csv").status_code, 200)
