"""What readers can download. The files are made in the worker, once, and never while a reader waits.

What there is to download the apps say: the setting DOWNLOADS names functions that give `Download`s. One is made when
something public has changed, or when a reader asks for a file that is not there (he is told to come back).
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from newsroom import digests
from newsroom.downloads.export import Export

log = logging.getLogger(__name__)

# So much later than the first of several publications in a row, so that the files are made once for all of them.
GATHERED = timedelta(seconds=30)
# A file that is missing is asked for once in so many seconds, however many readers want it.
PATIENCE = 10
# A file made by another edition of the code that writes them is made again.
STYLE = 2


@dataclass(frozen=True)
class Download:
    """A table in several formats. `state` names all that it says; `table` makes it, or gives None where that state has
    passed meanwhile. `recipe` is by what name and arguments the worker gets the same download."""

    subject: str
    said: tuple
    stem: str
    formats: Mapping[str, Any]
    table: Callable[[], Any]
    recipe: tuple
    as_of: datetime | None = None

    @property
    def state(self) -> str:
        return digests.digest([STYLE, *self.said])

    def kept(self, extension: str) -> Export | None:
        return Export.objects.of(self.subject, self.state).filter(format=extension).first()

    def make_missing(self) -> int:
        """Make the files that are not there; says how many those were."""
        there = set(Export.objects.of(self.subject, self.state).values_list("format", flat=True))
        missing = {extension: made for extension, made in self.formats.items() if extension not in there}
        if not missing or (table := self.table()) is None:
            return 0
        for extension, made in missing.items():
            Export.keep(self.subject, self.state, extension, made.write(table), past=self.as_of is not None)
        return len(missing)

    def ask(self) -> None:
        """For a reader who wants a file that is not there; of other times than now only one at a time is asked for."""
        what = "past" if self.as_of else digests.digest(self.recipe)
        if cache.add(f"download:{what}", 1, PATIENCE):
            make_one.enqueue(list(self.recipe), self.as_of and self.as_of.isoformat())


def everything() -> Iterator[Download]:
    """All that can be downloaded now, and editions that are scheduled."""
    for name in settings.DOWNLOADS:
        yield from import_string(name)()


def make_missing(downloads: Iterable[Download], seen: Callable[[int | None], object] = lambda made: None) -> set:
    """Make what is not there. `seen` is told after each how many files were made (None: it failed). Gives each subject
    and state, of those that failed too."""
    wanted = set()
    for download in downloads:
        wanted.add((download.subject, download.state))
        try:
            made = download.make_missing()
        except Exception:
            # One that cannot be made does not keep readers from the others.
            log.exception("The files of %s cannot be made.", download.subject)
            made = None
        seen(made)
    return wanted


@task()
def make_all() -> None:
    """Make what is missing of everything, and remove what is of no use any more."""
    Export.tidy(make_missing(everything()))


@task()
def make_one(recipe: list, as_of: str | None) -> None:
    """Make the files of one download as it is now, or as it was known `as_of`."""
    name, *arguments = recipe
    download = import_string(name)(*arguments, as_of=as_of and datetime.fromisoformat(as_of))
    if download:
        download.make_missing()


def ask_for_all(moment: datetime) -> None:
    """After what readers see has changed, or for when it will. Where tasks cannot wait, readers' requests will ask."""
    if not make_all.get_backend().supports_defer:
        return
    now = timezone.now()
    if moment > now:
        make_all.using(run_after=moment).enqueue()
    if cache.add("downloads", 1, GATHERED.total_seconds()):
        make_all.using(run_after=now + GATHERED).enqueue()
