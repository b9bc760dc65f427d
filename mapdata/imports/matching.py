"""Which column means which field: guessed by their names, and always for somebody to overrule. Pure."""

from collections.abc import Callable, Iterable, Mapping

from mapdata.imports.files.tables import fold

# By kind and field, headings as `fold` writes them, the surest first; English, Dutch, Ukrainian, Russian.
HEADINGS: dict[str, dict[str, str]] = {
    "control": {
        "field": "status control controlstatus controlledby controller holder heldby occupiedby occupied owner actor "
        "side party partij zone state type typenaam class category legend layer fill styleurl name naam",
    },
    "regions": {
        "code": "iso31662 iso code hasc codehasc regioncode adm1pcode pcode katottg koatuu shapeiso id",
        "name_nl": "namenl naamnl naam name nameenglish shapename adm1name adm1nl oblast",
        "name_en": "nameen nameenglish nameeng adm1en name",
        "name_uk": "nameuk nameua nazva назва nameukrainian adm1ua adm1uk",
        "kind": "type kind soort typenl engtype вид",
    },
    "places": {
        "code": "code geonameid geonamesid geonames uid gppdidnr katottg koatuu id реєстраційнийномер",
        "name_nl": "namenl naamnl naam plaats plaatsnaam name place city town settlement "
        "унормовананазвалатиницею title unnamed nameen asciiname назва унормовананазва",
        "name_en": "nameen nameenglish asciiname name",
        "name_uk": "nameuk nameua унормовананазва назва nazva",
        "kind": "kind soort type featurecode featureclass видгеографічногообєкту вид primaryfuel place",
        "population": "population inwoners inwonertal pop населення bevolking",
        "region": "oblastiso iso31662 region regio regioncode oblast",
    },
    "events": {
        "code": "id eventid entry dataid uid",
        "title_nl": "titlenl titelnl titel kop koptekst title headline name naam label назва заголовок eventtitle",
        "title_en": "titleen englishtitle title headline",
        "title_uk": "titleuk titleua",
        "text_nl": "textnl tekst omschrijving beschrijving description desc notes summary sourceheadline cmt text "
        "opmerking опис",
        "text_en": "texten descriptionen",
        "place_nl": "placenl plaatsnl plaats plaatsnaam place location towncity city town settlement wherecoordinates "
        "locatie місце",
        "place_en": "placeen place location",
        "place_uk": "placeuk",
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
    for field, headings in HEADINGS[kind].items():
        if field in said:
            continue
        possible = (folded[word] for word in headings.split() if word in folded)
        found = next((name for name in possible if name not in used and fits(field, name)), None)
        if found:
            matching[field] = found
            used.add(found)
    return {name: matching[name] for name in (*HEADINGS[kind], *said) if name in matching}
