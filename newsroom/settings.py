"""Settings: one file; everything that differs between machines is an environment variable (docs/configuration.md)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import html_tags
from js_asset import static_lazy

from newsroom import environment

BASE_DIR = Path(__file__).resolve().parent.parent

PRODUCTION = environment.flag("PRODUCTION")
DEBUG = environment.flag("DEBUG")
if PRODUCTION and DEBUG:
    environment.refuse("DEBUG must be off where PRODUCTION=1.")

# Everything that the newsroom makes and that is not in git: database, pictures, static files.
DATA_DIR = environment.folder("DATA_DIR", BASE_DIR / "var")


def kept_secret_key(path: Path) -> str:
    """A key made here once and kept, so that sessions outlive a restart."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600), "w") as file:
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = environment.text("SECRET_KEY")
if PRODUCTION and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5):
    environment.refuse("SECRET_KEY must be set to 50 or more random characters where PRODUCTION=1.")
SECRET_KEY = SECRET_KEY or kept_secret_key(DATA_DIR / "secret-key")

ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1]")
if PRODUCTION and not ALLOWED_HOSTS:
    environment.refuse("ALLOWED_HOSTS must name the site's hosts where PRODUCTION=1, such as www.example.org.")

INSTALLED_APPS = [
    "articles",
    "mapdata",
    "newsroom",
    "newsroom.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "content_editor",
    "django_prose_editor",
    "leaflet",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsroom.serving.pages.ReadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.desk_language.DeskLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "newsroom.context.site",
            ],
        },
    },
]

DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'newsroom.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that will write takes the lock when it begins, so that two publishers queue
    # instead of one of them failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        # Longer than a large import takes to be saved: whoever saves meanwhile waits, and is not refused.
        "timeout": 60,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;",
    }

CACHES = {"default": environment.cache("CACHE_URL", "locmem://")}

# What takes long waits in the database for the worker (newsroom/jobs/job.py).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["newsroom.accounts.Backend"]
LOGIN_URL = "admin:login"
# Where somebody goes who logs in and whose address of before is not ours.
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
# In which languages the newsroom writes what readers see (names, titles, notes); the first is required everywhere.
CONTENT_LANGUAGES = environment.languages("CONTENT_LANGUAGES", "nl,en,uk")
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
FORMAT_MODULE_PATH = "newsroom.formats"
TIME_ZONE = environment.time_zone("TIME_ZONE", "Europe/Amsterdam")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = environment.folder("STATIC_ROOT", DATA_DIR / "static")
STORAGES = {
    # Originals of pictures: never served; readers get renditions, through a view that asks whether they may.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "newsroom.serving.static_files.Storage"},
}
# Everything asks by the name with the digest, which never changes its meaning.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# As they are packed already, or (source maps) only ever asked for by developers.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["avif", "gif", "gz", "jpeg", "jpg", "map", "png", "webp", "woff", "woff2", "zip"]
# A picture of more pixels than this is refused before it is decoded.
PICTURE_MAX_PIXELS = environment.number("PICTURE_MAX_PIXELS", 50_000_000, least=1_000_000)
PICTURE_MAX_BYTES = environment.number("PICTURE_MAX_BYTES", 40_000_000, least=1_000_000)
# The most that a file may be that is imported, as sent and unpacked, and the most that may be in it.
IMPORT_MAX_MB = environment.number("IMPORT_MAX_MB", 50, least=1)
IMPORT_MAX_UNPACKED_MB = environment.number("IMPORT_MAX_UNPACKED_MB", 100, least=1)
IMPORT_MAX_FEATURES = environment.number("IMPORT_MAX_FEATURES", 200_000, least=1)
IMPORT_MAX_VERTICES = environment.number("IMPORT_MAX_VERTICES", 2_000_000, least=1)
# An upload that nobody came back for is removed after so many days.
IMPORT_KEEP_DAYS = environment.number("IMPORT_KEEP_DAYS", 7, least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Who says what readers can download (newsroom/downloads/download.py).
DOWNLOADS = ["mapdata.reading.downloads.everything", "articles.downloads.everything"]
# What is done once a change is written that readers see, or will see at the moment that it is called with.
AFTER_A_PUBLIC_CHANGE = ["newsroom.downloads.download.ask_for_all"]
# The licence of the newsroom's data; a map may have another.
DATA_LICENCE = environment.text("DATA_LICENCE")
# What the editor of texts can do besides what it brings (see articles/prose.py); it allows no tags of its own.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [static_lazy("articles/pasting/editor.js")], "extensions": {"Pasting": html_tags([])}},
]

# Where copies of sources are asked for (newsroom/archiving.py), and the seconds between two of them.
ARCHIVE_URL = environment.switchable_address("ARCHIVE_URL", "https://web.archive.org/save/")
ARCHIVE_PAUSE = environment.number("ARCHIVE_PAUSE", 10)

SITE_NAME = environment.text("SITE_NAME", "De Redactie")
# One person may publish what they wrote themselves.
SINGLE_EDITOR = environment.flag("SINGLE_EDITOR")
# An administrator's own tile server beneath the readers' Leaflet map, e.g. https://tiles.example.org/{z}/{x}/{y}.png
TILE_URL = (environment.web_addresses("TILE_URL") or [""])[0]
TILE_ATTRIBUTION = environment.text("TILE_ATTRIBUTION")


def origin(url: str) -> str:
    """What a content security policy calls the host of a tile URL; {s} stands for any subdomain."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"] + ([origin(TILE_URL)] if TILE_URL else []),
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", True)
    # A load balancer asks without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = environment.number("SECURE_HSTS_SECONDS", 60 * 60 * 24 * 365)
    # Off unless asked for: these two bind hosts other than this site's own, for a year.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS")
    SECURE_HSTS_PRELOAD = environment.flag("SECURE_HSTS_PRELOAD")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = environment.web_addresses("CSRF_TRUSTED_ORIGINS")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LEAFLET_CONFIG = {"TILES": [], "SCALE": "metric", "RESET_VIEW": False, "NO_GLOBALS": False, "ATTRIBUTION_PREFIX": ""}


def is_trouble(record) -> bool:
    """Whether it belongs in the log: a file that is still being made (503) does not."""
    address = getattr(getattr(record, "request", None), "resolver_match", None)
    return not (getattr(record, "status_code", 0) == 503 and address and address.url_name.endswith("-file"))


LOG_LEVEL = environment.log_level("LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"trouble": {"()": "django.utils.log.CallbackFilter", "callback": is_trouble}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would say everything twice while DEBUG is on.
        "django": {"handlers": [], "level": LOG_LEVEL},
        # An address that does not exist is no reason for a warning.
        "django.request": {"level": "ERROR", "filters": ["trouble"]},
        # Neither is a stranger who calls the server by another name: it is refused, and everybody on the net tries.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
