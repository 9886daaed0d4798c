"""Addresses of the auditor's pages."""

from __future__ import annotations

from django.urls import path

from liantu.web.audit import views

urlpatterns = [
    path("audit/", views.event_list, name="audit"),
    path("audit/export/", views.export, name="audit-export"),
    path("audit/<int:seq>/", views.event, name="audit-event"),
]
