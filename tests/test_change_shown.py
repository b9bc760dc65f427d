"""One presenter says a change to readers, to who imports and to who approves an edition."""

import pytest

from mapdata.ground.changes import Change, Claim, Flow, Side
from mapdata.reading.change import MOST_REGIONS, ShownChange, in_km2

PARTIES = {
    "rusland": {"name": {"nl": "Rusland", "en": "Russia"}, "colour": "red"},
    "oekraine": {"name": {"nl": "Oekraïne", "en": "Ukraine"}, "colour": "blue"},
}
REGIONS = {f"UA-{number}": {"nl": f"Regio {number}"} for number in range(20)}
HELD = Side("rusland", "controlled")
FREED = Side("oekraine", "liberated")
FLOWS = (
    Flow(HELD, FREED, 1234.5, {f"UA-{number}": 60.0 for number in range(20)}),
    Flow(HELD, None, 5.25, {"XX": 5.25}),
    Flow(None, HELD, 0.4, {}),
)


@pytest.fixture
def dutch(settings):
    settings.LANGUAGE_CODE = "nl"


def shown(**options) -> ShownChange:
    return ShownChange(Change(FLOWS), PARTIES, REGIONS, **options)


def test_for_readers_it_is_whole_km2_and_what_is_at_least_one(dutch):
    rows = shown().flows
    assert [row.km2 for row in rows] == ["1.234", "5"]
    assert (rows[0].before, rows[0].after) == ("Rusland (in handen)", "Oekraïne (heroverd)")
    assert rows[1].after == "aan niemand toegekend"


def test_km2_are_rounded_and_not_cut_off(dutch):
    assert [in_km2(value) for value in (116_581.7, -116_581.7, 5.259, 0.019)] == ["116.582", "-116.582", "5,26", "0,02"]


def test_who_approves_it_sees_all_of_it(dutch):
    rows = shown(exact=True).flows
    assert [row.km2 for row in rows] == ["1.234", "5,25", "0,40"]


def test_readers_are_told_the_first_regions_only(dutch):
    assert len(shown().flows[0].where.split(", ")) == MOST_REGIONS
    assert len(shown(exact=True).flows[0].where.split(", ")) == 20
    assert shown().flows[1].where == "elders 5"


def test_gains_and_losses_are_bars_and_a_balance(dutch):
    assert [(bar.party, bar.gained, bar.km2) for bar in shown().bars] == [
        ("Rusland", False, 1240),
        ("Oekraïne", True, 1234),
    ]
    everywhere = shown().balance[0]
    assert [(line.party, line.gained, line.lost, line.sign, line.size) for line in everywhere.lines] == [
        ("Rusland", 0, 1240, "−", 1239),
        ("Oekraïne", 1234, 0, "+", 1234),
    ]


def test_a_claim_is_a_row_of_its_own_and_changes_nothing(dutch):
    claimed = ShownChange(Change(), PARTIES, REGIONS, claimed=[Claim("rusland", "rusland", 12.0, {})])
    assert claimed.claims == [("Rusland", "Rusland", "12")]
    assert (claimed.flows, claimed.bars, claimed.balance) == ([], [], [])
