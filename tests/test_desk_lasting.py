"""What published versions name stays: its address, and the record itself."""

from django.test import TestCase
from django.urls import reverse

from tests import makers


class LastingTests(TestCase):
    def setUp(self):
        self.client.force_login(makers.make_user(is_staff=True, is_superuser=True))

    def slug_is_asked(self, url: str) -> bool:
        return 'name="slug"' in self.client.get(url).content.decode()

    def test_an_address_is_chosen_once(self):
        for row in (makers.make_map(), makers.make_party(), makers.make_person()):
            name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
            with self.subTest(name):
                self.assertTrue(self.slug_is_asked(reverse(f"{name}_add")))
                self.assertFalse(self.slug_is_asked(reverse(f"{name}_change", args=[row.pk])))

    def test_what_a_version_shows_is_not_deleted(self):
        image = makers.make_image()
        makers.publish_story(makers.make_story(blocks=[image]))
        for data, url in [
            ({"post": "yes"}, reverse("admin:newsroom_image_delete", args=[image.pk])),
            (
                {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"},
                reverse("admin:newsroom_image_changelist"),
            ),
        ]:
            with self.subTest(url):
                self.assertEqual(self.client.post(url, data).status_code, 200)
                image.refresh_from_db()

    def test_a_source_of_a_published_edition_is_not_deleted(self):
        edition = makers.publish_edition()
        source = edition.sources.get()
        response = self.client.post(reverse("admin:newsroom_source_delete", args=[source.pk]), {"post": "yes"})
        self.assertEqual(response.status_code, 200)
        source.refresh_from_db()

    def test_what_no_version_shows_may_go(self):
        source = makers.make_source()
        response = self.client.post(reverse("admin:newsroom_source_delete", args=[source.pk]), {"post": "yes"})
        self.assertEqual(response.status_code, 302)
        self.assertFalse(type(source).objects.filter(pk=source.pk).exists())
