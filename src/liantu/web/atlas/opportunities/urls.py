"""Addresses of the opportunities list."""

from __future__ import annotations

from django.urls import path

from liantu.web.atlas.opportunities import views

urlpatterns = [
    path("opportunities/", views.listed, name="opportunities"),
    path("opportunities/export.xlsx", views.export, name="opportunities-export"),
    path("opportunities/send/", views.send, name="opportunities-send"),
    path("opportunities/<int:pk>/", views.one, name="opportunities-one"),
]
