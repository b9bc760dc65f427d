"""What readers can download of stories: everything that is quoted in them."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import StoryVersion
from articles.quotes_table import Said, quotes_table
from mapdata.exports import FORMATS, OTHER_FORMATS
from mapdata.exports.tables import Table
from mapdata.reading.downloads import terms
from mapdata.reading.offers import Offer
from newsroom.downloads.download import Download
from newsroom.models import Source
from newsroom.publishing.chain_state import ChainState
from newsroom.publishing.redistribution import Withheld
from newsroom.reader_questions import Question

QUOTES = {extension: FORMATS[extension] for extension in OTHER_FORMATS}


def quotes(as_of: datetime | None = None) -> Download | None:
    """Every quote in the stories as they were published last; None where there is nothing to read."""
    versions = StoryVersion.objects.all()
    reached, past = ChainState.asked("quotes", versions, as_of)
    if not reached.readable:
        return None
    moment = past or timezone.now()

    def table() -> Table | None:
        found = sorted(_quotes(moment, Source.objects.withheld()), key=when_said, reverse=True)
        if ChainState.by(versions, moment) != reached:
            return None
        return quotes_table(found, terms(), reached.moment, settings.SITE_NAME)

    return Download(
        subject="quotes",
        said=(reached.name, terms().publisher, terms().licence, *Source.objects.withheld().sources),
        stem="quotes",
        formats=QUOTES,
        table=table,
        recipe=("articles.downloads.quotes",),
        as_of=past,
    )


def quotes_offer(question: Question) -> Offer:
    """For the head of a page that quotes somebody."""
    return Offer(_("Everything that is quoted"), "quotes-file", [], QUOTES, question)


def everything() -> Iterator[Download]:
    yield from filter(None, [quotes()])


def when_said(said: Said) -> tuple[datetime, str]:
    return datetime.fromisoformat(said.content["said_at"]), said.story


def _quotes(moment: datetime, withheld: Withheld) -> Iterator[Said]:
    """Each quote once in each language, as the story that was published last shows it."""
    seen = set()
    for version in StoryVersion.objects.newest(moment).order_by("-published_at", "-pk").iterator(chunk_size=100):
        for quote in version.quotes():
            key = (quote["quote"], version.language)
            if key in seen:
                continue
            seen.add(key)
            yield Said(
                content=quote,
                story=version.get_absolute_url(),
                headline=version.content["headline"],
                language=version.language,
                version=version.number,
                digest=version.digest,
                published_at=version.published_at,
                withheld=withheld.publishers([quote["source"]]),
            )
