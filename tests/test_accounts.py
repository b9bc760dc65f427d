"""Whoever sets somebody's password could log in as them: the person is told, and nobody can sweep that away."""

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.makers import make_user

GIVEN, OWN = "een-gegeven-wachtwoord", "een-eigen-wachtwoord-zelf"


class GivenPasswordTests(TestCase):
    """Alex is an administrator, Vera a reporter."""

    @classmethod
    def setUpTestData(cls):
        cls.alex = make_user("alex", groups=["administrator"])
        cls.vera = make_user("vera", groups=["reporter"])

    def setUp(self):
        self.client.force_login(self.alex)

    def give(self, password: str = GIVEN) -> None:
        address = reverse("admin:auth_user_password_change", args=[self.vera.pk])
        data = {"password1": password, "password2": password, "usable_password": "true", "set-password": "1"}
        self.assertEqual(self.client.post(address, data).status_code, 302)

    def log_in(self, password: str = GIVEN) -> Client:
        browser = Client()
        data = {"username": "vera", "password": password}
        self.assertEqual(browser.post(reverse("admin:login"), data).status_code, 302)
        return browser

    def choose(self, browser: Client, password: str = OWN, old: str = GIVEN) -> None:
        data = {"old_password": old, "new_password1": password, "new_password2": password}
        self.assertEqual(browser.post(reverse("admin:password_change"), data).status_code, 302)

    def told(self, browser: Client) -> list[str]:
        return [event.kind for event in browser.get(reverse("admin:index")).context["account_events"]]

    def test_who_logs_in_with_a_password_that_somebody_gave_is_told_by_whom_on_every_page(self):
        self.give()
        browser = self.log_in()
        for page in ("admin:index", "admin:articles_story_changelist", "admin:password_change"):
            self.assertContains(browser.get(reverse(page)), "ingesteld door alex")
        self.assertEqual(self.told(browser), ["given", "login"])

    def test_logging_in_as_somebody_does_not_use_the_warning_up(self):
        self.give()
        self.log_in()
        self.assertEqual(self.told(self.log_in()), ["given", "login", "login"])

    def test_it_stays_until_they_choose_a_password_of_their_own(self):
        self.give()
        browser = self.log_in()
        self.choose(browser)
        self.assertEqual(self.told(browser), [])
        self.assertEqual(self.told(self.log_in(OWN)), [])

    def test_who_chose_one_in_their_name_is_seen_when_they_come_back(self):
        self.give()
        self.choose(self.log_in())
        # Vera cannot log in any more, and asks for a password.
        self.give()
        self.assertEqual(self.told(self.log_in()), ["given", "login", "chosen", "given", "login"])

    def test_a_new_account_is_told_too(self):
        data = {"username": "ruben", "usable_password": "true", "password1": GIVEN, "password2": GIVEN}
        self.client.post(reverse("admin:auth_user_add"), data)
        browser = Client()
        browser.post(reverse("admin:login"), {"username": "ruben", "password": GIVEN})
        self.assertEqual(self.told(browser), ["given", "login"])

    def test_a_password_that_is_refused_is_no_event(self):
        address = reverse("admin:auth_user_password_change", args=[self.vera.pk])
        data = {"password1": "kort", "password2": "kort", "usable_password": "true", "set-password": "1"}
        self.assertEqual(self.client.post(address, data).status_code, 200)
        self.assertFalse(self.vera.account_events.exists())

    def test_others_are_told_nothing_and_asked_nothing(self):
        self.client.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as queries:
            page = self.client.get(reverse("admin:index"))
        self.assertNotContains(page, "desk-account")
        self.assertFalse([query for query in queries if "accountevent" in query["sql"]])

    def test_an_account_with_a_history_can_be_deleted(self):
        self.give()
        self.log_in()
        self.client.post(reverse("admin:auth_user_delete", args=[self.vera.pk]), {"post": "yes"})
        self.assertFalse(get_user_model().objects.filter(pk=self.vera.pk).exists())
