"""The desk's pages for stories and what they are made of."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Quote, Story
from newsroom import pictures
from newsroom.models import Image
from tests.makers import (
    make_author,
    make_image,
    make_map,
    make_quote,
    make_section,
    make_source,
    make_story,
    make_user,
    publish_edition,
    publish_story,
    tiny_png,
)


class StoryPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.reporter = make_user("vera", groups=["reporter"])
        cls.author = make_author("Vera de Boer", user=cls.reporter)
        cls.section = make_section()

    def setUp(self):
        self.client.force_login(self.reporter)

    def test_a_new_story_has_the_byline_of_whoever_begins_it(self):
        form = self.client.get(reverse("admin:articles_story_add")).context["adminform"].form
        self.assertEqual(form["authors"].value(), [self.author.pk])
        self.assertEqual(form["section"].value(), self.section.pk)

    def test_somebody_elses_story_is_read_not_written(self):
        story = make_story(blocks=["<p>Een <strong>alinea</strong>.</p>", make_quote(), make_map()])
        page = self.client.get(reverse("admin:articles_story_change", args=[story.pk]))
        self.assertContains(page, "<p>Een <strong>alinea</strong>.</p>")
        self.assertContains(page, "Dit wordt een cruciale fase.")
        self.assertNotContains(page, "content_editor/index.js")
        self.assertNotContains(page, 'name="_save"')

    def test_whoever_only_reads_a_story_reads_its_quotes_to_the_end(self):
        words = "Wie nu nog kan vertrekken moet dat doen, want morgen is de weg naar het westen misschien al dicht."
        other = make_user(groups=["reporter"])
        story = make_story(blocks=[make_quote(words)], written_by=other)
        response = self.client.get(reverse("admin:articles_story_change", args=[story.pk]))
        self.assertContains(response, f"“{words}”")

    def test_an_address_that_is_taken_is_said_beside_the_field_and_nothing_is_lost(self):
        make_story("bezet")
        data = {"headline": "Kop", "slug": "bezet", "language": "nl", "section": self.section.pk}
        prefixes = [inline.model.__name__.lower() for inline in self.inlines()]
        for prefix in prefixes:
            data |= {f"articles_{prefix}_set-TOTAL_FORMS": "0", f"articles_{prefix}_set-INITIAL_FORMS": "0"}
        data |= {
            "articles_text_set-TOTAL_FORMS": "1",
            "articles_text_set-0-text": "<p>Mijn woorden.</p>",
            "articles_text_set-0-region": "body",
            "articles_text_set-0-ordering": "10",
        }
        page = self.client.post(reverse("admin:articles_story_add"), data)
        self.assertEqual(list(page.context["adminform"].form.errors), ["slug"])
        self.assertContains(page, "Mijn woorden.")
        self.client.post(reverse("admin:articles_story_add"), data | {"slug": "vrij"})
        story = Story.objects.get(slug="vrij")
        self.assertEqual([str(block) for block in story.blocks()], ["Mijn woorden."])
        self.assertEqual(story.written_by, self.reporter)

    def inlines(self):
        page = self.client.get(reverse("admin:articles_story_add"))
        return [formset.opts for formset in page.context["inline_admin_formsets"]]

    def test_the_list_costs_the_same_however_long_it_is(self):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                self.client.get(reverse("admin:articles_story_changelist"))
            return len(queries)

        publish_story()
        count()
        few = count()
        for _time in range(4):
            publish_story()
            make_story()
        self.assertEqual(count(), few)

    def test_the_list_can_be_searched_and_filtered(self):
        make_story(headline="Over Marioepol")
        make_story(headline="Over Boetsja")
        page = self.client.get(reverse("admin:articles_story_changelist"), {"q": "Boetsja", "stage__exact": "draft"})
        self.assertContains(page, "Over Boetsja")
        self.assertNotContains(page, "Over Marioepol")


class PreviewTests(TestCase):
    def setUp(self):
        self.client.force_login(make_user(groups=["reporter"]))

    def test_it_is_the_readers_page_with_pictures_that_only_the_desk_gets(self):
        map_, image = make_map(), make_image(alt="Een leeg plein")
        publish_edition(map_)
        story = make_story(blocks=["Een alinea.", make_quote(), map_, image], lead_image=make_image())
        page = self.client.get(reverse("admin:articles_story_preview", args=[story.pk]))
        self.assertContains(page, 'class="story"')
        self.assertContains(page, "data-map")
        self.assertContains(page, "Een leeg plein")
        rendition = pictures.fallback(image.content())
        self.assertEqual(self.client.get(pictures.address(image.digest, rendition)).status_code, 404)
        self.assertNotContains(page, pictures.address(image.digest, rendition))
        arguments = [image.digest, rendition["width"], rendition["format"]]
        address = reverse("admin:newsroom_image_rendition", args=arguments)
        self.assertContains(page, address)
        answer = self.client.get(address)
        self.assertEqual(answer.headers["Content-Type"], "image/png" if rendition["format"] == "png" else "image/jpeg")
        self.client.logout()
        self.assertEqual(self.client.get(address).status_code, 302)

    def test_a_rendition_that_is_not_there_is_not_found(self):
        image = make_image()
        for digest, width in ((image.digest, 7), ("0" * 64, 6)):
            address = reverse("admin:newsroom_image_rendition", args=[digest, width, "png"])
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_a_story_that_says_nothing_yet_can_be_looked_at(self):
        story = make_story(blocks=[make_quote(speaker=None, said_at=None, source=None), make_map()])
        self.assertEqual(self.client.get(reverse("admin:articles_story_preview", args=[story.pk])).status_code, 200)


class PicturePageTests(TestCase):
    def setUp(self):
        self.client.force_login(make_user(groups=["editor"]))

    def send(self, data: bytes, **fields):
        file = SimpleUploadedFile("plein.png", data)
        fields = {"original": file, "alt": "Een plein", "credit": "ANP", "caption": ""} | fields
        return self.client.post(reverse("admin:newsroom_image_add"), fields)

    def test_what_is_no_picture_is_refused_beside_its_field(self):
        page = self.send(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        self.assertEqual(list(page.context["adminform"].form.errors), ["original"])
        self.assertContains(page, 'value="Een plein"')
        self.assertFalse(Image.objects.exists())

    def test_a_picture_without_words_or_credit_is_refused(self):
        page = self.send(tiny_png(), alt="", credit="")
        self.assertEqual(set(page.context["adminform"].form.errors), {"alt", "credit"})

    def test_the_same_file_twice_is_refused_with_where_it_is(self):
        data = tiny_png()
        self.send(data)
        page = self.send(data)
        self.assertIn("Een plein", str(page.context["adminform"].form.errors["original"]))

    def test_a_picture_is_seen_on_its_page_and_its_file_is_never_replaced(self):
        image = make_image()
        address = reverse("admin:newsroom_image_change", args=[image.pk])
        self.assertContains(self.client.get(address), "desk-thumbnail")
        data = {"original": SimpleUploadedFile("x.png", tiny_png()), "alt": "Anders", "credit": "ANP", "caption": ""}
        self.client.post(address, data)
        changed = Image.objects.get()
        self.assertEqual((changed.alt, changed.digest), ("Anders", image.digest))


class ShortenedQuoteTests(SimpleTestCase):
    def test_a_quote_is_cut_between_words_and_says_so_before_the_quotation_mark_closes(self):
        quote = Quote(text="Wie nu nog kan vertrekken moet dat doen, want morgen is de weg naar het westen dicht.")
        self.assertRegex(str(quote), r"“Wie nu nog kan vertrekken moet dat doen, want morgen is de …”$")
        self.assertLess(len(quote.shortened(60)), 61)

    def test_a_short_quote_stands_as_it_is(self):
        self.assertIn("“Wie kan, moet nu gaan.”", str(Quote(text="Wie kan, moet nu gaan.")))


class QuotePageTests(TestCase):
    def setUp(self):
        self.client.force_login(make_user(groups=["reporter"]))

    def test_a_quote_may_wait_for_its_attribution_and_says_what_it_lacks(self):
        data = {"text": "Ga weg nu het veilig is.", "said_precision": "day", "source": make_source().pk}
        response = self.client.post(reverse("admin:articles_quote_add"), data, follow=True)
        self.assertContains(response, '<li class="warning">')
        lacking = Quote.objects.get().missing()
        self.assertEqual(len(lacking), 2)
        self.assertContains(self.client.get(reverse("admin:articles_quote_changelist")), ", ".join(lacking))

    def test_the_day_is_enough(self):
        data = {"text": "Ga weg.", "said_precision": "day", "said_at_0": "2022-04-06", "said_at_1": ""}
        self.client.post(reverse("admin:articles_quote_add"), data)
        self.assertEqual(timezone.localtime(Quote.objects.get().said_at).isoformat(), "2022-04-06T12:00:00+02:00")
