"""Moments: what an address may ask for, and how a page writes one out."""

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from django.template import Context, Template
from django.test import SimpleTestCase
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from newsroom.moments import EARLIEST, LATEST, BadMoment, parse
from newsroom.templatetags.moments import written

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
KYIV = ZoneInfo("Europe/Kyiv")
ZONES = [AMSTERDAM, KYIV, *map(ZoneInfo, ("UTC", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu"))]


class WhatAnAddressAsks(SimpleTestCase):
    def assertMoment(self, value: str, expected: str, tz: ZoneInfo = AMSTERDAM) -> None:
        self.assertEqual(parse(value, tz).isoformat(), f"{expected}+00:00", value)

    def test_a_date_is_the_end_of_that_day(self):
        self.assertMoment("2022-04-06", "2022-04-06T21:59:59.999999")
        self.assertMoment("2022-04-06", "2022-04-06T20:59:59.999999", KYIV)
        self.assertMoment("2022-02-24", "2022-02-24T22:59:59.999999")

    def test_a_date_and_time_is_in_the_time_zone_unless_it_says_which(self):
        self.assertMoment("2022-04-06T18:05", "2022-04-06T16:05:00")
        self.assertMoment("2022-04-06 18:05:30", "2022-04-06T16:05:30")
        self.assertMoment("2022-04-06T18:05:30.5", "2022-04-06T16:05:30.500000")
        self.assertMoment("2022-04-06T18:05:30,123456789", "2022-04-06T16:05:30.123456")
        for same in ("18:05Z", "18:05:00z", "18:05+00:00", "18:05-00:00", "21:05+03", "21:05+0300", "14:05:00-04:00"):
            self.assertMoment(f"2022-04-06T{same}", "2022-04-06T18:05:00")

    def test_a_plus_that_an_address_turned_into_a_space_is_a_plus(self):
        self.assertMoment("2022-04-06T18:05 03:00", "2022-04-06T15:05:00")
        self.assertMoment("2022-04-06 18:05:00.25 0300", "2022-04-06T15:05:00.250000")
        self.assertMoment("2022-04-06 03:00", "2022-04-06T01:00:00")

    def test_times_at_which_the_clock_changes(self):
        self.assertMoment("2022-03-27T02:30", "2022-03-27T01:30:00")  # skipped: half an hour after 02:00
        self.assertMoment("2022-10-30T02:30", "2022-10-30T00:30:00")  # twice: the first
        sao_paulo = ZoneInfo("America/Sao_Paulo")
        self.assertMoment("2018-02-17", "2018-02-18T02:59:59.999999", sao_paulo)  # its last hour came twice
        apia = ZoneInfo("Pacific/Apia")
        self.assertMoment("2011-12-30", "2011-12-30T09:59:59.999999", apia)  # a day that was skipped
        self.assertEqual(parse("2011-12-30", apia), parse("2011-12-29", apia))

    def test_the_ends_of_the_calendar_can_be_shown_in_any_time_zone(self):
        for value in ("0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31", "9999-12-31T23:59:59-12:00"):
            for tz in (*ZONES, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/Los_Angeles")):
                moment = parse(value, tz)
                self.assertIn(moment, (EARLIEST, LATEST))
                self.assertTrue(written(moment, "exact", ZoneInfo("Pacific/Kiritimati")))
                self.assertTrue(written(moment, "week", timezone(timedelta(hours=-12))))

    def test_anything_else_is_refused_in_one_sentence(self):
        for value in (
            *("", " ", "now", "gisteren", "2022", "2022-04", "20220406", "2022-W14-3", "2022-096", "22-04-06"),
            *("2022-4-6", "06-04-2022", "2022/04/06", "2022-02-30", "2022-13-01", "0000-01-01", "10000-01-01"),
            *("2022-04-06T", "2022-04-06T18", "2022-04-06T24:00", "2022-04-06T18:60", "2022-04-06T18:05:60"),
            *("2022-04-06Z", "2022-04-06+02:00", "2022-04-06T18:05+24:00", "2022-04-06T18:05+02:60"),
            *("2022-04-06T18:05 ", " 2022-04-06", "2022-04-06\n", "2022-04-06\0", "2022-04-06T18:05+2"),
            *("٢٠٢٢-٠٤-٠٦", "２０２２-０４-０６", "2022‑04‑06", "2022-04-06T18:05−04:00", "1649260800", "nan"),
        ):
            with self.subTest(value=value), translation.override("en"), self.assertRaises(BadMoment) as caught:
                parse(value, AMSTERDAM)
            self.assertTrue(str(caught.exception).startswith(f"“{value}” is not a date"))

    def test_a_very_long_value_is_not_repeated_whole(self):
        with self.assertRaises(BadMoment) as caught:
            parse("9" * 10_000, AMSTERDAM)
        self.assertLess(len(str(caught.exception)), 200)

    @given(st.one_of(st.text(), st.text("0123456789-+:TZ .W", max_size=35)), st.sampled_from(ZONES))
    def test_any_text_is_a_moment_or_refused(self, value, tz):
        try:
            self.assertTrue(EARLIEST <= parse(value, tz) <= LATEST)
        except BadMoment as refused:
            self.assertTrue(str(refused))

    @given(st.dates(), st.times(), st.integers(-1439, 1439), st.sampled_from(ZONES))
    def test_any_date_time_and_offset_is_a_moment(self, day, clock, minutes, tz):
        offset = timezone(timedelta(minutes=minutes))
        sign, minutes = "-" if minutes < 0 else "+", abs(minutes)
        value = f"{day}T{clock.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}"
        found = parse(value, tz)
        self.assertEqual(found, parse(value.replace("+", " "), tz))
        if EARLIEST < found < LATEST:
            self.assertEqual(found, datetime.combine(day, clock, tzinfo=offset))

    @given(st.integers(-(2**31), 2**32), st.sampled_from(ZONES))
    def test_a_moment_lies_in_the_day_that_the_zone_gives_it(self, seconds, tz):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        day = moment.astimezone(tz).date()
        end = parse(day.isoformat(), tz)
        self.assertTrue(parse((day - timedelta(days=1)).isoformat(), tz) < moment <= end)
        self.assertEqual(end.astimezone(tz).time(), time.max)


class HowAPageWritesIt(SimpleTestCase):
    at = datetime(2022, 4, 5, 16, 5, tzinfo=UTC)

    def rendered(self, template: str, language: str = "nl", **context) -> str:
        with translation.override(language):
            return Template("{% load moments %}" + template).render(Context({"at": self.at, "kyiv": KYIV, **context}))

    def test_newspaper_dates_in_both_languages(self):
        self.assertIn("5 april 2022, 18.05 uur", self.rendered("{{ at|moment }}"))
        self.assertEqual(self.rendered("{{ at|day }}"), "dinsdag 5 april 2022")
        self.assertEqual(self.rendered("{{ at|moment }}", "en"), "5 April 2022, 18:05 (Dutch time)")
        self.assertEqual(self.rendered("{{ at|day }}", "en"), "Tuesday 5 April 2022")

    def test_lists_have_short_days_and_months_without_a_capital_in_dutch(self):
        self.assertIn(">5 apr 2022<", self.rendered("{% time at 'day' short=True %}"))
        self.assertIn(">5 Apr 2022<", self.rendered("{% time at 'day' short=True %}", "en"))

    def test_what_was_asked_for_with_a_clock(self):
        asked = "{% load reading %}{{ '2022-04-05T18:05'|as_asked }}"
        self.assertEqual(self.rendered(asked), "dinsdag 5 april 2022, 18.05 uur")
        self.assertEqual(self.rendered(asked, "en"), "Tuesday 5 April 2022, 18:05")

    def test_the_time_says_whose_it_is(self):
        for zone, words in (
            (KYIV, "19:05 (Kyiv time)"),
            ("Europe/Kiev", "19:05 (Kyiv time)"),
            ("UTC", "16:05 (UTC)"),
            ("America/New_York", "12:05 (New York time)"),
            (timezone(timedelta(hours=2)), "18:05 (UTC+02:00)"),
            ("", "18:05 (Dutch time)"),
            (None, "18:05 (Dutch time)"),
        ):
            self.assertEqual(self.rendered("{{ at|moment:zone }}", "en", zone=zone), f"5 April 2022, {words}")

    def test_the_day_is_the_day_there(self):
        late = datetime(2022, 4, 5, 21, 30, tzinfo=UTC)
        self.assertEqual(
            self.rendered("{{ at|day }}, {{ at|day:kyiv }}", at=late), "dinsdag 5 april 2022, woensdag 6 april 2022"
        )

    def test_a_moment_that_a_version_froze_as_text(self):
        self.assertEqual(self.rendered("{{ at|day:kyiv }}", at="2022-04-05T21:30:00Z"), "woensdag 6 april 2022")
        self.assertEqual(self.rendered("{{ at|day }}", at="2022-04-05"), "dinsdag 5 april 2022")

    def test_no_finer_than_it_is_known(self):
        for precision, machine, words in (
            ("exact", "2022-04-05T18:05:00+02:00", "5 April 2022, 18:05 (Dutch time)"),
            ("day", "2022-04-05", "Tuesday 5 April 2022"),
            ("week", "2022-W14", "in the week of 4 April 2022"),
            ("month", "2022-04", "April 2022"),
        ):
            html = self.rendered("{% time at precision %}", "en", precision=precision)
            self.assertEqual(html, f'<time datetime="{machine}">{words}</time>')
        self.assertIn("T19:05:00+03:00", self.rendered("{% time at tz=kyiv %}"))
        self.assertEqual(written(self.at, "month"), "april 2022")
