"""What the text of a story may hold: in the editor, and past the server. And where its links lead."""

import re
from functools import cache

import nh3
from django_prose_editor.config import allowlist_from_extensions

LONGEST_HEADING = 200
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Blockquote": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Link": {"enableTarget": False, "defaultProtocol": "https"},
    "HardBreak": True,
    "SpecialCharacters": True,
    # What is pasted is cleaned first; its headings get blocks of their own.
    "Pasting": {"text": "articles_text_set", "heading": "articles_heading_set", "longest": LONGEST_HEADING},
}

_HOST = re.compile(r"(?:[^\s/?#@:.]+\.)+[^\W\d_]{2,63}(?=[/?#]|$)")
_MAIL = re.compile(r"[^\s/?#@:]+@(?:[^\s/?#@:.]+\.)+[^\W\d_]{2,63}$")
# What the editor leaves of a text without words.
_EMPTY = re.compile(r"<(\w+)></\1>")


def clean(html: str) -> str:
    """The text without what the editor does not make; links without a scheme lead to the web."""
    cleaned = _cleaner().clean(html)
    return "" if _EMPTY.fullmatch(cleaned) else cleaned


def whole_address(written: str) -> str:
    """`nos.nl/artikel` as `https://nos.nl/artikel`; an address of this site (`/stories/…`) stays."""
    address = written.strip()
    if address.startswith("//"):
        return f"https:{address}"
    if _HOST.match(address):
        return f"https://{address}"
    return f"mailto:{address}" if _MAIL.match(address) else address


def _attribute(tag: str, name: str, value: str) -> str:
    return whole_address(value) if (tag, name) == ("a", "href") else value


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(**allowlist_from_extensions(EXTENSIONS), attribute_filter=_attribute)
