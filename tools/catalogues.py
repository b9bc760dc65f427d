"""The translations in newsroom/locale, without GNU gettext: a machine needs only Python for them.

    python -m tools.catalogues refresh    find every marked string, bring the .po files up to date, compile them
    python -m tools.catalogues check      fail where a string has no translation, or a .mo is not its .po

The .mo files are in git, so that `make run` needs nothing to make them.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation.template import templatize

PROJECT = "Newsroom"
ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "newsroom" / "locale"
FOLDERS = ["articles", "mapdata", "newsroom", "templates"]
# Msgids are English, so only the other languages of the interface have a catalogue.
LANGUAGES = ["nl"]
KEYWORDS = {
    "_": None,
    # What modules call gettext where `_` is gettext_lazy.
    "_t": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATES = "tools.catalogues:template_strings"
METHODS = [("**.py", "python"), ("**.html", TEMPLATES), ("**.xml", TEMPLATES)]


def template_strings(file: BinaryIO, keywords, comment_tags, options) -> Iterator[tuple]:
    """Babel's way to ask for a file's strings: Django turns it into words and gettext calls, and Python reads those."""
    source = templatize(file.read().decode())
    # Without indentation, which would have to make sense to Python.
    lines = "\n".join(line.strip() for line in source.splitlines())
    yield from extract_python(io.BytesIO(lines.encode()), keywords, comment_tags, {"encoding": "utf-8"})


def marked() -> Catalog:
    """Every string that the code marks for translation, with the files it is in."""
    found = Catalog(project=PROJECT, version="1", msgid_bugs_address="-", charset="utf-8")
    for folder in FOLDERS:
        for file, _line, message, comments, context in extract_from_dir(
            ROOT / folder, METHODS, {"**.py": {"encoding": "utf-8"}}, KEYWORDS, ["Translators:"]
        ):
            # Without line numbers, which change all the time.
            found.add(message, None, [(f"{folder}/{file}", None)], auto_comments=comments, context=context)
    return found


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = po_file(language)
    if not path.exists():
        return Catalog(
            locale=language,
            header_comment=f"# {PROJECT}: translations into {language}. Licence: BSD-3-Clause, as the project's.",
            project=PROJECT,
            version="1",
            msgid_bugs_address="-",
            last_translator="Newsroom contributors",
            language_team="Newsroom contributors",
            revision_date=datetime.now(UTC),
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def compiled(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def refresh() -> None:
    strings = marked()
    for language in LANGUAGES:
        catalogue = read(language)
        strings.creation_date = catalogue.creation_date
        # A guess that looks alike would be published as if somebody had meant it.
        catalogue.update(strings, no_fuzzy_matching=True)
        catalogue.fuzzy = False
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_by_file=True, ignore_obsolete=True)
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        missing = sum(not is_translated(message) for message in catalogue if message.id)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} strings, {missing} without translation")


def is_translated(message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def faults(language: str, strings: Catalog) -> Iterator[str]:
    """What is wrong with a language's catalogue, a line each."""
    try:
        catalogue = read(language)
    except (PoFileError, ValueError) as error:
        yield f"cannot be read: {error}"
        return
    known = {(message.id, message.context): message for message in catalogue if message.id}
    wanted = {(message.id, message.context) for message in strings if message.id}
    for key in sorted(wanted - known.keys(), key=str):
        yield f"not there yet: {key[0]!r}"
    for key in sorted(known.keys() - wanted, key=str):
        yield f"no longer marked anywhere: {key[0]!r}"
    for message in known.values():
        if message.fuzzy or not is_translated(message):
            yield f"without translation: {message.id!r}"
    for message, errors in catalogue.check():
        yield f"{message.id!r}: {errors[0]}"
    mo = po_file(language).with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalogue):
        yield "the .mo is not what the .po says"


def check() -> int:
    strings = marked()
    found = [f"{language}: {fault}" for language in LANGUAGES for fault in faults(language, strings)]
    for line in found[:40]:
        print(line)
    if found:
        print(f"{len(found)} faults in the translations: run `make messages`, translate what is empty, run it again.")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["refresh"]:
        refresh()
    elif sys.argv[1:] == ["check"]:
        sys.exit(check())
    else:
        sys.exit(__doc__)
