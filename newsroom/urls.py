"""Every public address. They are a contract: docs/addresses.md."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
