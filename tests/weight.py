"""What a reader's browser loads for a page before any picture, in bytes as they are sent (brotli)."""

import re

import brotli
from django.contrib.staticfiles import finders
from django.core.files import File
from django.test import Client

from newsroom.serving.static_files import minified


def weight(client: Client, address: str) -> tuple[int, int]:
    """Of the page with its styles; and of all that, with the scripts and what they load."""
    body = client.get(address, headers={"accept-encoding": "br"}).content
    html = brotli.decompress(body).decode()
    styles = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', html)
    scripts = re.findall(r'<script[^>]* src="/static/([^"]+)"', html)
    scripts += re.findall(r'data-(?:leaflet|styles)="/static/([^"]+)"', html)
    plain = len(body) + sum(len(sent(name)) for name in styles)
    return plain, plain + sum(len(sent(name)) for name in with_imports(scripts))


def with_imports(names: list[str]) -> list[str]:
    """Scripts and the modules that they import, each once."""
    found: list[str] = []
    while names:
        name, *names = names
        if name not in found:
            found.append(name)
            modules = re.findall(r'\bimport\b[^;"]*"\./([^"]+)"', source(name).decode())
            names += [f"{name.rpartition('/')[0]}/{module}" for module in modules]
    return found


def source(name: str) -> bytes:
    """A static file as it is collected."""
    with open(finders.find(name), "rb") as file:
        return minified(name, File(file)).read()


def sent(name: str) -> bytes:
    return brotli.compress(source(name))
