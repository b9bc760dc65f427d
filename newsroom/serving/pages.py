"""What every reader's page has in common: the questions it answers, and that it is made once and served often.

A page depends on its address, `at`, `as_of`, the language, the templates, and on what is published; on nothing else, so
on no cookie. `PublicChange.token` names what is published: one small query says whether a kept page is current.
"""

import re
from collections import OrderedDict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import csp.constants
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response

from newsroom.moments import BadMoment
from newsroom.publishing import PublicChange
from newsroom.reader_questions import Question
from newsroom.serving import compression
from newsroom.texts.languages import names_in

# Addresses that are not readers' pages.
OTHERS = ("/admin/", "/static/", "/healthz", "/language/")
KEPT_TYPES = ("text/html", "application/atom+xml", "application/geo+json", "image/svg+xml")
KEEP_SECONDS = 24 * 60 * 60
# Pages that this process has at hand, beside those in the cache: no copy and no unpacking for what is read most.
AT_HAND = 64
# What `build` looks at.
MAKES_PAGES = {".html", ".xml", ".mo", ".py"}
SHOWN_SETTINGS = (
    "SITE_NAME", "DATA_LICENCE", "TILE_URL", "TILE_ATTRIBUTION", "TIME_ZONE", "CONTENT_LANGUAGES",
    "CONTENT_SECURITY_POLICY",
)  # fmt: skip

_INDENTATION = re.compile(rb"\s*\n\s*")


@lru_cache
def build() -> str:
    """Names the code, templates, static files and settings that pages are made with: a page that an older build kept is
    not served."""
    folders = [Path(settings.BASE_DIR, name) for name in ("articles", "mapdata", "newsroom", "templates")]
    files = [file for folder in folders for file in folder.rglob("*.*") if file.suffix in MAKES_PAGES]
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    stamps = sorted(f"{file}:{file.stat().st_mtime_ns}" for file in [*files, manifest] if file.exists())
    stamps += [str(getattr(settings, name)) for name in SHOWN_SETTINGS]
    return sha256("\n".join(stamps).encode()).hexdigest()[:16]


class ReadersMiddleware:
    """Answers readers' requests, from the cache where it can; everything else passes through.

    Comes before the middleware that writes the content security policy, which a kept page has with it.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.refuse = CSPMiddleware(bad_moment)
        self.at_hand: OrderedDict[str, dict] = OrderedDict()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Templates of errors are everybody's, so the question is there for every address.
        request.question = Question()
        if request.path.startswith(OTHERS):
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            request.question = Question.asked(request.GET)
        except BadMoment as refusal:
            request.refusal = refusal
            return self.refuse(request)
        key = self.key(request)
        kept = None if settings.DEBUG else self.at_hand.get(key) or cache.get(key)
        if kept is None:
            with translation.override(request.question.language), names_in(request.question.names_in):
                response = self.get_response(request)
            if (kept := keepable(request, response)) is None:
                if response.has_header("Location"):
                    # For good, yet an address may come to lead elsewhere, or nowhere.
                    response.headers["Cache-Control"] = "no-cache"
                return response
            cache.set(key, kept, KEEP_SECONDS)
        self.keep_at_hand(key, kept)
        return self.answer(request, key, kept)

    def keep_at_hand(self, key: str, kept: dict) -> None:
        self.at_hand[key] = kept
        while len(self.at_hand) > AT_HAND:
            # Another thread may have taken the oldest just now.
            self.at_hand.pop(next(iter(self.at_hand), ""), None)

    def key(self, request: HttpRequest) -> str:
        question = request.question
        parts = [
            build(),
            PublicChange.token(),
            request.scheme,
            request.get_host(),
            request.path,
            question.query(),
        ]
        return "page:" + sha256("\n".join(parts).encode()).hexdigest()

    def answer(self, request: HttpRequest, key: str, kept: dict) -> HttpResponse:
        coding, body = compression.choose(request.headers.get("Accept-Encoding", ""), kept["bodies"])
        response = HttpResponse(body, content_type=kept["kind"])
        if coding:
            response.headers["Content-Encoding"] = coding
        # Keep it, but ask every time: a withdrawn word must not come from somebody's cache.
        response.headers["Cache-Control"] = "public, no-cache"
        response.headers["Content-Length"] = str(len(body))
        response.headers["Vary"] = "Accept-Encoding"
        response.headers[csp.constants.HEADER] = kept["policy"]
        etag = f'W/"{key[-32:]}"'
        response.headers["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response)


def bad_moment(request: HttpRequest) -> HttpResponse:
    with translation.override(request.question.language):
        return render(request, "not_a_moment.html", {"reason": request.refusal}, status=400)


def keepable(request: HttpRequest, response: HttpResponse) -> dict | None:
    """What is kept of a page: its type, its policy, and its body as each encoding has it. None for what is no page."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code != 200 or response.streaming or not kind.startswith(KEPT_TYPES):
        return None
    body = _INDENTATION.sub(b"\n", response.content) if kind.startswith("text/html") else response.content
    question = request.question
    # As it stands now a page is read by many; as it stood on some day by few.
    bodies = compression.compressed(body, kind, tightly=not (question.at_text or question.as_of_text))
    if "br" in bodies:
        # Two thirds of what a kept page would take, for what nearly nobody asks.
        del bodies[compression.IDENTITY]
    return {"kind": kind, "policy": response.headers.get(csp.constants.HEADER, ""), "bodies": bodies}
