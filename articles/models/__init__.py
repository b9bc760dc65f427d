"""Stories, what they are made of, and what was published of them."""

from articles.models.blocks import (
    BLOCKS,
    EventBlock,
    FactBox,
    Heading,
    ImageBlock,
    MapBlock,
    QuoteBlock,
    RelatedStory,
    Text,
)
from articles.models.quotes import Person, Quote
from articles.models.stories import Author, Section, Story, StoryVersion

__all__ = [
    "BLOCKS",
    "Author",
    "EventBlock",
    "FactBox",
    "Heading",
    "ImageBlock",
    "MapBlock",
    "Person",
    "Quote",
    "QuoteBlock",
    "RelatedStory",
    "Section",
    "Story",
    "StoryVersion",
    "Text",
]
