"""What somebody wrote is not calculated by whoever opens a file of it, and is still what they wrote when it is read."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shapely import Point

from mapdata.exports import FORMATS
from mapdata.exports.cells import as_written, harmless
from mapdata.exports.tables import REAL, Column, Row, Table

CALCULATED = ["=HYPERLINK(A1)", "+31 6", "-5 graden", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "''-"]


@pytest.mark.parametrize("text", CALCULATED)
def test_text_that_would_be_calculated_is_marked_as_text(text):
    assert harmless(text) == "'" + text
    assert as_written(harmless(text)) == text


@pytest.mark.parametrize("text", ["", "Kyiv", "'s Ochtends", "2 - 1 = 1", "’t Zand"])
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text
    assert as_written(text) == text


@given(st.text(alphabet="'=+-@\t\r\nab1") | st.text())
@example("'")
def test_all_text_is_read_as_it_was_written(text):
    assert as_written(harmless(text)) == text
    assert harmless(text)[:1] not in set("=+-@\t\r\n")


def test_a_file_has_marked_text_and_numbers_that_are_numbers():
    columns = [Column("name"), Column("lon", REAL), Column("lat", REAL), Column("casualties", REAL)]
    rows = [Row("x", (text, -70.5, -33.25, -1), Point(-70.5, -33.25)) for text in CALCULATED]
    data = FORMATS["csv"].write(Table("t", "t", "Point", columns, rows, datetime(2022, 4, 6, tzinfo=UTC)))
    back = list(csv.DictReader(StringIO(data.decode(), newline="")))
    assert [row["name"] for row in back] == ["'" + text for text in CALCULATED]
    assert {(row["lon"], row["lat"], row["casualties"]) for row in back} == {("-70.5", "-33.25", "-1")}
