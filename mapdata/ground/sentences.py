"""What changed on the ground, in sentences, in Dutch and English. Pure: changes and names in, words out.

A sentence says who did what to how much ground, and where: "Oekraïne herovert 1.230 km² in de oblast Kyiv". Flows that
say the same of the same party are one sentence. What is only another way to hold the same ground is not told, nor is
what is under a km².
These are texts for readers in two languages at once, so they do not go through gettext.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from mapdata.ground.changes import Change, Claim, Flow, Side

# Names by key, in the language of the sentence: {"oekraine": "Oekraïne"}.
Names = Mapping[str, str]

LEAST_KM2 = 1
# A region is named when it has this part of the ground; what is named is "mainly" there unless it is nearly all.
WORTH_NAMING = 0.1
NEARLY_ALL = 0.95
MOST_REGIONS = 4

# By verb and language; {who} is a party, {other} who claims, {km2} how much, {where} begins with a space or is empty.
SENTENCES = {
    "takes": {"nl": "{who} verovert {km2}{where}", "en": "{who} captures {km2}{where}"},
    "retakes": {"nl": "{who} herovert {km2}{where}", "en": "{who} retakes {km2}{where}"},
    "secures": {"nl": "{who} krijgt {km2}{where} vast in handen", "en": "{who} gains firm control of {km2}{where}"},
    "advances": {"nl": "{who} rukt op over {km2}{where}", "en": "{who} advances across {km2}{where}"},
    "infiltrates": {"nl": "{who} infiltreert in {km2}{where}", "en": "{who} infiltrates {km2}{where}"},
    "loses": {"nl": "{who} verliest {km2}{where}", "en": "{who} loses {km2}{where}"},
    "leaves": {"nl": "{who} is weg uit {km2}{where}", "en": "{who} is gone from {km2}{where}"},
    "contested": {"nl": "Omstreden wordt {km2}{where}", "en": "{km2}{where} becomes contested"},
    "uncontested": {"nl": "Niet langer omstreden is {km2}{where}", "en": "{km2}{where} is no longer contested"},
    "unknown": {"nl": "Onbekend is wie {km2}{where} in handen heeft", "en": "It is not known who holds {km2}{where}"},
    "claims": {
        "nl": "{who} claimt {km2}{where}; dat is niet bevestigd",
        "en": "{who} claims {km2}{where}; this is not confirmed",
    },
    "attributes": {
        "nl": "Volgens {other} heeft {who} {km2}{where} in handen; dat is niet bevestigd",
        "en": "According to {other}, {who} holds {km2}{where}; this is not confirmed",
    },
    "corrected": {
        "nl": "Gecorrigeerd: {km2}{where} is {after}, niet {before}",
        "en": "Corrected: {km2}{where} is {after}, not {before}",
    },
}
SIDES = {
    "controlled": {"nl": "in handen van {who}", "en": "held by {who}"},
    "liberated": {"nl": "heroverd door {who}", "en": "retaken by {who}"},
    "advance": {"nl": "gebied waar {who} oprukt", "en": "ground across which {who} advances"},
    "infiltration": {"nl": "gebied waar {who} infiltreert", "en": "ground that {who} infiltrates"},
    "contested": {"nl": "omstreden", "en": "contested"},
    "unknown": {"nl": "van onbekende status", "en": "of unknown status"},
    "": {"nl": "van geen van de partijen op deze kaart", "en": "held by no party on this map"},
}
AND = {"nl": "en", "en": "and"}
MAINLY = {"nl": ", vooral", "en": ", mainly"}
# Verbs that say nothing of a party.
IMPERSONAL = {"contested", "uncontested", "unknown"}
FIRM = {"controlled", "liberated"}


class Fact(NamedTuple):
    """One thing to say: km² in all and by region code; `party` is "" for what is said of the ground alone."""

    verb: str
    party: str
    km2: float
    regions: Mapping[str, float]
    other: str = ""


def verb_of(flow: Flow, retaken: bool) -> str:
    """What happened to the ground of a flow; "" where there is nothing to tell. `retaken`: the party had it before."""
    before, after = flow.before, flow.after
    if after is None:
        lost = {"controlled": "loses", "contested": "uncontested", "advance": "leaves", "infiltration": "leaves"}
        return lost.get(before.status, "") if before else ""
    own = before is not None and before.party == after.party
    if after.status in {"contested", "unknown"}:
        return "" if before and before.status == after.status else after.status
    if own and before and before.status in FIRM:
        return ""
    if after.status == "liberated" or (after.status == "controlled" and not own):
        return "retakes" if retaken or after.status == "liberated" else "takes"
    return {"controlled": "secures", "advance": "advances", "infiltration": "infiltrates"}[after.status]


def facts(
    change: Change, claims: Iterable[Claim] = (), retaken: Collection[tuple[Side | None, Side | None]] = ()
) -> tuple[Fact, ...]:
    """What there is to tell, the most ground first, what is only claimed last. `retaken` are flows by their sides."""
    told: dict[tuple[str, str, str], tuple[float, dict[str, float]]] = {}

    def tell(key: tuple[str, str, str], km2: float, regions: Mapping[str, float]) -> None:
        before, places = told.get(key, (0.0, {}))
        added = {code: places.get(code, 0.0) + regions.get(code, 0.0) for code in {**places, **regions}}
        told[key] = before + km2, added

    for flow in change.flows:
        if verb := verb_of(flow, (flow.before, flow.after) in retaken):
            side = flow.after or flow.before
            who = side.party if side and verb not in IMPERSONAL else ""
            tell((verb, who, ""), flow.km2, flow.regions)
    for claim in claims:
        key = ("claims", claim.party, "") if claim.claimed_by == claim.party else None
        tell(key or ("attributes", claim.party, claim.claimed_by), claim.km2, claim.regions)
    found = [Fact(verb, party, km2, places, other) for (verb, party, other), (km2, places) in told.items()]
    worth = [fact for fact in found if fact.km2 >= LEAST_KM2]
    return tuple(sorted(worth, key=lambda fact: (fact.verb in {"claims", "attributes"}, -fact.km2)))


def sentence(fact: Fact, parties: Names, regions: Names, language: str) -> str:
    """The fact in a language ("nl" or "en"), without a full stop."""
    return _filled(
        SENTENCES[fact.verb][language],
        who=_name(parties, fact.party),
        other=_name(parties, fact.other),
        km2=amount(fact.km2, language),
        where=where(fact.regions, fact.km2, regions, language),
    )


def correction(flow: Flow, parties: Names, regions: Names, language: str) -> str:
    """What a correction says of ground that was shown otherwise; "" where readers see no difference."""
    before, after = _side(flow.before, parties, language), _side(flow.after, parties, language)
    if before == after or flow.km2 < LEAST_KM2:
        return ""
    return _filled(
        SENTENCES["corrected"][language],
        km2=amount(flow.km2, language),
        where=where(flow.regions, flow.km2, regions, language),
        before=before,
        after=after,
    )


def note(sentences: Sequence[str]) -> str:
    """Sentences as a text."""
    return " ".join(f"{one}." for one in sentences)


def amount(km2: float, language: str) -> str:
    """Rounded to three figures and whole km², written as the language writes numbers: 1.230 km², 12,300 km²."""
    whole = int(float(f"{km2:.3g}")) if km2 >= 100 else round(km2)
    text = f"{whole:,}"
    return f"{text.replace(',', '.') if language == 'nl' else text} km²"


def where(places: Mapping[str, float], km2: float, regions: Names, language: str) -> str:
    """ " in de oblasten Kyiv en Sumy", with a space before it; "" where it lies in no region that is known."""
    named = {code: part for code, part in places.items() if code in regions and part >= WORTH_NAMING * km2}
    codes = sorted(named, key=lambda code: -named[code])[:MOST_REGIONS]
    if not codes:
        return ""
    mainly = "" if sum(named[code] for code in codes) >= NEARLY_ALL * km2 else MAINLY[language]
    return f"{mainly} {_list(_phrases(codes, regions, language), language)}"


def _filled(template: str, where: str, **words: str) -> str:
    """What is set off by a comma has another behind it, unless the sentence or its part ends there."""
    comma = "," if where.startswith(",") and "{where} " in template else ""
    return template.format(where=where + comma, **words)


def _phrases(codes: Sequence[str], regions: Names, language: str) -> list[str]:
    """The regions with their prepositions; oblasts together, in the place of the first."""
    phrases: list[str] = []
    oblasts: list[str] = []
    place = len(codes)
    for code in codes:
        oblast, phrase = _region(code, _name(regions, code), language)
        if oblast:
            place = min(place, len(phrases))
            oblasts.append(oblast)
        else:
            phrases.append(phrase)
    if oblasts:
        phrases.insert(place, _oblasts(oblasts, language))
    return phrases


def _oblasts(names: Sequence[str], language: str) -> str:
    many = len(names) > 1
    if language == "nl":
        return f"in de {'oblasten' if many else 'oblast'} {_list(names, language)}"
    return f"in {_list(names, language)} {'oblasts' if many else 'Oblast'}"


def _region(code: str, name: str, language: str) -> tuple[str, str]:
    """(the bare name, "") of an oblast of Ukraine (ISO 3166-2), or ("", preposition and name) of anything else."""
    low = name.lower()
    if language == "nl":
        if low.endswith(" (stad)"):
            return "", f"in de stad {name[:-7]}"
        if low in {"krim", "de krim"}:
            return "", "op de Krim"
        bare = name[7:] if low.startswith("oblast ") else name
    else:
        if low.endswith(" (city)"):
            return "", f"in the city of {name[:-7]}"
        if low.endswith("crimea"):
            return "", "in Crimea"
        bare = name[:-7] if low.endswith(" oblast") else name
    return (bare, "") if code.startswith("UA-") or bare != name else ("", f"in {name}")


def _side(side: Side | None, parties: Names, language: str) -> str:
    words = SIDES[side.status if side else ""][language]
    return words.format(who=_name(parties, side.party) if side else "")


def _name(names: Names, key: str) -> str:
    return names.get(key) or key


def _list(words: Sequence[str], language: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {AND[language]} {words[-1]}"
