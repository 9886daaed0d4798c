"""Addresses of the exchange."""

from __future__ import annotations

from django.urls import path

from liantu.web.exchange import views

urlpatterns = [path("match/", views.match, name="match")]
