"""The language of the desk: Dutch, or what a journalist chose. What a browser asks for does not count."""

from django.conf import settings
from django.utils import translation

from newsroom.serving.pages import OTHERS


class DeskLanguageMiddleware:
    """For the pages behind the login; readers' pages choose theirs in pages.py."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith(OTHERS):
            return self.get_response(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            return response.render() if hasattr(response, "render") and not response.is_rendered else response
