"""What a story's page is made of: a version, and what it refers to as that was known at the same moment."""

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
class Reading:
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


@dataclass
class SectionOfStories:
    """A section as its newest story calls it, with its stories."""

    name: dict[str, str]
    stories: list[StoryVersion]


def by_section(stories: Iterable[StoryVersion]) -> list[SectionOfStories]:
    """Stories in the sections that they were published in, in the order of the sections' addresses."""
    found: dict[str, SectionOfStories] = {}
    for version in stories:
        section = version.content["section"]
        found.setdefault(section["slug"], SectionOfStories(section["name"], [])).stories.append(version)
    return [found[slug] for slug in sorted(found)]


def read(content: dict, question: Question, versions: Iterable[StoryVersion] = ()) -> Reading:
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
    return Reading(content, blocks, list(versions))


def _wanted(content: dict, number: int) -> Wanted:
    return Wanted(content["map"], content["edition"], content["bounds"], prefix=f"m{number}")


def _by(model, subject: str, ids: Iterable[int | None], question: Question) -> dict:
    """The newest known versions of the subjects with these ids, by id; no query where there are none."""
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    found = model.objects.newest(question.as_of).filter(**{f"{subject}_id__in": wanted})
    return {getattr(version, f"{subject}_id"): version for version in found}
