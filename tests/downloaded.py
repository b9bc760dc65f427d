"""What tests of downloads have in common: the files made, read, and every address of one."""

from articles.downloads import QUOTES
from mapdata.reading.downloads import EVENTS, GROUND
from newsroom.downloads.download import everything, make_missing

QUEUED = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def make_files() -> None:
    make_missing(everything())


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def addresses(slug: str = "situatie-oekraine", editions=(1, 2, 3)) -> list[str]:
    map_ = f"/maps/{slug}/"
    return [
        *(f"{map_}editions/{number}/control.{extension}" for number in editions for extension in GROUND),
        *(f"{map_}control.{extension}" for extension in GROUND),
        *(f"{map_}events.{extension}" for extension in EVENTS),
        *(f"/quotes.{extension}" for extension in QUOTES),
    ]
