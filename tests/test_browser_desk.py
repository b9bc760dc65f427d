"""The whole way, as a new user would go it: a reporter writes in the admin, an editor publishes, a reader reads."""

import re
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Story
from newsroom.desk import PublishingAdmin
from tests.makers import (
    make_author,
    make_edition,
    make_event,
    make_image,
    make_map,
    make_person,
    make_quote,
    make_region,
    make_section,
    make_source,
    make_story,
    make_user,
    publish_edition,
    publish_event,
    publish_story,
    tiny_png,
)


@pytest.fixture
def newsroom(live_server):
    """Two people, and what a story can refer to."""
    make_author("Vera de Boer", user=make_user("vera", groups=["reporter"]))
    make_user("emma", groups=["editor"])
    make_section("buitenland")
    make_person("Serhiy Gaidai", role_nl="gouverneur van Loehansk")
    make_source("Telegram", title="Bericht van de gouverneur")
    publish_edition(make_map("situatie-oekraine", title_nl="Situatie Oekraïne"))


def log_in(page: Page, name: str) -> None:
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill("geheim")
    page.locator("#login-form [type=submit]").click()
    expect(page.locator("#user-tools")).to_contain_text(name, ignore_case=True)


def log_out(page: Page) -> None:
    page.locator("#logout-form button").click()
    expect(page.locator("#user-tools")).to_have_count(0)


def add_block(page: Page, kind: str):
    """A new block of a kind at the end of the body."""
    page.locator(".order-machine-insert-target.last").click()
    page.locator(f".plugin-button[data-plugin-prefix=articles_{kind}_set]").click()
    return page.locator(f"[id^=articles_{kind}_set-].inline-related:not(.empty-form)").last


def choose(page: Page, within, words: str) -> None:
    """Pick from a select that searches."""
    within.locator(".select2-selection").first.click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def write_quote(page: Page, block, words: str) -> None:
    """A quote that is not there yet is made without leaving the story."""
    with page.expect_popup() as opened:
        block.locator("a.add-related").click()
    popup = opened.value
    popup.locator("#id_text").fill(words)
    choose(popup, popup.locator(".field-speaker"), "Gaidai")
    popup.locator("#id_said_at_0").fill("2022-04-06")
    popup.locator("#id_said_at_1").fill("10:00:00")
    popup.locator("#id_channel").select_option("telegram")
    choose(popup, popup.locator(".field-source"), "Telegram")
    with popup.expect_event("close"):
        popup.locator("input[name=_save]").click()


def send_in_picture(page: Page, block) -> None:
    with page.expect_popup() as opened:
        block.locator("a.add-related").click()
    popup = opened.value
    popup.locator("#id_original").set_input_files({"name": "plein.png", "mimeType": "image/png", "buffer": tiny_png()})
    popup.locator("#id_alt").fill("Een leeg plein met een bus")
    popup.locator("#id_credit").fill("Foto: ANP")
    with popup.expect_event("close"):
        popup.locator("input[name=_save]").click()


def write_story(page: Page) -> None:
    page.goto("/admin/articles/story/add/")
    page.locator("#id_headline").fill("Oproep om Loehansk te verlaten")
    page.locator("#id_standfirst").fill("De gouverneur vraagt iedereen te gaan.")
    expect(page.locator(".field-authors")).to_contain_text("Vera de Boer")
    text = add_block(page, "text").locator(".ProseMirror")
    text.click()
    page.keyboard.type("Het is dag 42 van de oorlog.")
    page.keyboard.press("Enter")
    page.keyboard.type("Wie kan, moet nu vertrekken.")
    write_quote(page, add_block(page, "quoteblock"), "Ga weg nu het veilig is")
    block = add_block(page, "mapblock")
    block.locator("select[name$=-map]").select_option(label="Situatie Oekraïne")
    block.locator("textarea").fill("Rood is grond die Rusland bezet houdt; rode stippen zijn gebeurtenissen.")
    send_in_picture(page, add_block(page, "imageblock"))
    page.locator("input[name=_submit]").click()
    expect(page.locator(".desk-standing .desk-badge.review")).to_be_visible()


def open_story(page: Page) -> None:
    page.goto("/admin/")
    page.locator(".desk-lists .review a", has_text="Oproep om Loehansk").click()


@pytest.mark.both_engines
def test_a_story_goes_from_the_desk_to_the_reader_and_is_corrected_in_the_open(newsroom, page):
    log_in(page, "vera")
    write_story(page)
    log_out(page)

    log_in(page, "emma")
    open_story(page)
    page.locator("input[name=_publish]").click()
    expect(page.locator(".desk-problems")).to_have_count(0)
    page.locator("form[method=post] input[type=submit].default").click()
    expect(page.locator(".desk-standing .desk-badge.published")).to_be_visible()
    log_out(page)

    page.goto("/stories/oproep-om-loehansk-te-verlaten/")
    article = page.locator("article.story")
    expect(article.locator("h1")).to_have_text("Oproep om Loehansk te verlaten")
    expect(article).to_contain_text("Het is dag 42 van de oorlog.")
    expect(article).to_contain_text("Wie kan, moet nu vertrekken.")
    expect(article.locator("figure blockquote")).to_contain_text("Ga weg nu het veilig is")
    expect(article.locator("figure figcaption").filter(has_text="Gaidai")).to_contain_text("6 april 2022")
    expect(article.locator("svg[data-map] path[data-party=rusland]").first).to_be_attached()
    picture = article.get_by_alt_text("Een leeg plein met een bus")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())
    before = timezone.now()

    # The governor had said it differently.
    log_in(page, "vera")
    page.goto("/admin/articles/quote/")
    page.locator("#result_list tbody a").first.click()
    page.locator("#id_text").fill("Vertrek zolang het veilig is")
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text("Oproep om Loehansk te verlaten")
    page.goto("/admin/")
    page.locator(".desk-lists .mine a", has_text="Oproep om Loehansk").click()
    page.locator("input[name=_submit]").click()
    log_out(page)

    log_in(page, "emma")
    open_story(page)
    page.locator("input[name=_publish]").click()
    page.locator("input[name=kind][value=correction]").check()
    page.locator("form[method=post] input[type=submit].default").click()
    # Nothing that was chosen is lost when something is missing.
    expect(page.locator(".errorlist")).to_be_visible()
    expect(page.locator("input[name=kind][value=correction]")).to_be_checked()
    page.locator("#id_note").fill("De gouverneur was verkeerd geciteerd.")
    page.locator("form[method=post] input[type=submit].default").click()
    expect(page.locator(".desk-standing .desk-badge.published")).to_contain_text("2")
    log_out(page)

    page.goto("/stories/oproep-om-loehansk-te-verlaten/")
    expect(article.locator("figure blockquote")).to_contain_text("Vertrek zolang het veilig is")
    expect(article).to_contain_text("De gouverneur was verkeerd geciteerd.")
    page.goto(f"/stories/oproep-om-loehansk-te-verlaten/?as_of={before:%Y-%m-%dT%H:%M:%S.%fZ}")
    expect(article.locator("figure blockquote")).to_contain_text("Ga weg nu het veilig is")
    expect(article).not_to_contain_text("verkeerd geciteerd")
    page.goto("/stories/oproep-om-loehansk-te-verlaten/versions/")
    expect(page.locator("main")).to_contain_text(re.compile("Versi(e|on) 2.*Versi(e|on) 1", re.DOTALL))
    assert page.trouble == []


@pytest.mark.both_engines
def test_what_cannot_be_saved_comes_back_with_every_word_and_every_new_block(newsroom, new_page):
    page = new_page(person="vera")
    page.goto("/admin/articles/story/add/")
    add_block(page, "text").locator(".ProseMirror").click()
    page.keyboard.type("Woorden die niemand kwijt wil.")
    add_block(page, "heading").locator("input[name$=-text]").fill("Een kop")
    add_block(page, "factbox").locator("textarea").fill("zonder streepje")
    page.locator("input[name=_continue]").click()

    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator(".ProseMirror", has_text="Woorden die niemand kwijt wil.")).to_be_visible()
    expect(page.locator("[id^=articles_heading_set-] input[name$=-text]").first).to_have_value("Een kop")
    page.locator("#id_headline").fill("Een verhaal")
    page.locator("[id^=articles_factbox_set-] input[name$=-title]").first.fill("Cijfers")
    page.locator("[id^=articles_factbox_set-] textarea").first.fill("400 | vermisten, volgens de burgemeester")
    page.locator("input[name=_continue]").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [block.type for block in Story.objects.get().blocks()] == ["text", "heading", "facts"]
    assert page.trouble == []


def test_blocks_are_moved_without_losing_text(newsroom, new_page):
    page = new_page(person="vera")
    page.goto("/admin/articles/story/add/")
    page.locator("#id_headline").fill("Volgorde")
    for words in ("Eerst", "Dan"):
        add_block(page, "text").locator(".ProseMirror").click()
        page.keyboard.type(words)
    handles = page.locator(".order-machine .inline-related:not(.empty-form) > h3")
    handles.nth(1).drag_to(handles.nth(0), target_position={"x": 40, "y": 2})
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [block.text for block in Story.objects.get().blocks()] == ["<p>Dan</p>", "<p>Eerst</p>"]
    assert page.trouble == []


def test_blocks_are_added_and_moved_with_the_keyboard_alone(newsroom, new_page):
    page = new_page(person="vera")
    page.goto("/admin/articles/story/add/")
    page.locator("#id_headline").fill("Toetsen")
    target = page.locator(".order-machine-insert-target.last")
    for words in ("Eerst", "Dan"):
        target.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("input[name$=-text]:focus")).to_have_value("")
        page.keyboard.type(words)
    page.keyboard.press("Alt+Shift+ArrowUp")
    page.keyboard.press("Alt+Shift+ArrowUp")
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [block.text for block in Story.objects.get().blocks()] == ["Dan", "Eerst"]
    assert page.trouble == []


def test_every_page_of_the_desk_keeps_the_content_security_policy(newsroom, new_page):
    make_user("root", is_staff=True, is_superuser=True)
    map_ = make_map()
    publish_edition(map_)
    story = make_story(blocks=["Een alinea.", make_quote(), map_, make_image()])
    publish_story(story)
    publish_event(make_event(map_))
    make_edition(map_)
    make_region()
    page = new_page(person="root")
    addresses = ["/admin/", "/admin/password_change/", "/admin/articles/"]
    for model, model_admin in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        addresses.append(base)
        if model_admin.has_add_permission(SimpleNamespace(user=User.objects.get(username="root"))):
            addresses.append(f"{base}add/")
        if row := model.objects.first():
            publishes = isinstance(model_admin, PublishingAdmin)
            steps = ("publish", "withdraw", "versions") if publishes else ("delete",)
            addresses += [f"{base}{row.pk}/{name}/" for name in ("change", "history", *steps)]
    for address in [*addresses, f"/admin/articles/story/{story.pk}/preview/"]:
        page.goto(address)
        page.evaluate("new Promise(requestAnimationFrame)")
        assert page.trouble == [], address
