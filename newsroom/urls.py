"""Every address. Those of readers' pages are a contract (docs/addresses.md)."""

from django.contrib import admin
from django.urls import include, path, re_path

import articles.feed
import articles.views
import mapdata.views
import newsroom.views
from newsroom.serving.health import health

urlpatterns = [
    path("", articles.views.front, name="front"),
    path("feed/", articles.feed.feed, name="feed"),
    path("stories/<slug:slug>/", articles.views.story, name="story"),
    path("stories/<slug:slug>/versions/", articles.views.story_versions, name="story-versions"),
    path("stories/<slug:slug>/versions/<int:number>/", articles.views.story_version, name="story-version"),
    path("maps/<slug:slug>/", mapdata.views.map_page, name="map"),
    path("maps/<slug:slug>/editions/<int:number>/", mapdata.views.edition, name="edition"),
    path("maps/<slug:slug>/editions/<int:number>/card.png", mapdata.views.card, name="card"),
    path(
        "maps/<slug:slug>/editions/<int:number>/control.<str:extension>",
        mapdata.views.edition_file,
        name="edition-file",
    ),
    path("maps/<slug:slug>/control.<str:extension>", mapdata.views.series_file, name="series-file"),
    path("maps/<slug:slug>/events.<str:extension>", mapdata.views.events_file, name="events-file"),
    path("maps/<slug:slug>/changes/", mapdata.views.changes, name="changes"),
    path("events/<int:pk>/", mapdata.views.event, name="event"),
    path("quotes.<str:extension>", articles.views.quotes_file, name="quotes-file"),
    path("people/<slug:slug>/", articles.views.person, name="person"),
    re_path(
        r"^pictures/([0-9a-f]{64})/([1-9][0-9]{0,4}\.(?:avif|webp|jpeg|png))$",
        newsroom.views.picture,
        name="picture",
    ),
    path("language/", include("django.conf.urls.i18n")),
    path("healthz", health, name="health"),
    path("admin/", admin.site.urls),
]
