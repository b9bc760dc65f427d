"""What is made of the clipboard, module by module, in the browser and under the site's own content security policy.

`tests/clipboard/` holds what the programs put there: Google Docs, Word, LibreOffice, two mail programs, a web page.
"""

from pathlib import Path

import pytest
from django.templatetags.static import static

SAMPLES = Path(__file__).parent / "clipboard"


@pytest.fixture
def cleaned(bench):
    """What a clipboard's HTML becomes, and what of it was left out."""

    def cleaned(html: str) -> tuple[str, dict]:
        found = bench.evaluate(
            "async ([address, html]) => (await import(address)).clean(html)",
            [static("articles/pasting/clean.js"), html],
        )
        assert bench.trouble == []
        return found["html"], {name: count for name, count in found["left"].items() if count}

    return cleaned


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.html").read_text()


def test_google_docs_has_its_own_emphasis_and_no_other(cleaned):
    html, left = cleaned(sample("google-docs"))
    assert html == (
        "<p>De gouverneur van Loehansk vraagt <strong>iedereen</strong> te vertrekken, <em>nu het nog kan</em>. "
        'Hij zei dat <a href="https://t.me/luhanskaVTSA/1234">op Telegram</a>.</p>'
        "<h2>Wat er gebeurde</h2>"
        "<p>Eerste regel<br>Tweede regel</p>"
        "<blockquote><p>Ga weg nu het veilig is.</p></blockquote>"
        "<ul><li><p>Rubizjne</p><ul><li><p>het noorden</p></li></ul></li><li><p>Popasna</p></li></ul>"
        "<h2>Cijfers</h2>"
        "<p><strong>Stad</strong> | <strong>Gewonden</strong><br>Rubizjne | 12</p>"
        "<p>Meer volgt.</p>"
    )
    assert left == {"pictures": 1, "tables": 1, "quotes": 1, "struck": 1}


def test_words_lists_are_lists_and_its_comments_stay_behind(cleaned):
    html, left = cleaned(sample("word"))
    assert html == (
        "<h2>Oproep in Loehansk</h2>"
        "<p>De gouverneur vraagt <strong>iedereen</strong> te vertrekken, <em>nu het nog kan</em>. "
        'Zie <a href="https://nos.nl/artikel/2423">de NOS</a>.</p>'
        "<ul><li><p>Rubizjne</p><ul><li><p>het noorden</p><ul><li><p>de fabriek</p></li></ul></li></ul></li>"
        "<li><p><strong>Popasna</strong></p></li></ul>"
        "<ol><li><p>Eerst de kinderen</p></li><li><p>Dan de anderen</p></li></ol>"
        "<blockquote><p>Ga weg nu het veilig is.</p></blockquote>"
        "<p><strong>Stad</strong> | <strong>Gewonden</strong><br>Rubizjne | 12</p>"
        "<p>Er zijn 300 mensen weg.</p>"
    )
    assert left == {"pictures": 1, "tables": 1, "quotes": 1, "struck": 1, "notes": 1}


def test_libreoffice_keeps_its_list_within_a_list(cleaned):
    html, left = cleaned(sample("libreoffice"))
    assert html == (
        "<p>De gouverneur vraagt <strong>iedereen</strong> te vertrekken, <em>nu het nog kan</em>. "
        'Zie <a href="https://nos.nl/artikel/2423">de NOS</a>.</p>'
        "<h2>Wat er gebeurde</h2>"
        "<ol><li><p>Rubizjne</p><ul><li><p>het noorden</p></li></ul></li><li><p><strong>Popasna</strong></p></li></ol>"
        "<blockquote><p>Ga weg nu het veilig is.</p></blockquote>"
        "<p>Stad | Gewonden<br>Rubizjne | 12</p>"
        "<p>Meer volgt.</p>"
    )
    assert left == {"pictures": 1, "tables": 1, "quotes": 1}


def test_a_mail_of_outlook_leads_where_its_links_lead_in_the_end(cleaned):
    html, left = cleaned(sample("outlook"))
    assert html == (
        '<p><strong>Van:</strong> Persdienst &lt;<a href="mailto:pers@example.org">pers@example.org</a>&gt;</p>'
        "<p>Beste redactie,</p>"
        '<p>De evacuatie begint <em>woensdag</em>. <a href="https://example.org/evacuatie?dag=6">Lees verder</a>.</p>'
        "<ul><li><p>Neem water mee</p></li></ul>"
    )
    assert left == {"pictures": 1}


def test_a_mail_of_gmail_has_paragraphs_and_what_it_answers_as_a_quote(cleaned):
    html, left = cleaned(sample("gmail"))
    assert html == (
        "<p>Beste redactie,</p>"
        "<p>De evacuatie begint <strong>woensdag</strong>, <em>niet</em> eerder.🙏</p>"
        '<p>Op wo 6 apr 2022 om 10:12 schreef Vera de Boer &lt;<a href="mailto:vera@example.org">'
        "vera@example.org</a>&gt;:</p>"
        "<blockquote><p>Wanneer begint het?</p></blockquote>"
    )
    # What counts readers is no picture.
    assert left == {"quotes": 1}


def test_of_a_web_page_comes_its_text(cleaned):
    html, left = cleaned(sample("web-page"))
    assert html == (
        "<h2>Evacuatie van Loehansk</h2>"
        "<p>De gouverneur vraagt <strong>iedereen</strong> te vertrekken, <em>nu het nog kan</em>. "
        '<a href="https://example.org/stories/oproep/">Lees de oproep</a>.</p>'
        "<p>Een bus op een plein.</p>"
        "<blockquote><p><em>Ga weg nu het veilig is.</em></p></blockquote>"
        '<ul><li><p>Rubizjne</p></li><li><p>Popasna</p><ol start="3"><li><p>derde</p></li></ol></li></ul>'
        "<p><strong>Stad</strong> | <strong>Gewonden</strong><br>Rubizjne | 12</p>"
        "<p>Meer volgt.</p>"
    )
    assert left == {"pictures": 1, "tables": 1, "quotes": 1, "embedded": 1}


CASES = {
    "a few words stay in their line": (
        "<meta charset='utf-8'><span style='font-weight:700'>woord</span>",
        "<p><strong>woord</strong></p>",
    ),
    "a heading by itself is words": ("<h1>Alleen dit</h1>", "<p>Alleen dit</p>"),
    "what is normal within bold is normal": (
        "<b>vet <span style='font-weight: 400'>niet</span></b>",
        "<p><strong>vet </strong>niet</p>",
    ),
    "bold by the font as a whole": ("<p style='font: bold 12px serif'>vet</p>", "<p><strong>vet</strong></p>"),
    "two breaks part paragraphs": ("een<br><br>twee<br>drie<br>", "<p>een</p><p>twee<br>drie</p>"),
    "an empty line with a hard space parts them too": ("een<br>&nbsp;<br>twee", "<p>een</p><p>twee</p>"),
    "a space that keeps together stays": ("<p>25&nbsp;km &nbsp; ver&nbsp;</p>", "<p>25&nbsp;km ver</p>"),
    "lines of preformatted text stay lines": ("<pre>een\ntwee\n\ndrie</pre>", "<p>een<br>twee</p><p>drie</p>"),
    "a heading in a list is an item": (
        "<ul><li><h3>Kop</h3>tekst</li></ul>",
        "<ul><li><p><strong>Kop</strong></p><p>tekst</p></li></ul>",
    ),
    "a table for layout is no table": (
        "<table><tr><td><p>een</p></td></tr><tr><td><p>twee</p></td></tr></table>",
        "<p>een</p><p>twee</p>",
    ),
    "an empty cell keeps its place": (
        "<table><tr><td>a<td><td>c<tr><td>d<td>e<td>f</table>",
        "<p>a | | c<br>d | e | f</p>",
    ),
    "links into the document lead nowhere": (
        "<p><a href='#_ftn1'>[1]</a> <a href='file:///C:/x'>x</a></p>",
        "<p>[1] x</p>",
    ),
    "quotes in an attribute": (
        "<p title=\"a style='x'\" style='font-style:italic'>schuin</p>",
        "<p><em>schuin</em></p>",
    ),
    "words are not read as tags": ("<p>1 &lt; 2 &amp; <b>3</b></p>", "<p>1 &lt; 2 &amp; <strong>3</strong></p>"),
    "nothing": ("<meta charset='utf-8'> <p>&nbsp;</p>", ""),
    "levels that begin deep": (
        "<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)</span>diep</p>"
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>4.</span>hoog</p>",
        '<ol><li><p>diep</p></li></ol><ol start="4"><li><p>hoog</p></li></ol>',
    ),
    "Word on the web": (
        "<div><ul><li data-aria-level='1'><p>een</p></li></ul></div>"
        "<div><ol><li data-aria-level='2'><p>twee</p></li></ol></div>"
        "<div><ul><li data-aria-level='1'><p>drie</p></li></ul></div>",
        "<ul><li><p>een</p><ol><li><p>twee</p></li></ol></li><li><p>drie</p></li></ul>",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_small_things(cleaned, case):
    pasted, expected = CASES[case]
    assert cleaned(pasted)[0] == expected


TEXTS = {
    "een": [["een"]],
    "een\ntwee": [["een"], ["twee"]],
    "een\r\ntwee\r\n\r\ndrie\r\n": [["een", "twee"], ["drie"]],
    "\n\neen\n \n\n  twee": [["een"], ["  twee"]],
}


@pytest.mark.parametrize("text", TEXTS)
def test_blank_lines_part_paragraphs_of_plain_text(bench, text):
    address = static("articles/pasting/plain.js")
    found = bench.evaluate("async ([address, text]) => (await import(address)).paragraphsOf(text)", [address, text])
    assert found == TEXTS[text]
