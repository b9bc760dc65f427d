"""A newsroom that covers Sudan adds Arabic: at the desk, on readers' pages, in files, without a migration."""

from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import translation

from articles.models import Person, Section
from mapdata.imports.matching import guess, headings
from mapdata.models import Event, Party, Place, Region, SituationMap, View
from tests.makers import (
    day,
    held_by,
    make_event,
    make_map,
    make_party,
    make_person,
    make_place,
    make_region,
    make_section,
    make_user,
    make_view,
    publish_edition,
    publish_event,
)

ARABIC = "الخرطوم"
OTHER = "أم درمان"


@override_settings(CONTENT_LANGUAGES=["nl", "ar"])
class DeskTests(TestCase):
    """Typed, saved, opened again, searched and ordered, for each kind of record that has texts."""

    @classmethod
    def setUpTestData(cls):
        cls.user = make_user("beheerder", is_superuser=True, is_staff=True)

    def setUp(self):
        self.client.force_login(self.user)

    def page(self, model: type, name: str, *args) -> str:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)

    def typed(self, record, **fields) -> dict:
        """The fields of its form as the page has them, with these instead."""
        form = self.client.get(self.page(type(record), "change", record.pk)).context["adminform"].form
        said = {name: form[name].value() for name in form.fields}
        said = {name: value for name, value in said.items() if isinstance(value, (str, int, float))}
        # An event's moment is typed in two fields, its sources are keys.
        if "happened_at" in form.fields:
            said |= {"happened_at_0": "2022-04-01", "happened_at_1": "12:00:00"}
            said["sources"] = [str(source.pk) for source in record.sources.all()]
        return said | {"views-TOTAL_FORMS": "0", "views-INITIAL_FORMS": "0"} | fields

    def save(self, record, **fields) -> None:
        response = self.client.post(self.page(type(record), "change", record.pk), self.typed(record, **fields))
        form = response.context and response.context["adminform"].form
        self.assertEqual(response.status_code, 302, form and form.errors)
        record.refresh_from_db()

    def found(self, model: type, text: str) -> list:
        return list(self.client.get(self.page(model, "changelist"), {"q": text}).context["cl"].result_list)

    def records(self):
        map_ = make_map("soedan")
        return [
            (map_, ["title", "methodology"]),
            (make_view(map_), ["name"]),
            (make_party("leger"), ["name"]),
            (make_region("SD-KH"), ["name"]),
            (make_place("Khartoem"), ["name"]),
            (make_event(map_), ["title", "text", "place"]),
            (make_section("soedan"), ["name"]),
            (make_person(), ["role"]),
        ]

    def test_what_is_typed_is_saved_shown_again_and_found(self):
        for record, names in self.records():
            with self.subTest(type(record).__name__):
                typed = {f"{name}_ar": f"{ARABIC} {name}" for name in names}
                self.save(record, **typed, **{f"{name}_nl": f"Khartoem {name}" for name in names})
                for name in names:
                    self.assertEqual(getattr(record, name), {"nl": f"Khartoem {name}", "ar": f"{ARABIC} {name}"})
                page = self.client.get(self.page(type(record), "change", record.pk)).content.decode()
                for name in names:
                    self.assertIn(f"{ARABIC} {name}", page)
                    self.assertRegex(page, rf'name="{name}_ar"[^>]*lang="ar" dir="rtl"')
                for part in (ARABIC, "khartoem"):
                    self.assertEqual(self.found(type(record), part), [record])
                self.assertEqual(self.found(type(record), "ergens anders"), [])

    def test_nothing_is_saved_without_the_first_language_and_what_was_typed_stands_there(self):
        party = make_party("leger")
        response = self.client.post(self.page(Party, "change", party.pk), self.typed(party, name_nl="", name_ar=ARABIC))
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, ARABIC)
        self.assertContains(response, 'id="id_name_error"')
        party.refresh_from_db()
        self.assertEqual(party.name, {"nl": "Leger"})

    def test_names_in_languages_that_are_not_asked_for_any_more_stay(self):
        party = make_party("leger", name_en="Army", name_uk="Армія")
        self.save(party, name_nl="Het leger", name_ar=ARABIC)
        self.assertEqual(party.name, {"nl": "Het leger", "ar": ARABIC, "en": "Army", "uk": "Армія"})

    def test_lists_are_in_the_order_of_what_they_show(self):
        for model, maker in ((Party, make_party), (Region, make_region), (Section, make_section)):
            with self.subTest(model.__name__):
                maker("C-3", name={"nl": "Aap", "ar": "ج"})
                maker("A-1", name={"nl": "Noot", "ar": "ا"})
                maker("B-2", name={"nl": "Mies", "ar": "ب"})
                order = [str(record) for record in self.found(model, "")]
                self.assertEqual(order, ["Aap", "Mies", "Noot"])
        with override_settings(CONTENT_LANGUAGES=["ar", "nl"], LANGUAGE_CODE="ar"), translation.override("ar"):
            self.assertEqual([str(party) for party in Party.objects.all()], ["ا", "ب", "ج"])

    def test_a_column_of_texts_can_be_sorted_by(self):
        map_ = make_map()
        for place in ("Noot", "Aap", "Mies"):
            make_event(map_, place_nl=place)
        page = self.page(Event, "changelist")

        def places(query: dict) -> list[str]:
            return [event.place["nl"] for event in self.client.get(page, query).context["cl"].result_list]

        columns = list(self.client.get(page).context["cl"].list_display)
        number = columns.index("place_in_words")
        self.assertEqual(places({"o": str(number)}), ["Aap", "Mies", "Noot"])
        self.assertEqual(places({"o": f"-{number}"}), ["Noot", "Mies", "Aap"])
        make_person(role_nl="verslaggever")
        self.assertContains(self.client.get(self.page(Person, "changelist"), {"o": "2"}), "field-role_in_words")

    def test_records_are_found_where_others_refer_to_them(self):
        region = make_region("SD-KH", name={"nl": "Khartoem", "ar": ARABIC})
        make_region("SD-NB", name={"nl": "Noord"})
        asked = {"app_label": "mapdata", "model_name": "place", "field_name": "region", "term": ARABIC}
        found = self.client.get(reverse("admin:autocomplete"), asked).json()["results"]
        self.assertEqual(found, [{"id": str(region.pk), "text": "Khartoem"}])

    def test_an_edition_is_found_by_its_maps_title_in_any_language(self):
        edition = publish_edition(make_map("soedan", title={"nl": "Soedan", "ar": "السودان"}))
        publish_edition(make_map("elders"))
        self.assertEqual(self.found(type(edition), "السودان"), [edition])

    def test_a_place_is_found_by_each_of_its_names_and_lists_the_others(self):
        place = make_place("Khartoem", name={"nl": "Khartoem", "ar": ARABIC, "en": "Khartoum"})
        make_place("Omdurman", name={"nl": "Omdurman", "ar": OTHER})
        for name in (ARABIC, "khartoum", "Khartoem"):
            self.assertEqual(self.found(Place, name), [place])
            self.assertEqual(Place.search(name), [place])
        self.assertContains(self.client.get(self.page(Place, "changelist")), f"{ARABIC}, Khartoum")

    def test_an_address_is_made_of_the_first_languages_name(self):
        for model in (Party, SituationMap, Section, View):
            page = self.client.get(self.page(model, "add"))
            text = "title" if model is SituationMap else "name"
            self.assertContains(page, f"&quot;dependency_ids&quot;: [&quot;#id_{text}&quot;]")
            self.assertRegex(page.content.decode(), rf'<input[^>]* id="id_{text}"')

    def test_who_only_looks_sees_every_language(self):
        party = make_party("leger", name={"nl": "Leger", "ar": ARABIC, "en": "Army"})
        reader = make_user("lezer", is_staff=True)
        reader.user_permissions.set(Permission.objects.filter(codename="view_party"))
        self.client.force_login(reader)
        page = self.client.get(self.page(Party, "change", party.pk))
        for name in party.name.values():
            self.assertContains(page, name)


@override_settings(CONTENT_LANGUAGES=["nl", "ar"])
class ReadersTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("soedan", title={"nl": "Situatie Soedan", "ar": "الوضع في السودان"})
        party = make_party("leger", name={"nl": "Het leger", "ar": "القوات المسلحة"})
        publish_edition(cls.map, day(2), [held_by(party)])
        cls.event = make_event(
            cls.map,
            happened_at=day(1),
            title={"nl": "Beschieting", "ar": "قصف"},
            place={"nl": "Khartoem", "ar": ARABIC},
        )
        publish_event(cls.event)

    def test_names_come_in_a_content_language_and_the_words_around_them_in_the_interfaces(self):
        page = self.client.get("/maps/soedan/?lang=ar").content.decode()
        self.assertIn('<html lang="nl"', page)
        self.assertRegex(page, r'<h1[^>]* lang="ar" dir="rtl">الوضع في السودان')
        self.assertIn("القوات المسلحة", page)
        self.assertNotIn("Het leger", page)
        self.assertIn("<title>قصف, ", page)
        # The base map has no Arabic: its names stay in the interface's language.
        self.assertIn(">Zwarte Zee</text>", page)
        # Whoever goes on from there keeps the language.
        self.assertIn(f'href="/events/{self.event.pk}/?lang=ar"', page)

    def test_a_name_that_the_language_lacks_is_in_the_first(self):
        self.event.text = {"nl": "Alleen in het Nederlands."}
        self.event.changed_by(self.event.written_by)
        self.event.save()
        publish_event(self.event)
        page = self.client.get(f"/events/{self.event.pk}/?lang=ar").content.decode()
        self.assertRegex(page, r'<h1[^>]* lang="ar" dir="rtl">قصف')
        self.assertIn("Alleen in het Nederlands.", page)

    def test_the_interfaces_own_languages_are_as_ever(self):
        for address, words in (("/maps/soedan/", '<html lang="nl"'), ("/maps/soedan/?lang=en", '<html lang="en"')):
            page = self.client.get(address).content.decode()
            self.assertIn(words, page)
            self.assertIn("Het leger", page)
            self.assertNotIn("القوات المسلحة", page)
            self.assertIn('lang=ar"', page)
        self.assertEqual(self.client.get("/maps/soedan/?lang=xx").content, self.client.get("/maps/soedan/").content)

    def test_each_language_is_kept_as_a_page_of_its_own(self):
        dutch, arabic = self.client.get("/maps/soedan/"), self.client.get("/maps/soedan/?lang=ar")
        self.assertNotEqual(dutch["ETag"], arabic["ETag"])
        self.assertIn("Het leger", self.client.get("/maps/soedan/").content.decode())

    @override_settings(CONTENT_LANGUAGES=["ar", "en"])
    def test_where_the_first_language_is_arabic_it_stands_in_on_every_page(self):
        page = self.client.get("/maps/soedan/").content.decode()
        # Dutch is what this page's reader reads, and there it is.
        self.assertIn("Het leger", page)
        page = self.client.get("/maps/soedan/?lang=en").content.decode()
        self.assertIn("القوات المسلحة", page)
        self.assertRegex(page, r'<h1[^>]* lang="ar" dir="rtl">')

    def test_what_was_published_is_as_it_was_whatever_the_setting_says(self):
        before = self.event.versions.get()
        self.assertEqual(before.content["title"], {"nl": "Beschieting", "ar": "قصف"})
        with override_settings(CONTENT_LANGUAGES=["nl"]):
            self.assertFalse(self.event.says_something_new())
            call_command("verify", verbosity=0)


class ImportTests(TestCase):
    def test_a_column_can_be_in_any_content_language(self):
        names = ["iso", "name_ar", "name", "name_en"]
        with override_settings(CONTENT_LANGUAGES=["nl", "ar"]):
            found = guess("regions", names, {})
            self.assertEqual(found, {"code": "iso", "name_nl": "name", "name_ar": "name_ar"})
        with override_settings(CONTENT_LANGUAGES=["ar", "en"]):
            found = guess("regions", ["iso", "name", "name_en"], {})
            self.assertEqual(found, {"code": "iso", "name_ar": "name", "name_en": "name_en"})

    def test_the_columns_of_texts_are_those_of_the_content_languages(self):
        with override_settings(CONTENT_LANGUAGES=["en", "pt-br"]):
            self.assertEqual(list(headings("places"))[:3], ["code", "name_en", "name_pt-br"])
