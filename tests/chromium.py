"""The browser on this machine that tests and screenshots drive: Debian's Chromium, or any other build of it."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = [
    # Chromium's own sandbox refuses to run as root; it only ever sees pages of the site under test.
    "--no-sandbox",
    "--disable-gpu",
    # Nothing but what the page asks for goes over the network.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """The program's path: what CHROMIUM names, or the first in PATH; None where there is none."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    found = (shutil.which(name) for name in NAMES)
    return next(filter(None, [*found, *filter(os.path.exists, ON_MACOS)]), None)


def launch(playwright, executable: str | Path):
    """A headless browser, from Playwright's client."""
    return playwright.chromium.launch(executable_path=str(executable), args=ARGUMENTS)
