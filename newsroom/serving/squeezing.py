"""Own styles and scripts as they are sent: without the comments and the white space that are for who changes them.

Only for files of this project, of which it is known how they are written: libraries come squeezed. Doing it twice
changes nothing.
"""

import re

# Text in quotation marks stays as it is, whatever it looks like.
_CSS = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*.*?\*/|\s*(?P<sign>[{};,])\s*|(?P<colon>:)\s+|\s+""", re.DOTALL
)


def css(source: str) -> str:
    """A style sheet without comments, and with white space only where it means something."""
    without_comments = _CSS.sub(lambda found: found[0] if not found[0].startswith("/*") else "", source)
    short = _CSS.sub(lambda found: found["text"] or found["sign"] or found["colon"] or " ", without_comments)
    return short.replace(";}", "}").strip() + "\n"


def script(source: str) -> str:
    """A script without indentation, empty lines and lines that are only a comment.

    Lines stay lines, as they may end statements. For scripts without text (between backticks) of several lines.
    """
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
