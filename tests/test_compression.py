"""Which encoding of a page a browser gets."""

import gzip
from random import Random

import brotli
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from newsroom.serving.compression import IDENTITY, choose, compressed

PAGE = b"<!doctype html><p>Russische troepen hebben zich rond Kyiv teruggetrokken.</p>" * 50
VARIANTS = {IDENTITY: b"0" * 30, "gzip": b"0" * 20, "br": b"0" * 10}
CODINGS = ["br", "gzip", "identity", "deflate", "zstd", "*"]
weights = st.integers(0, 1000).map(lambda n: n / 1000)


class WhatIsCompressed(SimpleTestCase):
    def test_every_variant_is_the_same_page(self):
        variants = compressed(PAGE, "text/html; charset=utf-8")
        self.assertEqual(variants[IDENTITY], PAGE)
        self.assertEqual(gzip.decompress(variants["gzip"]), PAGE)
        self.assertEqual(brotli.decompress(variants["br"]), PAGE)
        self.assertLess(len(variants["br"]), len(variants["gzip"]))

    def test_tightly_is_smaller(self):
        tight, loose = (compressed(PAGE * 3, "text/html", tightly) for tightly in (True, False))
        self.assertLessEqual(len(tight["br"]), len(loose["br"]))
        self.assertEqual(brotli.decompress(tight["br"]), PAGE * 3)

    def test_the_same_page_gives_the_same_bytes(self):
        self.assertEqual(compressed(PAGE, "text/html"), compressed(PAGE, "text/html"))

    def test_text_of_all_kinds_and_nothing_else(self):
        for kind in ("text/css", "application/json", "application/geo+json", "application/atom+xml", "image/svg+xml"):
            self.assertEqual(set(compressed(PAGE, kind)), {IDENTITY, "gzip", "br"}, kind)
        for kind in ("image/avif", "image/png", "application/zip", "font/woff2", ""):
            self.assertEqual(set(compressed(PAGE, kind)), {IDENTITY}, kind)

    def test_what_does_not_get_smaller_is_left_as_it_is(self):
        self.assertEqual(set(compressed(b"ok", "text/plain")), {IDENTITY})
        self.assertEqual(set(compressed(Random(1).randbytes(2000), "text/plain")), {IDENTITY})


class WhatIsSent(SimpleTestCase):
    def assertSent(self, header: str, expected: str | None) -> None:
        encoding, body = choose(header, VARIANTS)
        self.assertEqual((encoding, body), (expected, VARIANTS[expected or IDENTITY]), header)

    def test_as_browsers_ask(self):
        self.assertSent("gzip, deflate, br, zstd", "br")
        self.assertSent("gzip, deflate", "gzip")
        self.assertSent("", None)
        self.assertSent("identity", None)

    def test_a_page_that_is_only_kept_packed_is_unpacked(self):
        packed = compressed(PAGE, "text/html")
        del packed[IDENTITY]
        self.assertEqual(choose("", packed), (None, PAGE))
        self.assertEqual(choose("br;q=0, gzip;q=0", packed), (None, PAGE))
        self.assertEqual(choose("br", packed), ("br", packed["br"]))

    def test_weights(self):
        self.assertSent("br;q=0.5, gzip;q=0.8", "gzip")
        self.assertSent("br;q=0.001", "br")
        self.assertSent("br;q=0, gzip", "gzip")
        self.assertSent("br;q=0.0, gzip;q=0.000", None)
        self.assertSent("BR ; Q=1.000", "br")
        self.assertSent("identity;q=1, br;q=0.5", None)
        self.assertSent("identity;q=0.5, br;q=0.5", "br")

    def test_the_star_is_whatever_is_not_named(self):
        self.assertSent("*", "br")
        self.assertSent("br;q=0, *", "gzip")
        self.assertSent("*;q=0", None)
        self.assertSent("gzip, *;q=0", "gzip")
        self.assertSent("identity;q=0.2, *;q=0.1", None)

    def test_old_names_and_nonsense(self):
        self.assertSent("x-gzip", "gzip")
        self.assertSent("br;q=high, gzip;q=2, ;;;, =", None)
        self.assertSent("br;q=nan", None)
        self.assertSent("brotli, gzipped", None)
        self.assertSent(",,gzip,", "gzip")

    def test_all_ruled_out_is_answered_all_the_same(self):
        self.assertSent("identity;q=0, *;q=0", None)
        self.assertSent("identity;q=0", None)

    @given(st.dictionaries(st.sampled_from(CODINGS), weights))
    def test_nothing_that_is_sent_was_ruled_out_or_wanted_less(self, wanted):
        header = ", ".join(f"{name};q={weight:.3f}" for name, weight in wanted.items())
        encoding, body = choose(header, VARIANTS)
        self.assertEqual(body, VARIANTS[encoding or IDENTITY])
        weight = {name: wanted.get(name, wanted.get("*", 0)) for name in ("br", "gzip")}
        if encoding is None:
            others = max(weight.values())
            self.assertTrue(others == 0 or wanted.get(IDENTITY, 0) > others)
        else:
            self.assertGreater(weight[encoding], 0)
            self.assertEqual(weight[encoding], max(*weight.values(), wanted.get(IDENTITY, 0)))

    @given(st.one_of(st.text(), st.text("brgzip;q=01.,* \t-", max_size=60)))
    def test_any_header_is_answered(self, header):
        encoding, body = choose(header, VARIANTS)
        self.assertEqual(body, VARIANTS[encoding or IDENTITY])
