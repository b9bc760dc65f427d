"""What is left out of styles and scripts before they are sent, and that nothing else is."""

import re
import unittest
from pathlib import Path

from newsroom.serving.static_files import MINIFIED

ROOT = Path(__file__).resolve().parent.parent
# rjsmin reads the inner one of these as code, and takes spaces out of it.
TEMPLATE_IN_TEMPLATE = re.compile(r"`[^`]*\$\{[^}`]*`")


def own(suffix: str) -> list[Path]:
    return [path for app in ("articles", "mapdata", "newsroom") for path in ROOT.glob(f"{app}/static/**/*{suffix}")]


style, script = MINIFIED[".css"], MINIFIED[".js"]


class StyleTests(unittest.TestCase):
    def test_white_space_and_comments_go(self):
        source = "/* all */\n.a , .b > .c {\n  color: red; /* why */\n  margin: 0 1px;\n}\n"
        self.assertEqual(style(source), ".a,.b>.c{color:red;margin:0 1px}")

    def test_what_is_in_quotation_marks_stays(self):
        source = """a::before { content: " <" attr(href) "; } /* no */" } b { content: '· \\'  ' }"""
        text = style(source)
        self.assertIn('" <" attr(href) "; } /* no */"', text)
        self.assertIn("'· \\'  '", text)

    def test_space_that_means_something_stays(self):
        source = "@media screen and (min-width: 3rem) { .a :is(h1, h2) :not(b) { width: calc(1px + 2px) } }"
        self.assertEqual(
            style(source), "@media screen and (min-width:3rem){.a :is(h1,h2) :not(b){width:calc(1px + 2px)}}"
        )


class ScriptTests(unittest.TestCase):
    def test_indentation_and_comments_go(self):
        source = '// Why.\nif (a) {\n\n  // Because.\n  b("https://example.org") // here\n}\n'
        self.assertEqual(script(source), 'if(a){b("https://example.org")}')

    def test_texts_and_patterns_stay(self):
        source = "const a = `x  ${b} // y`\nconst c = /\"[^\"]*\"|'[^']*'|(?<=[\\s\"'/]) x/gi\nconst d = c\n"
        self.assertEqual(
            script(source), "const a=`x  ${b} // y`\nconst c=/\"[^\"]*\"|'[^']*'|(?<=[\\s\"'/]) x/gi\nconst d=c"
        )

    def test_a_line_that_ends_a_statement_ends_it_still(self):
        self.assertEqual(script("let a = b\n[c] = d\n"), "let a=b\n[c]=d")
        self.assertEqual(
            script('import { a } from "./a.js";\nimport b from "b";\n'), 'import{a}from"./a.js";import b from"b";'
        )


class OwnFileTests(unittest.TestCase):
    def test_own_scripts_have_no_template_within_a_template(self):
        for path in own(".js"):
            self.assertIsNone(TEMPLATE_IN_TEMPLATE.search(path.read_text()), path)

    def test_own_styles_keep_every_declaration(self):
        for path in own(".css"):
            short = style(path.read_text())
            source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
            self.assertEqual(re.sub(r"\s|;(?=\s*})", "", short), re.sub(r"\s|;(?=\s*})", "", source), path.name)

    def test_twice_is_as_once(self):
        for suffix, minify in MINIFIED.items():
            for path in own(suffix):
                once = minify(path.read_text())
                self.assertEqual(minify(once), once, path.name)
