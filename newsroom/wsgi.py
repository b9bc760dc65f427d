"""The WSGI application that the web server runs."""

import os
from threading import Thread

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from newsroom.serving.warming import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()

if not settings.DEBUG:
    Thread(target=warm, args=[application], name="warming", daemon=True).start()
