"""What changed, in sentences: the verb, the number and the place, in Dutch and in English."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapdata.ground.areas import STATUSES
from mapdata.ground.changes import Change, Claim, Flow, Side
from mapdata.ground.sentences import SENTENCES, SIDES, amount, correction, facts, note, sentence, verb_of, where
from newsroom.texts.languages import in_language

PARTIES = {
    "rusland": {"nl": "Rusland", "en": "Russia"},
    "oekraine": {"nl": "Oekraïne", "en": "Ukraine"},
    "wagner": {"nl": "Wagner"},
}
REGIONS = {
    "UA-32": {"nl": "Kyiv", "en": "Kyiv Oblast"},
    "UA-30": {"nl": "Kyiv (stad)", "en": "Kyiv (city)"},
    "UA-59": {"nl": "Sumy", "en": "Sumy Oblast"},
    "UA-74": {"nl": "Oblast Chernihiv", "en": "Chernihiv Oblast"},
    "UA-43": {"nl": "Krim", "en": "Autonomous Republic of Crimea"},
    "RU-KRS": {"nl": "Koersk", "en": "Kursk Oblast"},
    "MD-SN": {"nl": "Transnistrië", "en": "Transnistria"},
}
RED, BLUE = Side("rusland", "controlled"), Side("oekraine", "controlled")


def names(language: str) -> list[dict[str, str]]:
    """Of the parties and the regions."""
    return [{key: in_language(name, language) for key, name in them.items()} for them in (PARTIES, REGIONS)]


def side(party: str, status: str = "controlled") -> Side:
    return Side(party, status)


def flow(before, after, km2=1234.0, **regions) -> Flow:
    return Flow(before, after, km2, {code.replace("_", "-"): part for code, part in regions.items()})


def said(change, language="nl", claims=(), retaken=()) -> list[str]:
    return [sentence(fact, *names(language), language) for fact in facts(change, claims, retaken)]


def test_the_example_of_every_day():
    taken = flow(RED, side("oekraine", "liberated"), 1234.0, UA_32=1234.0)
    assert said(Change((taken,))) == ["Oekraïne herovert 1.230 km² in de oblast Kyiv"]
    assert said(Change((taken,)), "en") == ["Ukraine retakes 1,230 km² in Kyiv Oblast"]


@pytest.mark.parametrize(
    ("before", "after", "retaken", "verb"),
    [
        (None, RED, False, "takes"),
        (BLUE, RED, False, "takes"),
        (RED, BLUE, True, "retakes"),
        (RED, BLUE, False, "takes"),
        (RED, side("oekraine", "liberated"), False, "retakes"),
        (side("oekraine", "contested"), side("oekraine", "liberated"), False, "retakes"),
        (side("rusland", "contested"), RED, False, "secures"),
        (side("rusland", "advance"), RED, False, "secures"),
        (side("oekraine", "contested"), RED, False, "takes"),
        (None, side("rusland", "advance"), False, "advances"),
        (side("rusland", "contested"), side("rusland", "advance"), False, "advances"),
        (BLUE, side("rusland", "infiltration"), False, "infiltrates"),
        (RED, None, False, "loses"),
        (side("rusland", "advance"), None, False, "leaves"),
        (side("rusland", "contested"), None, False, "uncontested"),
        (RED, side("rusland", "contested"), False, "contested"),
        (RED, side("oekraine", "unknown"), False, "unknown"),
        # Only another way to hold, or to draw, the same ground.
        (side("oekraine", "liberated"), BLUE, True, ""),
        (side("oekraine", "liberated"), None, False, ""),
        (RED, side("rusland", "advance"), False, ""),
        (side("rusland", "contested"), side("oekraine", "contested"), False, ""),
    ],
)
def test_the_verb_says_who_did_what(before, after, retaken, verb):
    assert verb_of(flow(before, after), retaken) == verb


def test_it_takes_a_flow_apart_from_one_that_was_its_own():
    change = Change((flow(RED, BLUE, 50.0), flow(side("wagner"), BLUE, 20.0)))
    assert said(change, retaken={(RED, BLUE)}) == ["Oekraïne herovert 50 km²", "Oekraïne verovert 20 km²"]


def test_flows_that_say_the_same_are_one_sentence():
    change = Change((flow(RED, None, 600.4, UA_32=600.4), flow(RED, None, 399.0, UA_59=399.0)))
    assert said(change) == ["Rusland verliest 999 km² in de oblasten Kyiv en Sumy"]


def test_whose_ground_is_contested_is_not_said():
    change = Change((flow(RED, side("rusland", "contested"), 30.0), flow(BLUE, side("oekraine", "contested"), 12.0)))
    assert said(change) == ["Omstreden wordt 42 km²"]
    assert said(change, "en") == ["42 km² becomes contested"]


def test_what_is_mainly_somewhere_stands_between_commas():
    change = Change((flow(side("rusland", "contested"), RED, 100.0, UA_32=60.0), flow(RED, None, 50.0, UA_32=30.0)))
    assert said(change) == [
        "Rusland krijgt 100 km², vooral in de oblast Kyiv, vast in handen",
        "Rusland verliest 50 km², vooral in de oblast Kyiv",
    ]


def test_claims_come_last_and_are_told_as_claims():
    change = Change((flow(None, RED, 5.0),))
    claims = [Claim("rusland", "rusland", 900.0, {"UA-59": 900.0}), Claim("oekraine", "rusland", 40.0, {})]
    assert said(change, claims=claims) == [
        "Rusland verovert 5 km²",
        "Rusland claimt 900 km² in de oblast Sumy; dat is niet bevestigd",
        "Volgens Oekraïne heeft Rusland 40 km² in handen; dat is niet bevestigd",
    ]


def test_less_than_a_square_kilometre_is_not_told():
    assert said(Change((flow(None, RED, 0.9),)), claims=[Claim("rusland", "rusland", 0.5, {})]) == []
    assert note([]) == ""


@pytest.mark.parametrize(
    ("km2", "dutch", "english"),
    [
        (1.4, "1 km²", "1 km²"),
        (12.5, "12 km²", "12 km²"),
        (486.6, "487 km²", "487 km²"),
        (999.7, "1.000 km²", "1,000 km²"),
        (1234.5, "1.230 km²", "1,230 km²"),
        (36249.0, "36.200 km²", "36,200 km²"),
        (1234567.0, "1.230.000 km²", "1,230,000 km²"),
    ],
)
def test_numbers_are_rounded_and_written_as_the_language_does(km2, dutch, english):
    assert amount(km2, "nl") == dutch
    assert amount(km2, "en") == english


@pytest.mark.parametrize(
    ("places", "dutch", "english"),
    [
        ({"UA-32": 100}, " in de oblast Kyiv", " in Kyiv Oblast"),
        ({"UA-30": 100}, " in de stad Kyiv", " in the city of Kyiv"),
        ({"UA-43": 100}, " op de Krim", " in Crimea"),
        ({"UA-74": 100}, " in de oblast Chernihiv", " in Chernihiv Oblast"),
        ({"MD-SN": 100}, " in Transnistrië", " in Transnistria"),
        (
            {"UA-32": 50, "UA-74": 30, "UA-59": 20},
            " in de oblasten Kyiv, Chernihiv en Sumy",
            " in Kyiv, Chernihiv and Sumy oblasts",
        ),
        (
            {"UA-30": 60, "UA-32": 40},
            " in de stad Kyiv en in de oblast Kyiv",
            " in the city of Kyiv and in Kyiv Oblast",
        ),
        ({"UA-32": 80, "UA-59": 9}, ", vooral in de oblast Kyiv", ", mainly in Kyiv Oblast"),
        ({"UA-32": 60}, ", vooral in de oblast Kyiv", ", mainly in Kyiv Oblast"),
        ({"XX-1": 100}, "", ""),
        ({}, "", ""),
    ],
)
def test_places_have_the_right_preposition(places, dutch, english):
    assert where(places, 100, names("nl")[1], "nl") == dutch
    assert where(places, 100, names("en")[1], "en") == english


def test_a_correction_says_what_it_was_and_what_it_is():
    changed = flow(RED, side("oekraine", "liberated"), 120.0, UA_32=120.0)
    assert correction(changed, *names("nl"), "nl") == (
        "Gecorrigeerd: 120 km² in de oblast Kyiv is heroverd door Oekraïne, niet in handen van Rusland"
    )
    assert correction(changed, *names("en"), "en") == (
        "Corrected: 120 km² in Kyiv Oblast is retaken by Ukraine, not held by Russia"
    )
    assert "van geen van de partijen" in correction(flow(RED, None), *names("nl"), "nl")
    assert correction(flow(side("rusland", "contested"), side("oekraine", "contested")), *names("nl"), "nl") == ""


def test_a_name_that_is_not_translated_is_dutch_and_one_that_is_not_known_its_key():
    assert said(Change((flow(None, side("wagner"), 3.0),)), "en") == ["Wagner captures 3 km²"]
    assert said(Change((flow(None, side("nobody-knows"), 3.0),))) == ["nobody-knows verovert 3 km²"]


sides = st.none() | st.builds(Side, st.sampled_from(["rusland", "oekraine"]), st.sampled_from(STATUSES))
flows = st.builds(
    Flow,
    sides,
    sides,
    st.floats(0.01, 1e6),
    st.dictionaries(st.sampled_from(list(REGIONS)), st.floats(0.01, 1e6), max_size=3),
).filter(lambda one: one.before != one.after)


@given(st.lists(flows, max_size=8), st.sampled_from(["nl", "en"]))
def test_whatever_changed_can_be_told_in_whole_sentences(changed, language):
    found = facts(Change(tuple(changed)))
    told = {(fact.verb, fact.party) for fact in found}
    assert len(told) == len(found)
    for fact in found:
        words = sentence(fact, *names(language), language)
        assert re.search(r"\b\d[\d.,]* km²", words)
        assert not re.search(r"[{}]|  |\.$", words)
    # Nothing is told twice, and what is told has happened: by party no more than it gained or lost in all.
    assert sum(fact.km2 for fact in found) <= sum(one.km2 for one in changed) * (1 + 1e-9)
    for one in changed:
        words = correction(one, *names(language), language)
        assert "{" not in words


def test_every_verb_and_status_has_both_languages():
    assert all(set(words) == {"nl", "en"} for words in [*SENTENCES.values(), *SIDES.values()])
    assert set(SIDES) == {*STATUSES, ""}
