"""How an upload is read: the same whenever it is, with what was chosen for it."""

from pathlib import Path

from django.utils.translation import gettext as _

from mapdata.imports.files import Reading, Unreadable, open_file
from mapdata.models import Import
from newsroom.jobs import Failed, Job

# Choices of how a file is read, whatever it holds.
HOW = ("accept", "encoding", "crs", "layer", "coordinates")


def read(upload: Import, choices: dict, job: Job) -> Reading:
    """Raises Failed, in words, where the file cannot be read at all."""

    def tell(done: int, total: int) -> None:
        job.progress(done, total, _("reading the file"))

    tell(0, 0)
    with upload.opened() as path:
        return opened(path, upload, choices, tell)


def opened(path: Path, upload: Import, choices: dict, tell) -> Reading:
    try:
        return open_file(
            path,
            frame=upload.map.bounds if upload.map else None,
            encoding=choices.get("encoding", ""),
            crs=choices.get("crs", ""),
            accept=[choices["accept"]] if choices.get("accept") else [],
            columns=choices.get("coordinates") or {},
            layer=choices.get("layer", ""),
            progress=tell,
        )
    except Unreadable as why:
        raise Failed(str(why)) from why
