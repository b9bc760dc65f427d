"""The desk's way to bring a file in: what stands in it, what that means, what comes of it, and only then rows.

`admin` has the pages, `jobs` what takes long. Of each kind a module (control, events, rows for regions and places) has
a `Form` of what the file means, `plan`, which works out what comes of that and writes nothing, and `write`.
"""

from collections.abc import Callable

# Told of how many are done, of how many (0 where nobody knows); may raise to stop.
Tell = Callable[[int, int], None]
