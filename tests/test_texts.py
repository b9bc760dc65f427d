"""Texts in any number of languages: what the column keeps, how it is found and ordered, how a form asks for it."""

from django import forms
from django.core.exceptions import ValidationError
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import translation

from articles.models import Section
from mapdata.models import Party
from newsroom.texts.fields import InLanguage, Texts
from newsroom.texts.forms import TextsFormField
from newsroom.texts.languages import direction, in_language, language_of, name_of_language, names_in
from tests.makers import EAST, SQUARE, held_by, make_edition, make_party, make_section


class InLanguageTests(SimpleTestCase):
    def test_a_text_is_in_the_language_of_the_page_or_else_in_the_first_that_it_exists_in(self):
        names = {"nl": "Oekraïne", "en": "Ukraine"}
        with translation.override("en"):
            self.assertEqual(in_language(names), "Ukraine")
            self.assertEqual(in_language({"nl": "Oekraïne", "uk": "Україна"}), "Oekraïne")
            self.assertEqual(in_language({"uk": "Україна"}), "Україна")
        self.assertEqual((in_language({}), language_of({})), ("", ""))
        self.assertEqual(in_language({"fa": "خارطوم"}), "خارطوم")

    @override_settings(CONTENT_LANGUAGES=["ar", "en"])
    def test_the_first_content_language_stands_in_for_others(self):
        with translation.override("nl"):
            self.assertEqual(in_language({"en": "Khartoum", "ar": "الخرطوم"}), "الخرطوم")
            self.assertEqual(language_of({"en": "Khartoum"}), "en")

    def test_names_can_be_wanted_in_a_language_that_the_interface_does_not_speak(self):
        names = {"nl": "Oekraïne", "uk": "Україна"}
        with translation.override("nl"), names_in("uk"):
            self.assertEqual(in_language(names), "Україна")
            self.assertEqual(in_language(names, "nl"), "Oekraïne")
        self.assertEqual(in_language(names), "Oekraïne")

    def test_a_language_that_nobody_knows_is_called_by_its_code_and_written_from_left_to_right(self):
        self.assertEqual((name_of_language("ti"), direction("ti")), ("ti", "ltr"))
        self.assertEqual((direction("ar"), direction("ar-sd"), direction("ckb")), ("rtl", "rtl", "rtl"))


class ColumnTests(TestCase):
    def test_what_is_empty_is_left_out_and_everything_else_is_kept(self):
        party = make_party("leger", name={"nl": "Leger", "en": "", "ar": "الجيش"})
        self.assertEqual(party.name, {"nl": "Leger", "ar": "الجيش"})
        party = Party.objects.get(pk=party.pk)
        self.assertEqual(party.name, {"nl": "Leger", "ar": "الجيش"})
        party.name["en"] = ""
        party.save()
        self.assertEqual(Party.objects.values_list("name", flat=True).get(), {"nl": "Leger", "ar": "الجيش"})

    def test_the_first_content_language_is_required_and_no_text_may_be_too_long(self):
        party = Party(slug="leger", name={"en": "Army"})
        with self.assertRaises(ValidationError) as refusal:
            party.full_clean()
        self.assertEqual(list(refusal.exception.error_dict), ["name"])
        party.name = {"nl": "Leger", "en": "x" * 101}
        with self.assertRaises(ValidationError):
            party.full_clean()
        party.name = {"nl": "Leger"}
        party.full_clean()

    def test_searching_looks_in_every_language(self):
        party = make_party("leger", name={"nl": "Leger", "en": "The Army", "ar": "القوات المسلحة"})
        make_party("militie", name={"nl": "100%_milities"})
        for part in ("leger", "ARMY", "المسلحة"):
            self.assertEqual(Party.objects.get(name__icontains=part), party)
        self.assertEqual(Party.objects.filter(name__icontains="%_m").count(), 1)
        self.assertEqual(Party.objects.filter(name__icontains="nl").count(), 0)
        self.assertEqual(Party.objects.get(name__ar="القوات المسلحة"), party)

    def test_a_code_that_is_also_a_lookup_of_django_is_a_language_all_the_same(self):
        make_party("leger", name={"nl": "Leger", "lt": "Armija"})
        with override_settings(CONTENT_LANGUAGES=["lt", "nl"]):
            self.assertEqual(list(Party.objects.order_by(InLanguage("name")).values_list("slug", flat=True)), ["leger"])
            self.assertTrue(Party.objects.filter(name__icontains="armija").exists())

    def test_the_order_is_that_of_the_texts_as_they_are_shown(self):
        make_section("a", name={"nl": "Zuiden", "en": "Alpha"})
        make_section("b", name={"nl": "Anders", "en": "Beta"})
        make_section("c", name={"nl": "Midden"})
        with translation.override("nl"):
            self.assertEqual([section.slug for section in Section.objects.all()], ["b", "c", "a"])
        with translation.override("en"):
            self.assertEqual([section.slug for section in Section.objects.all()], ["a", "b", "c"])
        with override_settings(CONTENT_LANGUAGES=["uk", "en", "nl"]), translation.override("uk"):
            self.assertEqual([section.slug for section in Section.objects.all()], ["a", "b", "c"])

    def test_what_refers_to_it_can_be_ordered_by_it(self):
        make_party("z", name={"nl": "Aap"})
        make_party("a", name={"nl": "Noot"})
        edition = make_edition(areas=[held_by("a", EAST), held_by("z", SQUARE)])
        self.assertEqual([area.party.slug for area in edition.areas.order_by("party")], ["z", "a"])
        by_name = edition.areas.order_by(InLanguage("party__name").desc())
        self.assertEqual([area.party.slug for area in by_name], ["a", "z"])

    def test_all_of_it_is_told_a_line_each_to_who_only_looks(self):
        with translation.override("en"):
            self.assertEqual(str(Texts(fa="خ", en="Map", nl="Kaart")), "Dutch: Kaart\nEnglish: Map\nPersian: خ")


class PartyForm(forms.ModelForm):
    class Meta:
        model = Party
        fields = ["name"]


@override_settings(CONTENT_LANGUAGES=["nl", "ar"])
class FormTests(TestCase):
    def test_each_content_language_has_a_line_with_its_language_and_direction(self):
        shown = str(PartyForm(instance=Party(name={"nl": "Leger", "ar": "الجيش"}))["name"])
        for part in ('name="name_nl"', 'name="name_ar"', 'lang="ar" dir="rtl"', 'lang="nl" dir="ltr"', 'value="الجيش"'):
            self.assertIn(part, shown)
        self.assertEqual(shown.count("<input"), 2)
        self.assertEqual(shown.count("required"), 1)
        self.assertEqual(shown.count('maxlength="100"'), 2)

    def test_what_is_in_a_language_that_is_not_asked_for_stays(self):
        party = make_party("leger", name={"nl": "Leger", "en": "Army", "uk": "Армія"})
        form = PartyForm({"name_nl": "Het leger", "name_ar": "الجيش"}, instance=party)
        self.assertTrue(form.is_valid())
        form.save()
        party.refresh_from_db()
        self.assertEqual(party.name, {"nl": "Het leger", "ar": "الجيش", "en": "Army", "uk": "Армія"})

    def test_a_text_that_was_emptied_is_gone(self):
        party = make_party("leger", name={"nl": "Leger", "ar": "الجيش"})
        form = PartyForm({"name_nl": "Leger", "name_ar": " "}, instance=party)
        self.assertTrue(form.has_changed())
        form.save()
        self.assertEqual(party.name, {"nl": "Leger"})

    def test_only_another_text_is_a_change(self):
        party = Party(name={"nl": "Leger", "en": "Army"})
        self.assertFalse(PartyForm({"name_nl": "Leger", "name_ar": ""}, instance=party).has_changed())
        self.assertTrue(PartyForm({"name_nl": "Leger", "name_ar": "ج"}, instance=party).has_changed())

    def test_what_is_wrong_stands_beside_its_line_and_nothing_typed_is_lost(self):
        form = PartyForm({"name_nl": "", "name_ar": "ج" * 101})
        self.assertFalse(form.is_valid())
        self.assertEqual(len(form.errors["name"]), 2)
        shown = str(form["name"])
        dutch, arabic = shown.split('class="desk-text')[2:]
        for line in (dutch, arabic):
            self.assertEqual(line.count("<li>"), 1)
            self.assertIn('aria-invalid="true"', line)
        self.assertIn('aria-describedby="id_name_error"', dutch)
        self.assertIn('aria-describedby="id_name_ar_error"', arabic)
        self.assertIn("ج" * 101, arabic)
        # Not a second time above all lines.
        self.assertEqual(form["name"].errors, [])

    def test_a_text_that_an_address_brings_is_in_the_first_language(self):
        shown = str(PartyForm(initial={"name": "Leger"})["name"])
        self.assertIn('value="Leger"', shown.partition('name="name_ar"')[0])

    def test_a_field_that_may_be_empty_requires_no_language(self):
        self.assertEqual(TextsFormField(required=False, multiline=True).clean({}), {})
        self.assertEqual(TextsFormField(required=False).clean({"ar": " ا "}), {"ar": "ا"})
