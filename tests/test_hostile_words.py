"""Whatever somebody types somewhere, readers get words."""

from urllib.parse import quote_plus

from django.test import TestCase

from newsroom.publishing import Kind
from tests.makers import (
    held_by,
    make_event,
    make_heading,
    make_image,
    make_map,
    make_party,
    make_person,
    make_quote,
    make_source,
    make_story,
    publish_edition,
    publish_event,
    publish_story,
)


class HostileWordsTests(TestCase):
    def test_what_people_typed_is_text_and_no_link_runs_a_script(self):
        words = "\"><script>alert(1)</script>'"
        source = make_source(words, title=words, url="javascript:alert(1)", archived_url="JavaScript:alert(2)")
        map_ = make_map("kaart", title_nl=words, methodology_nl=words)
        publish_edition(map_, areas=[held_by(make_party("partij", name_nl=words))], source=source, note=words)
        image = make_image(alt=words, credit=words, caption=words)
        event = make_event(map_, source, title_nl=words, text_nl=words, place_nl=words, image=image)
        publish_event(event, note=words)
        publish_event(event, note=words)
        speaker = make_person(words, slug="spreker", role_nl=words)
        quote = make_quote(words, speaker=speaker, source=source, place=words, original_text=words)
        links = '<p><a href="javascript:alert(1)" onclick="x()">a</a><a href="data:text/html,x">b</a></p>'
        blocks = [f"{links}<script>x</script>", make_heading(words), quote, map_, image, event]
        story = make_story("verhaal", blocks, headline=words, standfirst=words, lead_image=image)
        publish_story(story, note=words)
        publish_story(story, kind=Kind.CORRECTION, note=words)
        asked = "/?at=" + quote_plus(words)
        pages = ["/", "/stories/verhaal/", "/stories/verhaal/versions/", "/stories/verhaal/versions/1/", "/feed/"]
        pages += ["/maps/kaart/", "/maps/kaart/editions/1/", "/maps/kaart/changes/", f"/events/{event.pk}/"]
        for address in [*pages, "/people/spreker/", asked]:
            with self.subTest(address):
                answer = self.client.get(address).content.decode().lower()
                for attack in ("<script>", "javascript:", "onclick", 'href="data:'):
                    self.assertNotIn(attack, answer)
