"""What the browser tests share: no trouble on a page goes unnoticed, and what is pressed is what lies there."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response


def watch(context: BrowserContext, host: str) -> None:
    """Keeps on `page.trouble`, a line each: failed requests, requests to other hosts than `host`, errors, refusals.

    All pages of a context share one list: a window that a page opens belongs to it.
    """
    trouble: list[str] = []
    context.trouble, context.expected = trouble, []

    def requested(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != host:
            trouble.append(f"other host: {request.url}")

    def failed(request: Request) -> None:
        # A page that is left, or a download, aborts its request; that is no failure.
        if request.failure != "net::ERR_ABORTED":
            trouble.append(f"failed request: {request.url} {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            trouble.append(f"failed request: {response.url} {response.status}")

    def said(message: ConsoleMessage) -> None:
        # What could not be loaded is on the list already, with its reason.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            kind = "content security policy" if "Content Security Policy" in message.text else "console"
            trouble.append(f"{kind}: {message.text} {message.location.get('url', '')}")

    context.on("page", lambda page: setattr(page, "trouble", trouble))
    context.on("request", requested)
    context.on("requestfailed", failed)
    context.on("response", answered)
    context.on("console", said)
    context.on("weberror", lambda error: trouble.append(f"script: {error.error}"))


def expect_trouble(page: Page, pattern: str) -> None:
    """This page will have trouble that the test is about: lines that match, of which there must be one."""
    page.context.expected.append(pattern)


@contextmanager
def not_the_pages_own(page: Page, pattern: str) -> Iterator[None]:
    """What a tool does to the page within this block may give lines that match; they do not count."""
    before = len(page.trouble)
    yield
    page.trouble[before:] = [line for line in page.trouble[before:] if not re.search(pattern, line)]


def fail_on_trouble(contexts: list[BrowserContext]) -> None:
    """At the end of a test: whatever it looked at, a page on which something went wrong fails it."""
    for context in contexts:
        unexpected = [line for line in context.trouble if not any(re.search(one, line) for one in context.expected)]
        if unexpected:
            pytest.fail("Trouble on the page:\n" + "\n".join(unexpected), pytrace=False)
        for pattern in context.expected:
            if not any(re.search(pattern, line) for line in context.trouble):
                pytest.fail(f"Trouble that was expected did not come: {pattern}", pytrace=False)


def look(page: Page, scheme: str, width: int) -> None:
    """The open page in another scheme and at another width, laid out."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    # Colours that are on their way are nobody's.
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")


MIDDLE = """(element) => {
  const middle = () => {
    const box = element.getBoundingClientRect()
    return [box.left + box.width / 2, box.top + box.height / 2]
  }
  let [x, y] = middle()
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) {
    element.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    [x, y] = middle()
  }
  const met = document.elementFromPoint(x, y)
  return { x, y, other: element.contains(met) ? "" : met?.outerHTML.slice(0, 200) ?? "nothing: it is out of sight" }
}"""


def middle(target: Locator) -> tuple[float, float]:
    """The middle of an element in the window, to which the page is scrolled if need be; what lies there must be it."""
    found = target.evaluate(MIDDLE)
    assert not found["other"], f"In the middle of {target} lies {found['other']}"
    return found["x"], found["y"]


def press(target: Locator, *, touch: bool = False) -> None:
    """Presses an element where a reader does, in its middle, with the mouse or a finger.

    Unlike Playwright's own `click`, it waits for nothing and scrolls no second time to get past what covers it.
    """
    point: Callable[[float, float], None] = target.page.touchscreen.tap if touch else target.page.mouse.click
    point(*middle(target))
