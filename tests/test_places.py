"""The gazetteer: a place is found by any of its names, however it is typed."""

from django.test import TestCase
from django.urls import reverse

from mapdata.models import Place
from mapdata.models.places import folded
from tests.makers import make_place, make_region, make_user


class SearchTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.kyiv = make_place("Kyiv (Kiev)", name_en="Kyiv", name_uk="Київ", population=2_952_301)
        cls.kyivske = make_place("Kyivske", name_en="Kyivske", name_uk="Київське", population=600)
        cls.kostyantynivka = make_place("Kostjantynivka", name_en="Kostiantynivka", name_uk="Костянтинівка")
        cls.slovyansk = make_place("Slovjansk", name_en="Sloviansk", name_uk="Слов’янськ", population=105_141)
        cls.new = make_place("Nova Odesa", name_en="Nova Odesa", name_uk="Нова Одеса", population=11_690)
        cls.odesa = make_place("Odesa (Odessa)", name_en="Odesa", name_uk="Одеса", population=1_010_537)
        cls.yizhakivka = make_place("Jizjakivka", name_uk="Їжаківка")

    def found(self, text: str) -> list[Place]:
        return Place.search(text)

    def test_it_is_found_by_its_dutch_english_and_ukrainian_name(self):
        for name in ("Kostjantynivka", "Kostiantynivka", "Костянтинівка"):
            self.assertEqual(self.found(name), [self.kostyantynivka], name)

    def test_capitals_do_not_matter_in_any_alphabet(self):
        self.assertEqual(self.found("КИЇВ")[0], self.kyiv)
        self.assertEqual(self.found("київ")[0], self.kyiv)
        self.assertEqual(self.found("їЖАК"), [self.yizhakivka])

    def test_accents_and_apostrophes_do_not_matter(self):
        for name in ("Словянськ", "слов'янськ", "Слов’янськ", "slôvjánsk"):
            self.assertEqual(self.found(name), [self.slovyansk], name)

    def test_the_bigger_place_comes_first_among_names_that_begin_so(self):
        self.assertEqual(self.found("kyi"), [self.kyiv, self.kyivske])

    def test_names_that_begin_so_come_before_bigger_places_that_only_have_it_inside(self):
        village = make_place("Desa", population=500)
        self.assertEqual(self.found("desa"), [village, self.odesa, self.new])

    def test_the_whole_name_comes_first(self):
        self.assertEqual(self.found("київське"), [self.kyivske])
        small = make_place("Kyi", population=1)
        self.assertEqual(self.found("kyi")[0], small)

    def test_a_word_within_a_name_counts(self):
        self.assertEqual(self.found("kiev")[0], self.kyiv)
        self.assertEqual(self.found("odes"), [self.odesa, self.new])

    def test_nothing_typed_finds_nothing(self):
        for text in ("", "  ", "|", "%", "_", "'"):
            self.assertEqual(self.found(text), [], text)

    def test_the_number_of_queries_does_not_grow(self):
        make_place("Kyivets", region=make_region())
        with self.assertNumQueries(1):
            self.assertEqual({str(place.region) for place in self.found("kyiv")}, {"None", "Donetsk"})

    def test_a_name_that_changed_is_found_as_it_is_now(self):
        self.new.name["nl"] = "Nieuw Odessa"
        self.new.save()
        self.assertEqual(self.found("nieuw"), [self.new])

    def test_what_is_searched_in_has_the_names_in_one_order(self):
        """PostgreSQL gives the keys of JSON back in an order of its own; a second import would see a change in that."""
        there = make_place("Kyiv", name={"uk": "Київ", "fa": "کی‌یف", "nl": "Kiev", "en": "Kyiv"})
        again = Place.objects.get(pk=there.pk)
        again.fold()
        self.assertEqual(again.folded, there.folded)
        self.assertTrue(there.folded.startswith("|kiev|kyiv|киів|"))


class FoldingTests(TestCase):
    def test_folding_twice_is_folding_once(self):
        for name in ("Ґалаґан", "Їжак-Ёлка", "Straße", "Łódź", "Слов’янськ", "İstanbul"):
            self.assertEqual(folded(folded(name)), folded(name))


class DeskTests(TestCase):
    def test_the_list_is_searched_in_the_same_way(self):
        self.client.force_login(make_user(groups=["map editor"]))
        make_place("Charkiv", name_uk="Харків", code="geonames:706483")
        make_place("Lviv", name_uk="Львів")
        for text in ("ХАРКІВ", "geonames:706483"):
            page = self.client.get(reverse("admin:mapdata_place_changelist"), {"q": text})
            self.assertContains(page, "Charkiv")
            self.assertNotContains(page, "Lviv")
