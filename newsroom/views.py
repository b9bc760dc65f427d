"""Pictures: files that readers get only while something that shows them can be read."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.cache import cache_control

from newsroom.immutability import versions
from newsroom.models import rendition_name


# The name says what is in it, so it never changes; a day, because what is withdrawn must go from caches too.
@cache_control(public=True, max_age=24 * 60 * 60)
def picture(request, digest, file_name):
    width, extension = file_name.split(".")
    shown = (
        model.objects.known().filter(images__digest=digest).exists() for model in versions() if hasattr(model, "images")
    )
    name = rendition_name(digest, width, extension)
    if not any(shown) or not default_storage.exists(name):
        raise Http404
    return FileResponse(default_storage.open(name), content_type=f"image/{extension}")
