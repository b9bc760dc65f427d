"""What a load balancer is told."""

from unittest import mock

from django.db import OperationalError, connection
from django.test import TestCase, override_settings

from newsroom.serving import health


class HealthTest(TestCase):
    def setUp(self):
        self.enterContext(mock.patch.object(health, "_migrated", False))

    def test_a_site_with_its_database_and_every_migration_is_well(self):
        response = self.client.get("/healthz")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), {"database": "ok", "migrations": "ok"})
        self.assertIn("no-store", response["Cache-Control"])

    def test_it_looks_for_migrations_only_until_they_are_there(self):
        self.client.get("/healthz")
        with self.assertNumQueries(1):
            self.client.get("/healthz")

    def test_a_missing_migration_is_told(self):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'articles'")
        response = self.client.get("/healthz")
        self.assertEqual(response.status_code, 503)
        self.assertEqual(response.json()["migrations"], "missing")

    def test_a_database_that_does_not_answer_is_told(self):
        with mock.patch.object(connection, "cursor", side_effect=OperationalError):
            response = self.client.get("/healthz")
        self.assertEqual(response.status_code, 503)
        self.assertEqual(response.json(), {"database": "unreachable"})

    @override_settings(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=[r"^healthz$"])
    def test_it_is_asked_without_tls(self):
        self.assertEqual(self.client.get("/healthz").status_code, 200)
