"""Pictures of the demo newsroom's pages, to be looked at: `make screenshots`.

    python -m tests.screenshots [--readme] [--only NAME ...]

It serves a demo of its own, and puts the pictures into screenshots/, which git ignores: each page on a phone, a tablet
and a desk, light and dark, without scripts; those with a map with scripts too. `--readme` makes only the two pictures
of the README, in docs/pictures/.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium

ROOT = Path(__file__).resolve().parent.parent
STORY = "/stories/na-kyiv-de-donbas/"
MAP = "/maps/situatie-oekraine/"
PAGES = {
    "front": "/",
    "story": STORY,
    "story-in-english": "/stories/after-kyiv-the-donbas/",
    "story-with-a-view": "/stories/de-aftocht-bij-kyiv-op-de-kaart/",
    "map": MAP,
    "map-looking-back": f"{MAP}?at=2022-03-10&as_of=2022-03-12",
    "versions": f"{STORY}versions/",
    "changes": f"{MAP}changes/",
    "person": "/people/serhiy-gaidai/",
    "not-found": "/stories/nergens/",
    "not-a-moment": "/?at=gisteren",
}
WITH_SCRIPTS = ("story", "map", "event")
WIDTHS = {"phone": 360, "tablet": 768, "desk": 1280}
HEIGHT = 900
NEAREST_THE_MIDDLE = """(dots) => {
  const middle = (element) => {
    const box = element.getBoundingClientRect()
    return [box.x + box.width / 2, box.y + box.height / 2]
  }
  const [x, y] = middle(dots[0].closest(".leaflet-container"))
  const away = dots.map((dot) => Math.hypot(middle(dot)[0] - x, middle(dot)[1] - y))
  return away.indexOf(Math.min(...away))
}"""


@contextmanager
def demo() -> Iterator[str]:
    """The address of a demo newsroom, served as `make run` does, from a folder that goes away afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL", "DEBUG"}}
    with tempfile.TemporaryDirectory() as folder:
        environment = kept | {"DATA_DIR": folder, "HOST": "127.0.0.1", "PORT": str(port), "DEMO": "yes"}
        server = subprocess.Popen([sys.executable, "manage.py", "start"], cwd=ROOT, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("The demo could not be served; the lines above say why.")


def open_page(browser: Browser, address: str, width: int, scheme: str, scripts: bool, sharpness: int = 1) -> Page:
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": HEIGHT},
        color_scheme=scheme,
        java_script_enabled=scripts,
        device_scale_factor=sharpness,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
    )
    return context.new_page()


def all_pages(page: Page) -> dict[str, str]:
    """The pages by name; that of an event is found as a reader finds it."""
    page.goto(MAP)
    event = page.locator("[data-entry] a", has_text="Bucha").first.get_attribute("href")
    return PAGES | {"event": event}


def take_all(browser: Browser, address: str, only: list[str]) -> None:
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    found = all_pages(open_page(browser, address, 1280, "light", scripts=False))
    for name, path in found.items():
        if only and name not in only:
            continue
        for size, width in WIDTHS.items():
            for scheme in ("light", "dark"):
                take(browser, address + path, folder / f"{name}-{size}-{scheme}.png", width, scheme, scripts=False)
                if name in WITH_SCRIPTS:
                    file = folder / f"{name}-{size}-{scheme}-scripts.png"
                    take(browser, address + path, file, width, scheme, scripts=True)
        print(name, flush=True)


def take(browser: Browser, address: str, file: Path, width: int, scheme: str, scripts: bool) -> None:
    page = open_page(browser, address, width, scheme, scripts)
    page.goto(address)
    if scripts:
        page.locator("[data-map], .leaflet-container").first.scroll_into_view_if_needed()
        dots = page.locator(".leaflet-container a[data-event]")
        dots.first.wait_for()
        dots.nth(dots.evaluate_all(NEAREST_THE_MIDDLE)).click()
        page.locator(".event-card .record").wait_for()
    page.screenshot(path=file, full_page=True)
    page.context.close()


def take_for_readme(browser: Browser, address: str) -> None:
    """The story from the words before its map to the events beneath it; and on a phone, in the dark."""
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    page = open_page(browser, address, 1280, "light", scripts=False)
    page.goto(STORY)
    first, last = page.locator(".quote").first, page.locator(".situation > .events").first
    top, bottom = box(first)["y"] - 30, box(last)["y"] + box(last)["height"]
    save(page, folder / "story.png", {"x": 64, "y": top, "width": 1152, "height": bottom - top})
    phone = open_page(browser, address, 390, "dark", scripts=False, sharpness=2)
    phone.goto(STORY)
    parts = [(0, "top of the story"), (box(phone.locator(".situation").first)["y"] - 12, "its map")]
    shots = [shot(phone, {"x": 0, "y": top, "width": 390, "height": 800}) for top, _what in parts]
    side_by_side(shots, folder / "phone.png")


def box(locator) -> dict:
    return locator.bounding_box()


def shot(page: Page, clip: dict) -> Image.Image:
    return Image.open(BytesIO(page.screenshot(full_page=True, clip=clip))).convert("RGB")


def save(page: Page, file: Path, clip: dict) -> None:
    shrink(shot(page, clip), file)


def side_by_side(shots: list[Image.Image], file: Path, gap: int = 40) -> None:
    height = max(image.height for image in shots)
    sheet = Image.new("RGB", (sum(image.width for image in shots) + gap * (len(shots) - 1), height), "white")
    left = 0
    for image in shots:
        sheet.paste(image, (left, 0))
        left += image.width + gap
    shrink(sheet, file)


def shrink(image: Image.Image, file: Path) -> None:
    """As few bytes as a page with flat colours needs."""
    image.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Pictures of the demo newsroom's pages.")
    parser.add_argument("--readme", action="store_true", help="only the README's, in docs/pictures/")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only these pages")
    options = parser.parse_args()
    executable = chromium.find()
    if not executable:
        raise SystemExit("There is no Chromium: install it, or name it in CHROMIUM.")
    with demo() as address, sync_playwright() as playwright:
        browser = chromium.launch(playwright, executable)
        if options.readme:
            take_for_readme(browser, address)
        else:
            take_all(browser, address, options.only)
        browser.close()


if __name__ == "__main__":
    main()
