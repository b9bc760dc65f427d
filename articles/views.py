"""Readers' pages about stories: fetch, context, render."""

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from articles import downloads
from articles.models import Story, StoryVersion
from articles.reading import front_page, quoted, read
from mapdata.reading.situation import newest_situation
from newsroom.reader_questions import Question
from newsroom.views import download, gone


def front(request):
    question = request.question
    context = {"front": front_page(question), "situation": newest_situation(question)}
    return render(request, "articles/front.html", context)


def story(request, slug):
    question = request.question
    version = StoryVersion.objects.at_address(slug, question.as_of)
    if version is None or version.slug != slug:
        return elsewhere(request, slug, version)
    # Of the others the page says what they changed, not what they said, which may be a lot.
    versions = StoryVersion.objects.released(question.as_of).filter(story=version.story_id).defer("content")
    return render_story(request, version, list(versions.order_by("-number")), "articles/story.html")


def story_version(request, slug, number):
    question = request.question
    current = StoryVersion.objects.at_address(slug, question.as_of)
    if current is None or current.slug != slug:
        return elsewhere(request, slug, current, number)
    versions = list(StoryVersion.objects.released(question.as_of).filter(story=current.story_id).order_by("-number"))
    version = next((version for version in versions if version.number == number), None)
    if version is None:
        raise Http404
    if version.is_withdrawn:
        return not_readable(request, version)
    # The page says what was said then: of later versions it tells only that they exist.
    return render_story(request, version, versions, "articles/story_version.html", current=current)


def render_story(request, version, versions, template, **more):
    question = request.question = in_language_of(version, request.question)
    known = [other for other in versions if other.number <= version.number]
    with translation.override(version.content["language"]):
        reading = read(version.content, question, known)
        context = {
            "version": version,
            "first": versions[-1],
            "reading": reading,
            "story": reading.story,
            "offers": [downloads.quotes_offer(question)] if any(version.quotes()) else [],
            "translations": StoryVersion.objects.of_other_languages(version, question.as_of),
            **more,
        }
        return render(request, template, context)


def in_language_of(version, question) -> Question:
    """The question as links in a story go on asking it: a reader of a foreign story stays in its language."""
    if version.language == settings.LANGUAGE_CODE:
        return question
    return replace(question, language=version.language)


def story_versions(request, slug):
    version = StoryVersion.objects.at_address(slug, request.question.as_of)
    if version is None or version.slug != slug:
        return elsewhere(request, slug, version)
    question = request.question = in_language_of(version, request.question)
    versions = StoryVersion.objects.released(question.as_of).filter(story=version.story_id).order_by("-number")
    with translation.override(version.content["language"]):
        context = {"version": version, "story": version.content, "versions": versions}
        return render(request, "articles/versions.html", context)


def elsewhere(request, slug, version, number=None):
    """A story that is not at this address: it had it before, was to get it later, is withdrawn, or never was.

    `version` is what is to be read of it; `number` is of the version that was asked for.
    """
    question = request.question
    if version is None and question.as_of and (later := StoryVersion.objects.at_address(slug)):
        # Not for good: another moment has another answer, and what is shown then may be withdrawn.
        version = StoryVersion.objects.newest(question.as_of).filter(story=later.story_id).first()
        moved = HttpResponseRedirect
    else:
        moved = HttpResponsePermanentRedirect
    if version:
        return moved(request.path.replace(f"/{slug}/", f"/{version.slug}/", 1) + question.query())
    released = StoryVersion.objects.released(question.as_of)
    last = released.filter(slug=slug).order_by("number").last()
    if last and number:
        last = released.filter(story=last.story_id, number=number).first()
    return not_readable(request, last)


def not_readable(request, withdrawn):
    """What was withdrawn keeps its place, with a stub that says so and when; what never was is not found."""
    if withdrawn is None or not withdrawn.is_withdrawn:
        raise Http404
    return gone(request, withdrawn)


def quotes_file(request, extension):
    """Everything that is quoted, to download."""
    found = downloads.quotes(request.question.as_of)
    if found is None:
        released = StoryVersion.objects.released(request.question.as_of)
        return not_readable(request, released.order_by("published_at").last())
    return download(request, found, extension)


def person(request, slug):
    question = request.question
    quotes = quoted(slug, question)
    if not quotes:
        raise Http404
    context = {"person": quotes[0].quote, "quotes": quotes, "offers": [downloads.quotes_offer(question)]}
    return render(request, "articles/person.html", context)


def preview(request, story: Story):
    """The page that readers would get if the draft were published now; for the desk only."""
    request.question = Question(language=story.language)
    with translation.override(story.language):
        reading = read(story.complete_content(), request.question)
        context = {"reading": reading, "story": reading.story, "preview": story}
        return render(request, "articles/story.html", context)
