"""Who presses Save twice has saved once, and is not told of a mistake."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import TestCase
from django.urls import reverse

from articles.models import Person, Section
from mapdata.models import Import
from newsroom.desk import SavedOnce
from tests.makers import make_person, make_story, make_user

TOKEN = "0123456789abcdef"


class SavingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.root = make_user("root", is_staff=True, is_superuser=True)

    def setUp(self):
        self.client.force_login(self.root)

    def add_person(self, token: str = TOKEN, **more):
        data = {"name": "Serhiy Gaidai", "slug": "serhiy-gaidai", "_form": token}
        return self.client.post(reverse("admin:articles_person_add"), data | more)

    def test_the_second_time_an_added_row_is_answered_as_the_first_time(self):
        first, second = self.add_person(), self.add_person()
        self.assertRedirects(first, reverse("admin:articles_person_changelist"))
        self.assertRedirects(second, reverse("admin:articles_person_changelist"))
        self.assertEqual(Person.objects.count(), 1)
        self.assertEqual(LogEntry.objects.count(), 1)

    def test_the_second_time_in_a_window_of_its_own_chooses_what_the_first_time_made(self):
        self.add_person(_popup="1")
        second = self.add_person(_popup="1")
        self.assertEqual(second.template_name[-1], "admin/popup_response.html")
        self.assertIn(f'"{Person.objects.get().pk}"', second.context_data["popup_response_data"])

    def test_what_another_form_says_is_still_checked(self):
        self.add_person()
        self.assertContains(self.add_person("fedcba9876543210"), "errorlist")

    def test_who_goes_back_and_changes_something_is_not_answered_as_the_first_time(self):
        person = make_person()
        address = reverse("admin:articles_person_change", args=[person.pk])
        for name in ("Jens", "Jens Stoltenberg"):
            # From the page that the browser still had: the same token.
            self.client.post(address, {"name": name, "_form": TOKEN})
            person.refresh_from_db()
            self.assertEqual(person.name, name)

    def test_what_somebody_else_sends_is_their_own(self):
        self.add_person()
        self.client.force_login(make_user("ria", is_staff=True, is_superuser=True))
        self.assertContains(self.add_person(), "errorlist")

    def test_a_form_that_comes_back_because_of_a_mistake_is_still_the_same(self):
        response = self.add_person(name="")
        self.assertContains(response, f'name="_form" value="{TOKEN}"')
        self.assertRedirects(self.add_person(), reverse("admin:articles_person_changelist"))
        self.assertEqual(Person.objects.count(), 1)

    def test_a_draft_saved_twice_is_not_somebody_else_s(self):
        story = make_story(written_by=self.root)
        address = reverse("admin:articles_story_change", args=[story.pk])
        page = self.client.get(address)
        data = {"headline": "Nieuw", "slug": story.slug, "language": "nl", "section": story.section_id}
        data |= {"revision": story.revision, "_form": page.context["form_token"]}
        for inline in page.context["inline_admin_formsets"]:
            prefix = inline.formset.prefix
            data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
        for _time in range(2):
            self.assertRedirects(self.client.post(address, data), reverse("admin:articles_story_changelist"))
        before = story.revision
        story.refresh_from_db()
        self.assertEqual((story.headline, story.revision), ("Nieuw", before + 1))

    def test_the_history_says_what_was_done_as_before(self):
        self.add_person()
        person = Person.objects.get()
        self.client.post(
            reverse("admin:articles_person_change", args=[person.pk]), {"name": "Gaidai", "_form": "fedcba9876543210"}
        )
        said = [str(entry.get_change_message()) for entry in LogEntry.objects.order_by("pk")]
        self.assertEqual(said, ["Toegevoegd.", "Name gewijzigd."])

    def test_the_browser_is_told_which_forms_were_saved(self):
        self.assertNotIn("saved-forms", self.add_person(name="").cookies)
        self.assertEqual(self.add_person().cookies["saved-forms"].value, TOKEN)
        second = self.client.post(
            reverse("admin:articles_section_add"), {"name_nl": "Sport", "slug": "sport", "_form": "fedcba9876543210"}
        )
        self.assertEqual(second.cookies["saved-forms"].value, f"{TOKEN}.fedcba9876543210")
        self.assertEqual(Section.objects.count(), 1)

    def test_a_form_without_a_token_is_saved_like_any_other(self):
        self.assertRedirects(self.add_person(token=""), reverse("admin:articles_person_changelist"))

    def test_every_form_of_the_desk_is_one_of_these(self):
        for model, model_admin in admin.site._registry.items():
            # A file that is imported has pages of its own, and nothing that is unique.
            if model is not Import:
                self.assertIsInstance(model_admin, SavedOnce, model)

    def test_every_form_has_a_token_of_its_own(self):
        person = make_person()
        addresses = [
            reverse("admin:articles_person_add"),
            reverse("admin:articles_person_change", args=[person.pk]),
            reverse("admin:auth_user_add"),
            reverse("admin:articles_story_add"),
            reverse("admin:articles_story_publish", args=[make_story().pk]),
        ]
        tokens = {self.client.get(address).context["form_token"] for address in addresses}
        self.assertEqual(len(tokens), len(addresses))
