"""Styles and scripts: named by their content, and collected only when one has changed, as that takes seconds."""

import hashlib
from pathlib import Path

import rcssmin
import rjsmin
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile, File
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

STAMP = ".collected"
# Folders of this project's own files.
OWN = ("articles/", "mapdata/", "newsroom/")
MINIFIED = {".css": rcssmin.cssmin, ".js": rjsmin.jsmin}


class Storage(CompressedManifestStaticFilesStorage):
    """Names by content, in scripts' `import` statements too: after an upgrade no page mixes old modules with new."""

    support_js_module_import_aggregation = True

    def file_hash(self, name: str | None, content: File | None = None) -> str | None:
        # The manifest is hashed too, and has no name.
        return super().file_hash(name, minified(name, content) if name and content else content)

    def _save(self, name: str, content: File) -> str:
        return super()._save(name, minified(name, content))


def minified(name: str, content: File) -> File:
    """A file as it is sent: the project's own styles and scripts shorter; libraries come so. Twice is as once."""
    minify = MINIFIED.get(Path(name).suffix)
    if minify is None or not name.startswith(OWN):
        return content
    return ContentFile(minify(b"".join(content.chunks()).decode()).encode())


def fingerprint() -> str:
    """Of the name, size and time of change of every source file; reads no contents."""
    lines = [f"{settings.STORAGES['staticfiles']['BACKEND']} {rcssmin.__version__} {rjsmin.__version__}"]
    lines.append(f"{__file__} {Path(__file__).stat().st_mtime_ns}")
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
