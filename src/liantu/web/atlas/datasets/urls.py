"""Addresses of the data; all names begin with the part of the menu."""

from __future__ import annotations

from django.urls import path

from liantu.web.atlas.datasets import views, views_edit, views_stale, views_versions

urlpatterns = [
    path("", views.overview, name="datasets"),
    path("upload/", views.upload, name="datasets-upload"),
    path("uploads/<uuid:upload>/", views.staged, name="datasets-staged"),
    path("uploads/<uuid:upload>/commit/", views.commit, name="datasets-commit"),
    path("uploads/<uuid:upload>/check/", views.recheck, name="datasets-recheck"),
    path("uploads/<uuid:upload>/discard/", views.discard, name="datasets-discard"),
    path("uploads/<uuid:upload>/marked.xlsx", views.marked, name="datasets-marked"),
    path("versions/", views_versions.versions, name="datasets-versions"),
    path("versions/<int:number>/", views_versions.version, name="datasets-version"),
    path("versions/<int:number>/restore/", views_versions.restore, name="datasets-restore"),
    path("versions/<int:number>/package.zip", views_versions.package, name="datasets-package"),
    path("versions/<int:number>/tables.xlsx", views_versions.workbook, name="datasets-workbook"),
    path("tables/<str:table>/", views_edit.table, name="datasets-table"),
    path("tables/<str:table>/row/", views_edit.row, name="datasets-row"),
    path("tables/<str:table>/new/", views_edit.new_row, name="datasets-new"),
    path("tables/<str:table>/remove/", views_edit.remove, name="datasets-remove"),
    path("draft/", views_edit.my_draft, name="datasets-draft"),
    path("drafts/<int:draft>/", views_edit.draft, name="datasets-draft-one"),
    path("drafts/<int:draft>/<str:what>/", views_edit.decide, name="datasets-decide"),
    path("stale/", views_stale.figures, name="datasets-stale"),
    path("stale/confirm/", views_stale.confirm, name="datasets-confirm"),
    path("stale/intervals/", views_stale.intervals, name="datasets-intervals"),
]
