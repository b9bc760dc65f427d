"""Reads settings from environment variables. A value that cannot be used ends the process with one clear line.

Every function takes the variable's name. An unset and an empty variable mean the same: the default.
"""

import os
import re
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dj_database_url

DATABASES = {"sqlite", "postgres", "postgresql"}
LOG_LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}


def refuse(reason: str) -> NoReturn:
    """End the process. Not an exception that Django wraps: who starts the site needs the reason, not a traceback."""
    sys.exit(f"Configuration: {reason} See docs/configuration.md.")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    refuse(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int, least: int = 0, most: int | None = None) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < least or (most is not None and int(value) > most):
        limits = f"from {least} to {most}" if most is not None else f"of at least {least}"
        refuse(f"{name} must be a whole number {limits}, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list: parts between commas, without the blanks around them."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def languages(name: str, default: str) -> list[str]:
    """Codes of languages between commas, the most important first: nl, ar, pt-br."""
    codes = [code.lower() for code in words(name, default)]
    wrong = next((code for code in codes if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code)), None)
    if wrong is not None:
        refuse(f"{name} must be codes of languages such as nl,en,ar, not {wrong!r}.")
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        refuse(f"{name} names {twice!r} twice.")
    if not codes:
        refuse(f"{name} must name one language at least, such as nl,en,ar.")
    return codes


def folder(name: str, default: Path) -> Path:
    """An absolute path of a folder, which is made if it is not there."""
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"{name}: the folder {path} cannot be made ({error.strerror}).")
    if not os.access(path, os.W_OK | os.X_OK):
        refuse(f"{name}: the folder {path} cannot be written to.")
    return path


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        refuse(f"{name} must be the name of a time zone, such as Europe/Amsterdam, not {value!r}.")
    return value


def log_level(name: str, default: str) -> str:
    value = text(name, default).upper()
    if value not in LOG_LEVELS:
        refuse(f"{name} must be one of {', '.join(sorted(LOG_LEVELS))}, not {value!r}.")
    return value


def database(name: str, default: str) -> dict:
    """Django's settings for the database that a URL names: sqlite:///path or postgres://user:password@host:5432/name."""
    url = text(name, default)
    scheme = url.split("://")[0]
    if scheme not in DATABASES:
        refuse(f"{name} must begin with postgres:// or sqlite:///.")
    try:
        settings = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    except ValueError:
        # The URL holds a password: it is not repeated.
        refuse(f"{name} is not a URL that can be read; characters such as / @ : in a password are written as %2F etc.")
    if not settings["NAME"]:
        refuse(f"{name} must end with the database's name, such as postgres://user:password@host:5432/newsroom.")
    return settings


def cache(name: str, default: str) -> dict:
    """Django's settings for the cache that a URL names: locmem://, file:///folder, redis://host:6379/0."""
    url = text(name, default)
    scheme, _, rest = url.partition("://")
    if scheme == "locmem":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 200}}
    if scheme == "file" and rest.startswith("/"):
        return {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": rest}
    if scheme in {"redis", "rediss"} and rest:
        # A page is made sooner than it is worth waiting for.
        patience = {"socket_connect_timeout": 1, "socket_timeout": 1}
        return {"BACKEND": "newsroom.serving.shared_cache.SharedCache", "LOCATION": url, "OPTIONS": patience}
    refuse(f"{name} must be locmem://, file:///folder or redis://host:6379/0.")


def is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not set(" ;,'\"") & set(value)


def switchable_address(name: str, default: str) -> str:
    """An http(s) URL; empty where the variable says `none`, since an empty variable counts as unset."""
    value = text(name, default)
    if value.lower() in {"none", "off", "0"}:
        return ""
    if not is_web_address(value):
        refuse(f"{name} must be a web address that begins with https://, or “none”, not {value!r}.")
    return value


def web_addresses(name: str) -> list[str]:
    """http(s) URLs between commas, possibly with {placeholders}."""
    addresses = words(name)
    for address in addresses:
        if not is_web_address(address):
            refuse(f"{name} must be a web address that begins with https://, not {address!r}.")
    return addresses
