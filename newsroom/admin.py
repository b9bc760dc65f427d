from django.contrib import admin

from newsroom.models import Image, Source

admin.site.register([Image, Source])
