"""Every address: the apps' own, and what both share. Those of readers' pages are a contract (docs/addresses.md)."""

from django.contrib import admin
from django.urls import include, path, re_path

from newsroom import views
from newsroom.serving.health import health

urlpatterns = [
    path("", include("articles.urls")),
    path("", include("mapdata.urls")),
    re_path(r"^pictures/([0-9a-f]{64})/([1-9][0-9]{0,4}\.(?:avif|webp|jpeg|png))$", views.picture, name="picture"),
    path("language/", include("django.conf.urls.i18n")),
    path("healthz", health, name="health"),
    path("admin/", admin.site.urls),
]
