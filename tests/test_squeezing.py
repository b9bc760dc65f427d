"""What is left out of styles and scripts before they are sent, and that nothing else is."""

import re
import unittest
from pathlib import Path

from newsroom.serving import squeezing

ROOT = Path(__file__).resolve().parent.parent


def own(suffix: str) -> list[Path]:
    return [path for app in ("articles", "mapdata", "newsroom") for path in ROOT.glob(f"{app}/static/**/*{suffix}")]


class StyleTests(unittest.TestCase):
    def test_white_space_and_comments_go(self):
        source = "/* all */\n.a , .b > .c {\n  color: red; /* why */\n  margin: 0 1px;\n}\n"
        self.assertEqual(squeezing.css(source), ".a,.b > .c{color:red;margin:0 1px}\n")

    def test_what_is_in_quotation_marks_stays(self):
        source = """a::before { content: " <" attr(href) "; } /* no */" } b { content: '· \\'  ' }"""
        text = squeezing.css(source)
        self.assertIn('" <" attr(href) "; } /* no */"', text)
        self.assertIn("'· \\'  '", text)

    def test_space_that_means_something_stays(self):
        source = "@media screen and (min-width: 3rem) { .a :is(h1, h2) :not(b) { width: calc(1px + 2px) } }"
        self.assertEqual(
            squeezing.css(source), "@media screen and (min-width:3rem){.a :is(h1,h2) :not(b){width:calc(1px + 2px)}}\n"
        )


class ScriptTests(unittest.TestCase):
    def test_indentation_and_lines_of_comment_go(self):
        source = "// Why.\nif (a) {\n\n  // Because.\n  b()  \n}\n"
        self.assertEqual(squeezing.script(source), "if (a) {\nb()\n}\n")

    def test_a_comment_behind_a_statement_and_an_address_stay(self):
        source = 'const a = "https://example.org" // here\n'
        self.assertEqual(squeezing.script(source), source)


class OwnFileTests(unittest.TestCase):
    def test_own_scripts_have_no_text_over_the_end_of_a_line(self):
        for path in own(".js"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                self.assertEqual(line.count("`") % 2, 0, f"{path}:{number}")

    def test_own_styles_keep_every_declaration(self):
        for path in own(".css"):
            short = squeezing.css(path.read_text())
            source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
            self.assertEqual(re.sub(r"\s|;(?=\s*})", "", short), re.sub(r"\s|;(?=\s*})", "", source), path.name)

    def test_twice_is_as_once(self):
        for path in own(".css"):
            once = squeezing.css(path.read_text())
            self.assertEqual(squeezing.css(once), once, path.name)
        for path in own(".js"):
            once = squeezing.script(path.read_text())
            self.assertEqual(squeezing.script(once), once, path.name)
