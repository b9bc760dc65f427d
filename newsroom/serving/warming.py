"""What a web process does before its first reader comes: it asks for the front page and for what that leads to.

Then templates are read, the bases of maps drawn, their names placed, and pages kept. Otherwise the first reader after a
start would wait for all of that.
"""

import logging
import re
from collections.abc import Callable
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connections

log = logging.getLogger(__name__)

MOST = 3  # pages beside the front page, in each language
_LEADS_TO = re.compile(r'href="(/(?:maps|stories)/[-\w]+/(?:\?lang=\w+)?)"')


def warm(application: Callable) -> None:
    """For a thread of its own; whatever goes wrong will be said to the reader who meets it, and is only noted here."""
    try:
        for language, _name in settings.LANGUAGES:
            front = ask(application, f"/?lang={language}")
            for address in list(dict.fromkeys(_LEADS_TO.findall(front)))[:MOST]:
                ask(application, address)
    except Exception:
        log.warning("The first pages could not be made in advance.", exc_info=True)
    finally:
        connections.close_all()


def ask(application: Callable, address: str) -> str:
    """The page at an address, as the site's own host answers it."""
    host = next((host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"), "localhost")
    path, _, query = address.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host, "wsgi.url_scheme": "http"}
    if settings.PRODUCTION:
        # As the proxy in front of the site says it.
        environ |= {"HTTP_X_FORWARDED_PROTO": "https", "wsgi.url_scheme": "https"}
    setup_testing_defaults(environ)
    answer = application(environ, lambda *status_and_headers: None)
    try:
        return b"".join(answer).decode()
    finally:
        answer.close()
