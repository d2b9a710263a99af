"""Addresses of feeds."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from booking.feeds import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendars/public/<slug:slug>.ics", views.public_calendar, name="public-calendar"),
    path("calendars/public/<slug:slug>/<uuid:group_id>.ics", views.public_calendar, name="public-group-calendar"),
    path("calendars/<str:token>.ics", views.secret_calendar, name="calendar"),
    re_path(r"^calendars/", views.no_calendar),  # whatever is wrong with an address, the answer is the same
]
