"""What a version says has one spelling, whichever database gives it back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mapdata.models import Edition
from newsroom.digests import canonical, digest, plain
from tests.makers import make_edition

# What the databases can store: no surrogates, no NUL.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
HARD = [
    -0.0,
    0.1 + 0.2,
    1e15,
    1e16,
    1e22,
    1e23,
    1.7976931348623157e308,
    5e-324,
    -1e-7,
    2**63,
    -(2**64),
    10**40,
    1.0,
    "",
    " ",
    "é",
    "é",
    "Оке́ан",
    "\u2028\u2029\x01\x7f",
    "\\u0000",
    "😀",
    {},
    [],
    {"": ""},
    {"b": 1, "a": {"d": None, "c": [True, False]}},
    {"ä": 1, "z": 2, "aa": 3},
]


@given(values)
def test_a_plain_value_is_plain_already(value):
    assert canonical(plain(plain(value))) == canonical(plain(value))


def test_negative_zero_is_zero():
    assert math.copysign(1, plain([-0.0])[0]) == 1


def test_the_order_of_keys_means_nothing_and_that_of_a_list_does():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest([1, 2]) != digest([2, 1])


def test_letters_that_look_alike_differ():
    assert digest("é") != digest("e\u0301")


@pytest.mark.parametrize("value", [math.nan, math.inf, "a\0b", {"a\0": 1}, "\\\0", "\ud800", object()])
def test_what_cannot_be_stored_is_refused(value):
    with pytest.raises((ValueError, TypeError)):
        plain([value])


class DatabaseTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.draft = make_edition()

    def stored(self, value):
        Edition.objects.filter(pk=self.draft.pk).update(content={"value": plain(value)})
        return Edition.objects.get(pk=self.draft.pk).content["value"]

    def test_hard_values_come_back_with_the_same_digest(self):
        for value in HARD:
            with self.subTest(value=value):
                self.assertEqual(canonical(self.stored(value)), canonical(plain(value)))

    @given(values)
    def test_any_value_comes_back_with_the_same_digest(self, value):
        self.assertEqual(canonical(self.stored(value)), canonical(plain(value)))
