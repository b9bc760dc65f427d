"""Addresses of maps and events: a contract with readers (docs/addresses.md)."""

from django.urls import path

from mapdata import views

urlpatterns = [
    path("maps/<slug:slug>/", views.map_page, name="map"),
    path("maps/<slug:slug>/editions/<int:number>/", views.edition, name="edition"),
    path("maps/<slug:slug>/editions/<int:number>/card.png", views.card, name="card"),
    path("maps/<slug:slug>/editions/<int:number>/control.<str:extension>", views.edition_file, name="edition-file"),
    path("maps/<slug:slug>/control.<str:extension>", views.series_file, name="series-file"),
    path("maps/<slug:slug>/events.<str:extension>", views.events_file, name="events-file"),
    path("maps/<slug:slug>/changes/", views.changes, name="changes"),
    path("events/<int:pk>/", views.event, name="event"),
]
