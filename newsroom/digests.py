"""One spelling of a JSON value, and its digest: what the chain of versions is made of. Pure."""

import hashlib
import json
import re
from typing import Any

# From here on Python writes a float with an exponent, which PostgreSQL's jsonb reads as a whole number.
WHOLE_FROM = 1e16
# As JSON writes it, and not the six characters, whose backslash JSON doubles.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def plain(value: Any) -> Any:
    """The value as both databases give it back: JSON types only, and numbers that survive both.

    PostgreSQL's jsonb turns -0.0 into 0.0 and 1e+22 into 10000000000000000000000; SQLite keeps what it was given. A
    digest must not see the difference. The order of an object's keys is not kept by jsonb: it means nothing.
    Raises ValueError for what one of them cannot store: NaN, infinities, the character NUL, halves of surrogate pairs.
    """
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    if NUL.search(text):
        raise ValueError("A text holds the character NUL.")
    text.encode()
    return json.loads(text, parse_float=_number)


def _number(text: str) -> float | int:
    number = float(text) + 0.0
    return int(number) if abs(number) >= WHOLE_FROM else number


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no white space."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical spelling, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()
