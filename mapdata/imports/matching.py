"""Which column means which field: guessed by their names, and always for somebody to overrule. Pure."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings

from mapdata.imports.files.tables import fold

# By kind and field, headings as `fold` writes them, the surest first; English, Dutch, Ukrainian, Russian. A field of
# texts stands here once, with the headings that say no language: those are taken for the first content language.
HEADINGS: dict[str, dict[str, str]] = {
    "control": {
        "field": "status control controlstatus controlledby controller holder heldby occupiedby occupied owner actor "
        "side party partij zone state type typenaam class category legend layer fill styleurl name naam",
    },
    "regions": {
        "code": "iso31662 iso code hasc codehasc regioncode adm1pcode pcode katottg koatuu shapeiso id",
        "name": "name nameenglish shapename adm1name adm1nl oblast",
        "kind": "type kind soort typenl engtype вид",
    },
    "places": {
        "code": "code geonameid geonamesid geonames uid gppdidnr katottg koatuu id реєстраційнийномер",
        "name": "name place city town settlement унормовананазвалатиницею title unnamed nameen asciiname назва "
        "унормовананазва",
        "kind": "kind soort type featurecode featureclass видгеографічногообєкту вид primaryfuel place",
        "population": "population inwoners inwonertal pop населення bevolking",
        "region": "oblastiso iso31662 region regio regioncode oblast",
    },
    "events": {
        "code": "id eventid entry dataid uid",
        "title": "title headline name naam label назва заголовок eventtitle",
        "text": "description desc notes summary sourceheadline cmt text opmerking опис",
        "place": "place location towncity city town settlement wherecoordinates locatie місце",
        "type": "type category eventtype soort categorie eventgroup typeofviolence incidenttype areatypes тип",
        "sub_type": "subtype subeventtype subcategory munition armsmunition weaponsystems",
        # Moments before days: a file that has both says more in the first.
        "happened_at": "happenedat startedat starttime datetime timestamp eventdate date datum startdate datestart "
        "acqdate time begin when дата day dag",
        "time": "timeutc acqtime time tijd tijdstip hour час",
        "location_precision": "locationprecision geoprecision coordprecision precisie whereprec",
        "casualties_best": "casualtiesbest fatalities deaths best doden killed",
        "casualties_low": "casualtieslow low",
        "casualties_high": "casualtieshigh high",
        "source_url": "sourceurl sourceurls source url link links bron bronurl href geolocation",
        "verification": "verification verified geverifieerd",
        "graphic": "graphic schokkend",
    },
}
# Of texts, the headings that say their language too; `name_ar` and the like are always known.
IN_A_LANGUAGE: dict[str, dict[str, dict[str, str]]] = {
    "regions": {
        "name": {
            "nl": "namenl naamnl naam",
            "en": "nameen nameenglish nameeng adm1en name",
            "uk": "nameuk nameua nazva назва nameukrainian adm1ua adm1uk",
        }
    },
    "places": {
        "name": {
            "nl": "namenl naamnl naam plaats plaatsnaam",
            "en": "nameen nameenglish asciiname name",
            "uk": "nameuk nameua унормовананазва назва nazva",
        }
    },
    "events": {
        "title": {
            "nl": "titlenl titelnl titel kop koptekst",
            "en": "titleen englishtitle title headline",
            "uk": "titleuk titleua",
        },
        "text": {"nl": "textnl tekst omschrijving beschrijving", "en": "texten descriptionen"},
        "place": {"nl": "placenl plaatsnl plaats plaatsnaam", "en": "placeen place location"},
    },
}


def in_languages(field: str) -> dict[str, str]:
    """The names of a field of texts in each content language: {"name_nl": "nl", "name_en": "en"}."""
    return {f"{field}_{language}": language for language in settings.CONTENT_LANGUAGES}


def headings(kind: str) -> dict[str, str]:
    """By field of a kind the headings that mean it, the surest first; a field of texts is one in each language."""
    found: dict[str, str] = {}
    for field, words in HEADINGS[kind].items():
        if field not in IN_A_LANGUAGE.get(kind, {}):
            found[field] = words
            continue
        known = IN_A_LANGUAGE[kind][field]
        for name, language in in_languages(field).items():
            own = known.get(language, fold(name))
            found[name] = f"{own} {words}" if language == settings.CONTENT_LANGUAGES[0] else own
    return found


def text_and_language(kind: str, name: str) -> tuple[str, str]:
    """("name", "nl") of "name_nl", for a field of texts; of others their name and ""."""
    field, _, language = name.rpartition("_")
    return (field, language) if field in IN_A_LANGUAGE.get(kind, {}) else (name, "")


def named(field: str, match: Mapping[str, str]) -> bool:
    """Whether some column has this text, in whatever language."""
    return bool(columns_of(field, match))


def columns_of(field: str, match: Mapping[str, str]) -> list[tuple[str, str]]:
    """The columns that have a text, each with its language before it."""
    return [(language, match[name]) for name, language in in_languages(field).items() if match.get(name)]


def texts(field: str, said: Mapping[str, str]) -> dict[str, str]:
    """By language what a row says of a field, in the first of them at least (`filled`)."""
    return filled({language: said[name] for name, language in in_languages(field).items() if said.get(name)})


def filled(found: dict[str, str]) -> dict[str, str]:
    """Texts by language: what another language says stands in for the first."""
    return {settings.CONTENT_LANGUAGES[0]: next(iter(found.values()))} | found if found else found


def guess(
    kind: str,
    names: Iterable[str],
    said: Mapping[str, str],
    fits: Callable[[str, str], bool] = lambda field, name: True,
) -> dict[str, str]:
    """The column of each field that has one; what was `said` (an empty text for none) comes first.

    `fits(field, column)` may say that a column cannot be meant, by what is in it.

    Each column is guessed for one field only, but may also be one that somebody named for another.
    """
    names = list(names)
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(fold(name), name)
    matching = {name: column for name, column in said.items() if column}
    used: set[str] = set()
    known = headings(kind)
    for field, words in known.items():
        if field in said:
            continue
        possible = (folded[word] for word in words.split() if word in folded)
        found = next((name for name in possible if name not in used and fits(field, name)), None)
        if found:
            matching[field] = found
            used.add(found)
    return {name: matching[name] for name in (*known, *said) if name in matching}
