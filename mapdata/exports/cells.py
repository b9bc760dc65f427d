"""What a spreadsheet would take for a formula, and what it takes for text. Pure.

A cell that begins with one of these signs is calculated when somebody opens the file, and can send elsewhere what else
is in it. An apostrophe before it makes it text, as in every spreadsheet. Text that has such apostrophes of its own gets
one more, so that reading takes away what writing added and no more.
"""

import re

_CALCULATED = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def harmless(text: str) -> str:
    """Text as a cell may hold it. Not for numbers: -5 is one, and stays."""
    return "'" + text if _CALCULATED.match(text) else text


def as_written(cell: str) -> str:
    """What somebody wrote, of a cell that `harmless` made, or a spreadsheet's own mark for text."""
    return cell[1:] if cell.startswith("'") and _CALCULATED.match(cell) else cell
