"""Addresses that were typed as people type them lead to the web, wherever the desk asks for one."""

import pytest
from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from articles.models import Story
from articles.prose import clean, whole_address
from newsroom.models import Source
from tests.makers import make_author, make_section, make_user

SAME = ["/stories/oproep/", "#boven", "https://nos.nl/a", "http://nos.nl/a", "mailto:redactie@nos.nl", "tel:1"]


class AddressTests(SimpleTestCase):
    def test_an_address_without_a_scheme_is_one_of_the_web(self):
        for typed, meant in {
            "nos.nl/artikel/2423?a=1#b": "https://nos.nl/artikel/2423?a=1#b",
            " www.nos.nl ": "https://www.nos.nl",
            "//nos.nl/a": "https://nos.nl/a",
            "новини.укр/а": "https://новини.укр/а",
            "redactie@nos.nl": "mailto:redactie@nos.nl",
        }.items():
            with self.subTest(typed):
                self.assertEqual(whole_address(typed), meant)

    def test_others_stay(self):
        for address in SAME:
            with self.subTest(address):
                self.assertEqual(whole_address(address), address)

    def test_cleaning_twice_changes_nothing_more(self):
        once = clean('<p>Zie <a href="nos.nl/a">hier</a>, <a href="javascript:alert(1)">niet</a>.</p>')
        self.assertEqual(once, '<p>Zie <a href="https://nos.nl/a">hier</a>, <a>niet</a>.</p>')
        self.assertEqual(clean(once), once)


@pytest.mark.usefixtures("english")
class DeskTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.reporter = make_user("vera", groups=["reporter"])
        make_author("Vera de Boer", user=cls.reporter)
        cls.section = make_section()

    def setUp(self):
        self.client.force_login(self.reporter)

    def test_of_a_source(self):
        page = reverse("admin:newsroom_source_add")
        self.client.post(
            page,
            {
                "publisher": "NOS",
                "url": "nos.nl/artikel/2423",
                "archived_url": "web.archive.org/web/2022/https://nos.nl",
                "reliability": "F",
                "credibility": "6",
                "retrieved_at_0": "2022-04-06",
                "retrieved_at_1": "12:00",
            },
        )
        source = Source.objects.get()
        self.assertEqual(source.url, "https://nos.nl/artikel/2423")
        self.assertEqual(source.archived_url, "https://web.archive.org/web/2022/https://nos.nl")

    def test_in_the_text_of_a_story(self):
        page = reverse("admin:articles_story_add")
        formsets = [formset.formset.prefix for formset in self.client.get(page).context["inline_admin_formsets"]]
        data = {"headline": "Kop", "slug": "kop", "language": "nl", "section": self.section.pk}
        for prefix in formsets:
            data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
        text = "articles_text_set-0"
        data |= {"articles_text_set-TOTAL_FORMS": "1", f"{text}-region": "body", f"{text}-ordering": "10"}
        data |= {f"{text}-text": '<p>Zie <a href="nos.nl/artikel">de NOS</a> en <a href="/maps/kaart/">hier</a>.</p>'}
        self.client.post(page, data)
        [block] = Story.objects.get().blocks()
        self.assertEqual(
            block.text, '<p>Zie <a href="https://nos.nl/artikel">de NOS</a> en <a href="/maps/kaart/">hier</a>.</p>'
        )
        self.assertEqual(block.content(), {"html": block.text})
