"""The desk's way to bring a file in: what stands in it, what that means, what comes of it, and only then rows.

One module a kind (control, events, regions, places), each with a `Form` of what the file means, `plan`, which works out
what comes of that and writes nothing, and `make`, which writes it.
"""

from collections.abc import Callable

# Told of how many are done, of how many (0 where nobody knows); may raise to stop.
Tell = Callable[[int, int], None]
