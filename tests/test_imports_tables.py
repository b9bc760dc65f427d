"""Tables: separators, headings in three languages, degrees in every spelling, dates that may mean two things."""

import contextlib
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapdata.imports.events import days
from mapdata.imports.files import coordinates, tables
from mapdata.imports.files.reading import Limits, Reading, open_file
from mapdata.imports.files.records import Unreadable

pytestmark = pytest.mark.usefixtures("english")

LIMITS = Limits(5_000_000, 10_000_000, 10_000, 100_000)
KYIV = ZoneInfo("Europe/Kyiv")


@pytest.fixture
def opened(tmp_path):
    def made(text: str | bytes, encoding: str = "utf-8", **options) -> Reading:
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return open_file(path, LIMITS, **options)

    return made


def only_point(reading: Reading) -> tuple[float, float]:
    (feature,) = reading.features
    return round(feature.point.x, 6), round(feature.point.y, 6)


class TestColumns:
    @pytest.mark.parametrize(
        ("lat", "lon"),
        [
            ("lat", "lon"), ("Latitude", "Longitude"), ("LAT", "LNG"), ("Breedtegraad", "Lengtegraad"),
            ("breedte", "lengte"), ("Noorderbreedte", "Oosterlengte"), ("N.B.", "O.L."), ("Широта", "Довгота"),
            ("широта", "долгота"), ("y", "x"), ("latitude (WGS84)", "longitude (WGS84)"),
            ("Широта, град.", "Довгота, град."),
            ("geo_lat", "geo_lon"), ("event_latitude", "event_longitude"), ("POINT_Y", "POINT_X"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_usual_headings_in_any_order(self, opened, lat, lon, separator):
        quoted = [f'"{name}"' for name in ("naam", lon, lat)]
        text = separator.join(quoted) + "\r\n" + separator.join(["Kyiv", "30.5238", "50.45466"]) + "\r\n"
        assert only_point(opened(text)) == (30.5238, 50.45466)

    def test_a_decimal_comma_in_a_table_with_commas(self, opened):
        assert only_point(opened('naam,lat,lon\nKyiv,"50,45","30,52"\n')) == (30.52, 50.45)

    @pytest.mark.parametrize(
        ("heading", "cell"),
        [
            ("coordinates", "50.45, 30.52"),
            ("locatie", "50,45; 30,52"),
            ("lonlat", "30.52 50.45"),
            ("GPS", "(50.45, 30.52)"),
        ],
    )
    def test_both_in_one_column(self, opened, heading, cell):
        assert only_point(opened(f"naam|{heading}\nKyiv|{cell}\n")) == (30.52, 50.45)

    @pytest.mark.parametrize(
        "cell",
        ["POINT (30.52 50.45)", "SRID=4326;POINT(30.52 50.45)", "point z (30.52 50.45 3)",
         '{"type": "Point", "coordinates": [30.52, 50.45]}'],
    )  # fmt: skip
    def test_shapes_in_a_column_of_any_name(self, opened, cell):
        quoted = cell.replace('"', '""')
        assert only_point(opened(f'naam,waar\nKyiv,"{quoted}"\n')) == (30.52, 50.45)

    def test_areas_in_wkt_come_before_a_point_in_columns(self, opened):
        reading = opened('lat,lon,geom\n50,30,"POLYGON ((30 50, 31 50, 31 51, 30 50))"\n')
        assert reading.features[0].kind == "ground"
        assert "geom" not in reading.features[0].properties
        assert opened('lat,lon,geom\n50,30,"POINT (1 2)"\n').features[0].point.x == 30

    def test_a_ring_left_open_and_a_shape_that_is_none(self, opened):
        reading = opened(
            'wkt\n"POLYGON ((30 50, 31 50, 31 51))"\n"POLYGON ((30 50, 31"\nPOINT EMPTY\n"POINT (1 nan)"\n'
        )
        assert reading.features[0].repairs
        assert {refusal.feature for refusal in reading.refused} == {2, 3, 4}

    def test_a_cell_of_a_megabyte(self, opened):
        ring = ", ".join(f"{30 + i / 1e5} 50" for i in range(40_000))
        reading = opened(f'status,wkt\nbezet,"POLYGON ((30 50, {ring}, 31 51, 30 50))"\n')
        assert reading.vertices > 40_000
        assert reading.features[0].properties == {"status": "bezet"}

    def test_columns_that_somebody_named(self, opened):
        text = "a,b\n50.45,30.52\n"
        assert opened(text).count == 1
        assert not opened(text).features
        assert only_point(opened(text, columns={"lat": "a", "lon": "b"})) == (30.52, 50.45)
        with pytest.raises(Unreadable, match="“c”"):
            opened(text, columns={"lat": "a", "lon": "c"})

    def test_headings_that_come_twice_or_are_empty(self, opened):
        (feature,) = opened("lat,lon,naam,naam,\n50,30,a,b,c\n").features
        assert feature.properties == {"lat": "50", "lon": "30", "naam": "a", "naam (4)": "b", "5": "c"}

    @pytest.mark.parametrize(
        "above", ["sep=;\n", "Export van 6 april\n\n", "# bron: register\n# 2022\n", "Titel;;\n", "\ufeffsep=;\r\n"]
    )
    def test_what_stands_above_the_heading_is_no_row(self, opened, above):
        reading = opened(f"{above}naam;lat;lon\nKyiv;50,45;30,52\n")
        assert (reading.count, only_point(reading)) == (1, (30.52, 50.45))

    def test_a_table_without_rows_and_one_without_anything(self, opened):
        assert opened("lat,lon\n").refused
        with pytest.raises(Unreadable, match="empty"):
            opened("\n\n  \n")


class TestRows:
    def test_bad_rows_are_refused_by_their_number_and_empty_lines_are_none(self, opened):
        reading = opened("naam,lat,lon\na,50,30\n\nb,,30\nc,noord,30\nd,50,30,extra\ne,50\nf,95,30\n,,\n")
        assert [feature.number for feature in reading.features] == [1, 4]
        reasons = {refusal.feature: refusal.reason for refusal in reading.refused}
        assert set(reasons) == {2, 3, 5, 6}
        assert "latitude" in reasons[2]
        assert "noord" in reasons[3]
        assert "longitude" in reasons[5]

    def test_cells_over_several_lines_and_with_quotes(self, opened):
        (feature,) = opened('naam;lat;lon\r\n"regel een\r\nregel ""twee""; drie";50;30\r\n').features
        assert feature.properties["naam"] == 'regel een\r\nregel "twee"; drie'

    def test_line_ends_of_an_old_mac(self, opened):
        assert opened("lat,lon\r50,30\r51,31\r").count == 2

    @pytest.mark.parametrize(
        ("encoding", "name", "word"),
        [
            ("cp1252", "Windows-1252", "geïmporteerd, één café"),
            ("cp1251", "Windows-1251", "Запоріжжя, Київ, Чернігів"),
            ("koi8_u", "KOI8-U", "Запоріжжя, Київ, Чернігів"), ("utf-8-sig", "UTF-8", "Київ"),
            ("utf-16", "UTF-16LE", "Київ"),
            ("cp1252", "Windows-1252", "Ukraine’s “army” – yes"),
        ],
    )  # fmt: skip
    def test_the_encoding_is_found_out(self, opened, encoding, name, word):
        reading = opened(f'lat;lon;naam\n50;30;"{word}"\n51;31;x\n', encoding)
        assert (reading.encoding, reading.features[0].properties["naam"]) == (name, word)


class TestAngles:
    @pytest.mark.parametrize(
        ("text", "degrees"),
        [
            ("50.45466", 50.45466), ("50,45466", 50.45466), ("-12.5", -12.5), ("−12,5", -12.5), ("+3", 3), ("1e1", 10),
            ("N 49° 13’ 02\"", 49.217222), ("49°13'02\"N", 49.217222),
            ("49º13′02″", 49.217222), ("49 13 02 N", 49.217222),
            ("30°31'24.1\"E", 30.523361), ("30° 31,5' OL", 30.525), ("52° 5' N.B.", 52.083333), ("5 WL", -5),
            ("49d13m02sN", 49.217222), ("49deg 13min 2sec S", -49.217222), ("33°55′12″S", -33.92),
            ("-49 13 2", -49.217222),
            ("49 13 02 пн. ш.", 49.217222), ("38° 24’ 0\" сх. д.", 38.4), ("N49.123", 49.123), ("30.5° W", -30.5),
            ("N 49° 0’ 59\"", 49.016389), ("N 9° 9’ 8\"", 9.152222),
        ],
    )  # fmt: skip
    def test_what_is_an_angle(self, text, degrees):
        assert coordinates.angle(text).degrees == pytest.approx(degrees, abs=1e-6)

    @pytest.mark.parametrize(
        "text",
        ["", "n/a", "nan", "inf", "49°61'", "49° 13' 60\"", "1,2,3,4", "12-13", "50.5 30", "N 5 E", "°", "5" * 200],
    )
    def test_what_is_none(self, text):
        with pytest.raises(Unreadable):
            coordinates.angle(text)

    @given(st.integers(0, 89), st.integers(0, 59), st.integers(0, 59), st.sampled_from("NSEW"), st.booleans())
    def test_degrees_minutes_and_seconds_are_read_as_they_were_written(self, degree, minute, second, way, before):
        numbers = f"{degree}°{minute}'{second}\""
        found = coordinates.angle(f"{way} {numbers}" if before else f"{numbers} {way}")
        expected = (degree * 3600 + minute * 60 + second) / 3600
        assert found.degrees == pytest.approx(-expected if way in "SW" else expected)
        assert found.axis == ("lat" if way in "NS" else "lon")

    def test_letters_say_which_is_which_also_in_the_wrong_columns(self):
        assert coordinates.pair("30 E", "50 N") == (30, 50)
        with pytest.raises(Unreadable):
            coordinates.pair("50 N", "30 N")

    def test_a_coordinate_that_lost_its_seconds_is_refused(self):
        with pytest.raises(Unreadable, match="no seconds"):
            coordinates.pair('N 48° 57’ 40"', "E 38° 24’")

    @given(st.text(max_size=40))
    def test_any_text_is_an_angle_or_is_refused(self, text):
        for read in (coordinates.angle, coordinates.pair_in_one):
            with contextlib.suppress(Unreadable):
                read(text)


def one(text: str, order: str = "", clock: str = "", **options) -> days.Days:
    return days.read([(1, text, clock)], KYIV, order=order, **options)


class TestDates:
    @pytest.mark.parametrize(
        ("text", "written", "precision"),
        [
            ("2022-04-06", "2022-04-06 12:00", "day"), ("2022/4/6", "2022-04-06 12:00", "day"),
            ("20220406", "2022-04-06 12:00", "day"), ("06.04.2022", "2022-04-06 12:00", "day"),
            ("25-04-2022", "2022-04-25 12:00", "day"), ("4/25/2022", "2022-04-25 12:00", "day"),
            ("25/4/22", "2022-04-25 12:00", "day"), ("05/05/2022", "2022-05-05 12:00", "day"),
            ("4/25/2022 12:00:00 AM", "2022-04-25 12:00", "day"), ("4/25/2022 1:05 PM", "2022-04-25 13:05", "exact"),
            ("2022-04-06 18:05", "2022-04-06 18:05", "exact"), ("2022-04-06T18:05:00Z", "2022-04-06 21:05", "exact"),
            ("6 april 2022", "2022-04-06 12:00", "day"), ("April 6, 2022", "2022-04-06 12:00", "day"),
            ("6 квітня 2022", "2022-04-06 12:00", "day"), ("2022-04", "2022-04-01 12:00", "month"),
        ],
    )  # fmt: skip
    def test_what_is_a_date(self, text, written, precision):
        day = one(text).read[1]
        assert (f"{day.moment.astimezone(KYIV):%Y-%m-%d %H:%M}", day.precision) == (written, precision)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "gisteren",
            "31-02-2022",
            "2022-13-01",
            "32/01/2022",
            "2022",
            "0000-00-00",
            "0001-01-01",
            "9999-12-31",
            "13/13/2022",
        ],
    )
    def test_what_is_none(self, text):
        assert set(one(text).wrong) == {1}

    def test_two_readings_are_ambiguous_until_somebody_says_or_another_row_shows(self):
        assert one("05/04/2022").ambiguous == (1,)
        assert set(one("05/04/2022").orders) == {"day_first", "month_first"}
        assert one("05/04/2022", "day_first").read[1].moment.month == 4
        assert one("05/04/2022", "month_first").read[1].moment.month == 5
        shown = days.read([(1, "05/04/2022", ""), (2, "25/04/2022", "")], KYIV)
        assert (shown.ambiguous, shown.read[1].moment.month) == ((), 4)

    def test_rows_that_contradict_each_other_show_nothing(self):
        column = [(1, "05/04/2022", ""), (2, "25/04/2022", ""), (3, "04/25/2022", "")]
        assert days.read(column, KYIV).ambiguous == (1,)

    def test_another_form_shows_nothing_of_this_one(self):
        column = [(1, "05/04/2022 00:00", ""), (2, "4/25/2022 12:00:00 AM", "")]
        assert days.read(column, KYIV).ambiguous == (1,)

    def test_a_time_of_day_in_its_own_column(self):
        assert one("2022-04-06", clock="18:05").read[1].moment == datetime(2022, 4, 6, 18, 5, tzinfo=KYIV)
        assert one("2022-04-06", clock="106", clock_zone=UTC).read[1].moment == datetime(2022, 4, 6, 1, 6, tzinfo=UTC)
        assert days.is_utc("acq_time")
        assert not days.is_utc("tijd")

    def test_a_time_of_day_that_is_none(self):
        assert set(one("2022-04-06", clock="9999").wrong) == {1}
        assert one("2022-04-06", clock="avond").read[1].precision == "day"

    @given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=6)), max_size=5))
    def test_any_text_is_a_date_or_is_told(self, column):
        found = days.read([(number, *row) for number, row in enumerate(column)], KYIV)
        assert sorted([*found.read, *found.ambiguous, *found.wrong]) == list(range(len(column)))

    @given(
        st.dates(date(1900, 1, 1), date(2999, 12, 31)),
        st.sampled_from(["%d-%m-%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d"]),
    )
    def test_a_date_is_read_right_or_told_to_be_ambiguous(self, day, form):
        found = one(day.strftime(form))
        assert found.ambiguous == (1,) or found.read[1].moment.date() == day


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_a_table_or_is_refused(text):
    with contextlib.suppress(Unreadable):
        list(tables.read(tables.Text(text, "UTF-8")).records)
