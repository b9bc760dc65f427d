from django.contrib import admin

from articles.models import Story
from newsroom.desk import PublishingAdmin

admin.site.register(Story, PublishingAdmin)
