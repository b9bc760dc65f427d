"""One spelling of a JSON value, and its digest: what the chain of versions is made of. Pure."""

import hashlib
import json
from typing import Any


def plain(value: Any) -> Any:
    """The value as both databases give it back: JSON types only, no negative zero.

    PostgreSQL's jsonb turns -0.0 into 0.0; SQLite keeps it. A digest must not see the difference. Raises ValueError
    for NaN and infinities, which JSON does not have.
    """
    return json.loads(json.dumps(value, allow_nan=False), parse_float=lambda text: float(text) + 0.0)


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no white space."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical spelling, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()
