"""Asks an archive on the web to keep a copy of a page, and says under which address it has it.

As the Internet Archive's "save page now" works, and others like it: the address that saves, followed by the address of
the page, is asked for; the answer names the copy in Content-Location, or leads to it. No models.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from django.utils.translation import gettext as _

from newsroom.hosts import is_internal

AGENT = "Mozilla/5.0 (compatible; newsroom; keeps copies of its sources)"
# Seconds: an archive fetches the page before it answers.
TIMEOUT = 60
# An archive may ask elsewhere to save, as from http to https.
MOST_STEPS = 4
LONGEST = 1000
# What an address may hold as it is.
_SAFE = "%/:=&?~#+!$,;'@()*[]"


class NotArchived(Exception):
    """There is no copy; the message is why, in words for editors."""


class Busy(NotArchived):
    """The archive wants to be asked later."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where an answer leads is looked at here, and never followed to another host."""

    def redirect_request(self, *args, **kwargs):
        return None


Opener = Callable[..., http.client.HTTPResponse]


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def archive(url: str, save_at: str, timeout: float = TIMEOUT) -> str:
    """The address of a copy of `url` in the archive that saves at `save_at`. Raises NotArchived with the reason.

    What an archive is asked for, the world may know: no address within a network is sent, and no password.
    """
    if not is_web_address(url):
        raise NotArchived(_("Its address is not one of the web."))
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise NotArchived(_("Its address holds a name or password, which is not for an archive: take that out."))
    if is_internal(parts.hostname or ""):
        raise NotArchived(_("Its address lies within a network of our own, where no archive comes: none was asked."))
    asked = save_at + quote(urldefrag(url).url, safe=_SAFE)
    for _step in range(MOST_STEPS):
        status, headers = _answer(asked, timeout)
        place = headers.get("Content-Location") or headers.get("Location")
        if not place:
            break
        leads_to = urljoin(asked, place)
        if not _saves(leads_to, save_at):
            return _copy(leads_to, url)
        if urlsplit(leads_to).hostname != urlsplit(asked).hostname:
            break
        asked = leads_to
    raise NotArchived(_("The archive answered (%(status)s), but named no copy.") % {"status": status})


def _answer(address: str, timeout: float) -> tuple[int, http.client.HTTPMessage]:
    """Status and headers; what it says is not read."""
    request = urllib.request.Request(address, headers={"User-Agent": AGENT})
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=timeout) as response:
            return response.status, response.headers
    except urllib.error.HTTPError as error:
        with error:
            if error.code == http.client.TOO_MANY_REQUESTS:
                raise Busy(_("The archive asks for patience. Ask again later.")) from error
            if error.code < http.client.BAD_REQUEST:
                return error.code, error.headers
            raise NotArchived(_("The archive refused: it answered %(status)s.") % {"status": error.code}) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotArchived(_("The archive did not answer.")) from error


def _saves(address: str, save_at: str) -> bool:
    """Whether this is where one asks to save, and no copy yet; with or without TLS."""
    return address.partition("://")[2].startswith(save_at.partition("://")[2])


def _copy(address: str, url: str) -> str:
    if not is_web_address(address) or len(address) > LONGEST or address == url:
        raise NotArchived(_("What the archive named is not the address of a copy."))
    return address
