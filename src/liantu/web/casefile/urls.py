"""Addresses of the calendar and of who holds a party."""

from __future__ import annotations

from django.urls import path

from liantu.web.casefile import views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/publish/", views.publish, name="calendar-publish"),
    path("calendar/<slug:day>/drop/", views.drop, name="calendar-drop"),
    path("parties/", views.holders, name="parties"),
    path("parties/<int:pk>/release/", views.release, name="parties-release"),
]
