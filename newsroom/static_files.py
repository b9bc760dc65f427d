"""Styles and scripts: named by their content, and collected only when one has changed, as that takes seconds."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

STAMP = ".collected"


class Storage(CompressedManifestStaticFilesStorage):
    """Names by content, in scripts' `import` statements too: after an upgrade no page mixes old modules with new."""

    support_js_module_import_aggregation = True


def fingerprint() -> str:
    """Of the name, size and time of change of every source file; reads no contents."""
    lines = [f"{settings.STORAGES['staticfiles']['BACKEND']}"]
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            lines.append(f"{storage.path(name)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def is_collected() -> bool:
    stamp = Path(settings.STATIC_ROOT) / STAMP
    return stamp.exists() and stamp.read_text() == fingerprint()


def collect() -> None:
    """Copies, names by content and compresses every static file. Old files stay: open pages still ask for them."""
    call_command("collectstatic", interactive=False, verbosity=0)
    (Path(settings.STATIC_ROOT) / STAMP).write_text(fingerprint())
