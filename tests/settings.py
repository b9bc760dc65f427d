"""The site's settings as the tests use them: a folder of their own, and nothing from the machine but DATABASE_URL."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH = Path(tempfile.mkdtemp(prefix="newsroom-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

OF_THE_MACHINE = (
    "ALLOWED_HOSTS ARCHIVE_URL CACHE_URL CONTENT_LANGUAGES DATA_LICENCE DEBUG PRODUCTION SINGLE_EDITOR SITE_NAME "
    "STATIC_ROOT TILE_URL TIME_ZONE IMPORT_MAX_MB IMPORT_MAX_UNPACKED_MB IMPORT_MAX_FEATURES IMPORT_MAX_VERTICES"
)
for name in OF_THE_MACHINE.split():
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = str(SCRATCH)
# Playwright's client runs an event loop in the tests' thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from newsroom.settings import *  # noqa: E402, F403
from newsroom.settings import DATABASES, STORAGES  # noqa: E402

# A file, not memory: threads then have connections of their own, and wait for each other as in production.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": SCRATCH / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

# Names as they are: nothing needs to be collected first. The browser tests do collect, and see what readers get.
PRODUCTION_STORAGES = STORAGES
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Jobs are done where they are asked for; tests/test_worker.py starts real workers.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
