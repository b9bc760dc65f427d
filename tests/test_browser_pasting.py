"""Text of others pasted into a story, as a journalist does it: with the keyboard, then saved, then read by readers."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.models import Story
from tests.makers import make_author, make_section, make_user

SAMPLES = Path(__file__).parent / "clipboard"
PASTE = """([html, text]) => {
  const clipboardData = new DataTransfer()
  if (html) clipboardData.setData("text/html", html)
  clipboardData.setData("text/plain", text)
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
  document.activeElement.dispatchEvent(event)
}"""


@pytest.fixture
def story(new_page) -> Page:
    """A new story, open on the desk, with an empty text block that waits for words."""
    make_author("Vera de Boer", user=make_user("vera", groups=["reporter"]))
    make_section("buitenland")
    page = new_page(person="vera")
    page.goto("/admin/articles/story/add/")
    page.locator("#id_headline").fill("Evacuatie")
    page.locator(".order-machine-insert-target.last").click()
    page.locator(".plugin-button[data-plugin-prefix=articles_text_set]").click()
    text(page).click()
    return page


def text(page: Page, number: int = 0) -> Locator:
    return page.locator(".order-machine .ProseMirror").nth(number)


def paste(page: Page, html: str = "", plain: str = "") -> None:
    # The editor hears a moment later where the cursor went.
    page.wait_for_timeout(50)
    page.evaluate(PASTE, [html, plain])


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.html").read_text()


def line(page: Page) -> Locator:
    return page.locator(".desk-pasted [role=status]").first


def saved(page: Page) -> list[str]:
    """The blocks as the server has them: the HTML of texts, "# " before a heading."""
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert page.trouble == []
    blocks = Story.objects.get().blocks()
    # The editor's own word for an ordinary numbered list.
    texts = [block.text.replace(' data-type="decimal"', "") for block in blocks]
    return [f"# {text}" if block.type == "heading" else text for block, text in zip(blocks, texts, strict=True)]


OPENING = "<p>De gouverneur vraagt <strong>iedereen</strong> te vertrekken, <em>nu het nog kan</em>. "
TABLE = "<p><strong>Stad</strong> | <strong>Gewonden</strong><br>Rubizjne | 12</p>"
QUOTE = "<blockquote><p>Ga weg nu het veilig is.</p></blockquote>"


def test_google_docs(story):
    paste(story, sample("google-docs"))
    expect(line(story)).to_have_text(
        "Koppen die een eigen blok kregen: 2. Tabellen die regels werden: 1. Blokcitaten zonder spreker: 1; een blok "
        "‘citaat’ noemt er een. Weggelaten foto’s: 1; een foto krijgt een eigen blok. Weggelaten doorgestreepte "
        "woorden: 1."
    )
    assert saved(story) == [
        "<p>De gouverneur van Loehansk vraagt <strong>iedereen</strong> te vertrekken, <em>nu het nog kan</em>. "
        'Hij zei dat <a href="https://t.me/luhanskaVTSA/1234">op Telegram</a>.</p>',
        "# Wat er gebeurde",
        f"<p>Eerste regel<br>Tweede regel</p>{QUOTE}"
        "<ul><li><p>Rubizjne</p><ul><li><p>het noorden</p></li></ul></li><li><p>Popasna</p></li></ul>",
        "# Cijfers",
        f"{TABLE}<p>Meer volgt.</p>",
    ]


def test_word(story):
    paste(story, sample("word"))
    expect(line(story)).to_contain_text("Weggelaten opmerkingen in de kantlijn: 1.")
    assert saved(story) == [
        "# Oproep in Loehansk",
        f'{OPENING}Zie <a href="https://nos.nl/artikel/2423">de NOS</a>.</p>'
        "<ul><li><p>Rubizjne</p><ul><li><p>het noorden</p><ul><li><p>de fabriek</p></li></ul></li></ul></li>"
        "<li><p><strong>Popasna</strong></p></li></ul>"
        "<ol><li><p>Eerst de kinderen</p></li><li><p>Dan de anderen</p></li></ol>"
        f"{QUOTE}{TABLE}<p>Er zijn 300 mensen weg.</p>",
    ]


def test_libreoffice(story):
    paste(story, sample("libreoffice"))
    assert saved(story) == [
        f'{OPENING}Zie <a href="https://nos.nl/artikel/2423">de NOS</a>.</p>',
        "# Wat er gebeurde",
        "<ol><li><p>Rubizjne</p><ul><li><p>het noorden</p></li></ul></li><li><p><strong>Popasna</strong></p></li></ol>"
        f"{QUOTE}<p>Stad | Gewonden<br>Rubizjne | 12</p><p>Meer volgt.</p>",
    ]


@pytest.mark.parametrize("name", ["outlook", "gmail"])
def test_mails(story, name):
    paste(story, sample(name))
    expect(line(story)).not_to_be_empty()
    [html] = saved(story)
    assert html.count("<p>") >= 4
    assert "safelinks" not in html
    assert "<em>woensdag</em>" in html or "<strong>woensdag</strong>, <em>niet</em> eerder.🙏" in html


def test_a_web_page(story):
    paste(story, sample("web-page"))
    expect(line(story)).to_contain_text("Weggelaten video’s en dergelijke: 1.")
    assert saved(story) == [
        "# Evacuatie van Loehansk",
        f'{OPENING}<a href="https://example.org/stories/oproep/">Lees de oproep</a>.</p><p>Een bus op een plein.</p>'
        "<blockquote><p><em>Ga weg nu het veilig is.</em></p></blockquote>"
        '<ul><li><p>Rubizjne</p></li><li><p>Popasna</p><ol start="3"><li><p>derde</p></li></ol></li></ul>'
        f"{TABLE}<p>Meer volgt.</p>",
    ]


def test_what_stood_after_the_cursor_comes_after_what_is_pasted(story):
    story.keyboard.type("Voor. Na.")
    for _letter in "Na.":
        story.keyboard.press("ArrowLeft")
    paste(story, "<p>Een.</p><h2>Kop</h2><p>Twee. </p>")
    assert saved(story) == ["<p>Voor. Een.</p>", "# Kop", "<p>Twee.Na.</p>"]


def test_a_paste_among_other_blocks_stays_in_its_place(story):
    story.keyboard.type("Eerst.")
    story.locator(".order-machine-insert-target.last").click()
    story.locator(".plugin-button[data-plugin-prefix=articles_text_set]").click()
    text(story, 1).click()
    story.keyboard.type("Laatst.")
    text(story).click()
    story.keyboard.press("End")
    story.keyboard.press("Enter")
    paste(story, "<h2>Kop</h2><p>Midden.</p>")
    expect(line(story)).to_have_text("Koppen die een eigen blok kregen: 1.")
    assert saved(story) == ["<p>Eerst.</p>", "# Kop", "<p>Midden.</p>", "<p>Laatst.</p>"]


def test_blocks_can_be_made_one_text_again(story):
    paste(story, "<p>Een.</p><h2>Kop</h2><p>Twee.</p>")
    story.get_by_role("button", name="Toch alles in één tekst").click()
    assert saved(story) == ["<p>Een.</p><p><strong>Kop</strong></p><p>Twee.</p>"]


def test_where_it_cannot_have_a_block_a_heading_is_a_line_in_bold(story):
    paste(story, f"<p>Een.</p><h2>{'Te lang. ' * 30}</h2><p>Twee.</p>")
    [html] = saved(story)
    assert html.startswith("<p>Een.</p><p><strong>Te lang.")


def test_a_picture_and_nothing_else_does_not_vanish_silently(story):
    story.keyboard.type("Tekst.")
    paste(story, "<meta charset='utf-8'><img src='https://example.org/1.jpg' alt='Een bus'>")
    expect(line(story)).to_have_text("Weggelaten foto’s: 1; een foto krijgt een eigen blok.")
    assert saved(story) == ["<p>Tekst.</p>"]


def test_plain_text_with_blank_lines_makes_paragraphs(story):
    paste(story, plain="Een,\nnog een.\n\nTwee.\n")
    assert saved(story) == ["<p>Een,<br>nog een.</p><p>Twee.</p>"]


def test_the_real_clipboard_with_real_keys(story):
    """As above, with Ctrl+V: what the browser itself makes of the clipboard comes in between."""
    story.context.grant_permissions(["clipboard-read", "clipboard-write"])
    story.evaluate(
        """(html) => navigator.clipboard.write([new ClipboardItem({
          "text/html": new Blob([html], { type: "text/html" }),
          "text/plain": new Blob(["tekst"], { type: "text/plain" }),
        })])""",
        '<p>Een <b>twee</b> <span style="font-style: italic">drie</span></p><h2>Kop</h2><p>Vier</p>',
    )
    story.keyboard.press("ControlOrMeta+V")
    expect(line(story)).to_contain_text("Koppen die een eigen blok kregen: 1.")
    # The browser said on the console what it thinks of the style, when the test put it on the clipboard.
    story.trouble.clear()
    assert saved(story) == ["<p>Een <strong>twee</strong> <em>drie</em></p>", "# Kop", "<p>Vier</p>"]


def test_what_is_copied_in_one_text_is_the_same_in_another(story):
    story.context.grant_permissions(["clipboard-read", "clipboard-write"])
    paste(story, "<p>Een <b>twee</b></p><ul><li>drie</li></ul>")
    expect(text(story)).to_contain_text("drie")
    for keys in ("ControlOrMeta+A", "ControlOrMeta+C", "ArrowRight", "ControlOrMeta+A", "ControlOrMeta+V"):
        story.wait_for_timeout(50)
        story.keyboard.press(keys)
    assert saved(story) == ["<p>Een <strong>twee</strong></p><ul><li><p>drie</p></li></ul>"]
