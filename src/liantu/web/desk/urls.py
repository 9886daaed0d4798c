"""The address of the first page."""

from __future__ import annotations

from django.urls import path

from liantu.web.desk import views

urlpatterns = [path("", views.desk, name="desk")]
