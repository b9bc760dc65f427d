"""Files: pictures, which readers get only while something that shows them can be read, and what they download."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control

from newsroom.downloads.download import PATIENCE, Download
from newsroom.pictures import rendition_name
from newsroom.publishing import Version
from newsroom.publishing.immutability import versions


# The name says what is in it, so it never changes; a day, because what is withdrawn must go from caches too.
@cache_control(public=True, max_age=24 * 60 * 60)
def picture(request, digest, file_name):
    width, extension = file_name.split(".")
    shown = (
        model.objects.known().filter(images__digest=digest).exists() for model in versions() if model.shows_pictures
    )
    name = rendition_name(digest, width, extension)
    if not any(shown) or not default_storage.exists(name):
        raise Http404
    return FileResponse(default_storage.open(name), content_type=f"image/{extension}")


def gone(request, version: Version):
    """The stub of what was withdrawn, which keeps its place: it says so, and when."""
    return render(request, "withdrawn.html", {"version": version}, status=410)


def download(request, found: Download, extension: str) -> HttpResponse:
    """The file, of something that the caller knows to be readable; while there is none, a page that says so.

    Caches may keep it but ask every time, as for pages: what is withdrawn must not come from somebody's cache.
    """
    if extension not in found.formats:
        raise Http404
    kept = found.kept(extension)
    if kept and not default_storage.exists(kept.name):
        # Lost, or discarded at this very moment: it is made again.
        kept.delete()
        kept = None
    if kept is None:
        found.ask()
        response = render(request, "being_made.html", {"seconds": PATIENCE}, status=503)
        response.headers["Retry-After"] = str(PATIENCE)
        response.headers["Cache-Control"] = "no-store"
        return response
    etag = f'"{kept.sha256}"'
    response = FileResponse(
        default_storage.open(kept.name),
        as_attachment=True,
        filename=f"{found.stem}.{extension}",
        content_type=found.formats[extension].content_type,
        headers={"ETag": etag, "Cache-Control": "public, no-cache", "X-Robots-Tag": "noindex"},
    )
    return get_conditional_response(request, etag=etag, response=response)
