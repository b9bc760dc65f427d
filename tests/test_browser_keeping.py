"""What is typed in a form of the desk stays in the browser until it is saved, and a button is pressed once."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles.models import Person, Story
from tests.makers import make_author, make_quote, make_section, make_story, make_user
from tests.test_browser_desk import add_block, log_in, log_out


@pytest.fixture
def newsroom(live_server):
    make_author("Vera de Boer", user=make_user("vera", groups=["reporter"]))
    make_section("buitenland")
    make_section("binnenland")


def log_in_again(page: Page, name: str = "vera") -> None:
    """In another tab of the same browser."""
    other = page.context.new_page()
    other.goto("/admin/")
    log_out(other)
    log_in(other, name)
    other.close()


def save_in_vain(page: Page) -> None:
    page.locator("input[name=_continue]").click()
    expect(page.locator("h1")).to_have_text("Dit formulier is verlopen")
    page.trouble.clear()
    page.go_back()


def test_after_a_second_login_going_back_keeps_the_text_with_its_blocks(newsroom, page):
    log_in(page, "vera")
    page.goto("/admin/articles/story/add/")
    page.locator("#id_headline").fill("Oproep om te vertrekken")
    page.locator("#id_section").select_option(label="Binnenland")
    add_block(page, "heading").locator("input[name$=-text]").fill("Een kop")
    add_block(page, "text").locator(".ProseMirror").click()
    page.keyboard.type("Eerste alinea.")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("Vet.")
    log_in_again(page)
    save_in_vain(page)

    offer = page.locator("[data-kept]")
    expect(offer).to_be_visible()
    page.locator("[data-put-back]").click()
    expect(offer).to_be_hidden()
    expect(page.locator("#id_headline")).to_have_value("Oproep om te vertrekken")
    expect(page.locator(".ProseMirror").first).to_have_text("Eerste alinea.Vet.")
    expect(page.locator(".field-authors .select2-selection")).to_contain_text("Vera de Boer")
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    story = Story.objects.get()
    assert (story.headline, story.section.slug) == ("Oproep om te vertrekken", "binnenland")
    heading, text = story.blocks()
    assert (heading.text, text.text) == ("Een kop", "<p>Eerste alinea.</p><p><strong>Vet.</strong></p>")
    # What was saved is not offered again.
    page.goto("/admin/articles/story/add/")
    expect(page.locator("#id_headline")).to_be_visible()
    expect(offer).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('newsroom-typed'))") == []
    assert page.trouble == []


def test_changed_words_go_back_into_the_blocks_that_have_them(newsroom, page):
    story = make_story(blocks=["<p>Een.</p>", "<p>Twee.</p>"], written_by=User.objects.get(username="vera"))
    log_in(page, "vera")
    page.goto(f"/admin/articles/story/{story.pk}/change/")
    page.locator(".ProseMirror", has_text="Twee.").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" En meer.")
    log_in_again(page)
    save_in_vain(page)
    page.locator("[data-put-back]").click()
    expect(page.locator(".ProseMirror", has_text="Twee. En meer.")).to_be_visible()
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [block.text for block in story.blocks()] == ["<p>Een.</p>", "<p>Twee. En meer.</p>"]
    assert page.trouble == []


def test_a_page_left_by_mistake_offers_what_was_typed_and_forgets_it_when_told_to(newsroom, page):
    log_in(page, "vera")
    page.goto("/admin/articles/quote/add/")
    page.locator("#id_text").fill("Wie kan, moet nu gaan")
    page.goto("/admin/")
    page.goto("/admin/articles/quote/add/")
    expect(page.locator("[data-kept]")).to_be_visible()
    page.locator("[data-discard]").click()
    expect(page.locator("[data-kept]")).to_be_hidden()
    page.reload()
    expect(page.locator("#id_text")).to_have_value("")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert page.trouble == []


def test_what_one_person_typed_is_not_offered_to_another(newsroom, page):
    make_user("ria", groups=["reporter"])
    log_in(page, "vera")
    page.goto("/admin/articles/quote/add/")
    page.locator("#id_text").fill("Wie kan, moet nu gaan")
    page.goto("/admin/")
    log_out(page)
    log_in(page, "ria")
    page.goto("/admin/articles/quote/add/")
    expect(page.locator("#id_text")).to_be_visible()
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert page.trouble == []


def test_who_only_looks_is_offered_nothing(newsroom, page):
    quote = make_quote()
    log_in(page, "vera")
    for _time in range(2):
        page.goto(f"/admin/articles/quote/{quote.pk}/change/")
        page.locator("#id_text").click()
        expect(page.locator("[data-kept]")).to_be_hidden()
    assert page.trouble == []


def test_a_double_click_on_save_saves_once(newsroom, page):
    log_in(page, "vera")
    page.goto("/admin/articles/person/add/")
    page.locator("#id_name").fill("Serhiy Gaidai")
    page.locator("input[name=_save]").dblclick()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Person.objects.count() == 1
    assert page.trouble == []


def test_a_form_that_is_sent_twice_at_once_is_saved_once_and_answered_alike(newsroom, page):
    """As a double click does where no script lets the button rest: both requests arrive."""
    log_in(page, "vera")
    page.goto("/admin/articles/person/add/")
    page.locator("#id_name").fill("Serhiy Gaidai")
    page.locator("#id_slug").fill("serhiy-gaidai")
    ends = page.evaluate(
        """async () => {
            const send = () => fetch(location.href, { method: "POST", body: new FormData(document.forms.person_form) })
            const answers = await Promise.all([send(), send()])
            return answers.map((answer) => new URL(answer.url).pathname)
        }"""
    )
    assert ends == ["/admin/articles/person/", "/admin/articles/person/"]
    assert Person.objects.count() == 1
