"""What readers' pages about stories are made of: versions, and what these refer to as of the same moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from articles.models import StoryVersion
from mapdata.models import EventVersion
from mapdata.reading.situation import Situation, Wanted, situations
from newsroom.publishing import Kind
from newsroom.reader_questions import Question

# What readers must be told on the page itself, not only in the list of versions.
TOLD = {Kind.CORRECTION, Kind.CLARIFICATION, Kind.RETRACTION}


@dataclass
class Block:
    """One block of the body: its frozen content, and what it refers to where that can be read."""

    content: dict
    situation: Situation | None = None
    event: EventVersion | None = None
    related: StoryVersion | None = None

    @property
    def template(self) -> str:
        return f"articles/blocks/{self.content['type']}.html"


@dataclass
class ReadStory:
    """A story as a reader gets it."""

    story: dict
    blocks: list[Block]
    versions: list[StoryVersion] = field(default_factory=list)

    @property
    def notices(self) -> list[StoryVersion]:
        """Corrections, clarifications and retractions, the newest first."""
        return [version for version in self.versions if version.kind in TOLD and not version.is_withdrawn]

    @property
    def retraction(self) -> StoryVersion | None:
        return next((version for version in self.notices if version.kind == Kind.RETRACTION), None)


def read(content: dict, question: Question, versions: Iterable[StoryVersion] = ()) -> ReadStory:
    """Put a story together from its content, with as many queries however many blocks there are."""
    blocks = [Block(block) for block in content["blocks"]]
    events = _by(EventVersion, "event", (block.content.get("event") for block in blocks), question)
    stories = _by(StoryVersion, "story", (block.content.get("story") for block in blocks), question)
    maps = [block for block in blocks if block.content["type"] == "map"]
    wanted = [_wanted(block.content, number) for number, block in enumerate(maps, start=1)]
    for block, shown in zip(maps, situations(wanted, question), strict=True):
        block.situation = shown
    for block in blocks:
        if block.content["type"] == "event":
            block.event = events.get(block.content["event"])
        elif block.content["type"] == "related":
            block.related = stories.get(block.content["story"])
    return ReadStory(content, blocks, list(versions))


def _wanted(content: dict, number: int) -> Wanted:
    return Wanted(content["map"], content["edition"], content["bounds"], prefix=f"m{number}")


def _by(model, subject: str, ids: Iterable[int | None], question: Question) -> dict:
    """The newest known versions of the subjects with these ids, by id; no query where there are none."""
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    found = model.objects.newest(question.as_of).filter(**{f"{subject}_id__in": wanted})
    return {getattr(version, f"{subject}_id"): version for version in found}


# On the front page: stories in all, and how many of them lead it, above all sections.
FRONT_STORIES = 24
LEADING = 3


@dataclass
class FrontPage:
    leading: list[StoryVersion]
    # The other stories by section, with the section's name; within one the newest first.
    sections: list[tuple[dict, list[StoryVersion]]]


def front_page(question: Question) -> FrontPage:
    stories = list(StoryVersion.objects.front(question.language, question.as_of)[:FRONT_STORIES])
    sections: dict[str, tuple[dict, list[StoryVersion]]] = {}
    for version in sorted(stories[LEADING:], key=lambda version: version.content["section"]["slug"]):
        section = version.content["section"]
        sections.setdefault(section["slug"], (section["name"], []))[1].append(version)
    return FrontPage(stories[:LEADING], list(sections.values()))


@dataclass
class Quoted:
    """A quote, the language that it stands in, and the stories with it."""

    quote: dict
    language: str
    stories: list[StoryVersion]


def quoted(person_slug: str, question: Question) -> list[Quoted]:
    """All that somebody is quoted with, the last said first."""
    found: dict[int, Quoted] = {}
    for version in in_one_language(StoryVersion.objects.quoting(person_slug, question.as_of), question.language):
        for quote in version.quotes():
            if quote["speaker"]["slug"] == person_slug:
                found.setdefault(quote["quote"], Quoted(quote, version.language, [])).stories.append(version)
    return sorted(found.values(), key=lambda one: one.quote["said_at"], reverse=True)


def in_one_language(versions: Iterable[StoryVersion], language: str) -> list[StoryVersion]:
    """Of a story and its translations only the one in this language, where there is one."""
    versions = list(versions)
    originals = {version.original_id for version in versions if version.language == language}
    return [version for version in versions if version.language == language or version.original_id not in originals]
