"""What stands in the columns of a file, for whoever must say what they mean."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_SAMPLES, _LONGEST = 5, 80
# As many different values as somebody could give a meaning one by one.
_DISTINCT = 60


@dataclass(frozen=True)
class Field:
    """A property: in how many features it says something, some of what it says, and all of it where that is little.

    `values` is how often each value occurs; empty where there are more than 60.
    """

    name: str
    filled: int
    samples: tuple[str, ...]
    values: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "filled": self.filled,
            "samples": list(self.samples),
            "values": dict(self.values),
        }


def text_of(value: Any) -> str:
    """A property as text; empty where it says nothing."""
    return "" if value is None else str(value).replace("\0", "").strip()


def fields_of(properties: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """In the order in which the file names them."""
    filled: dict[str, int] = {}
    values: dict[str, Counter[str]] = {}
    for members in properties:
        for name, value in members.items():
            said = text_of(value)
            filled[name] = filled.get(name, 0) + bool(said)
            counted = values.setdefault(name, Counter())
            if len(counted) <= _DISTINCT or said in counted:
                counted[said[:_LONGEST]] += 1
    return tuple(
        Field(
            str(name),
            filled[name],
            tuple(value for value in counted if value)[:_SAMPLES],
            dict(counted) if len(counted) <= _DISTINCT else {},
        )
        for name, counted in values.items()
    )
