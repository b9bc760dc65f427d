"""The desk's pages for stories, quotes and people."""

from articles.admin import quotes, stories

__all__ = ["quotes", "stories"]
