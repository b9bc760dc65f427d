"""Addresses of stories, quotes and people: a contract with readers (docs/addresses.md)."""

from django.urls import path

from articles import feed, views

urlpatterns = [
    path("", views.front, name="front"),
    path("feed/", feed.feed, name="feed"),
    path("stories/<slug:slug>/", views.story, name="story"),
    path("stories/<slug:slug>/versions/", views.story_versions, name="story-versions"),
    path("stories/<slug:slug>/versions/<int:number>/", views.story_version, name="story-version"),
    path("quotes.<str:extension>", views.quotes_file, name="quotes-file"),
    path("people/<slug:slug>/", views.person, name="person"),
]
