"""Addresses of runs."""

from __future__ import annotations

from django.urls import path

from liantu.web.atlas.runs import views, views_new

urlpatterns = [
    path("", views.run_list, name="runs"),
    path("new/", views_new.new, name="runs-new"),
    path("compare/", views.compare, name="runs-compare"),
    path("<uuid:run>/", views.one, name="runs-one"),
    path("<uuid:run>/cancel/", views.cancel_run, name="runs-cancel"),
    path("<uuid:run>/publish/", views.publish_run, name="runs-publish"),
    path("<uuid:run>/gaps/", views.gaps_run, name="runs-gaps"),
    path("<uuid:run>/portfolio/", views_new.portfolio, name="runs-portfolio"),
    path("<uuid:run>/scenario.yaml", views.scenario_file, name="runs-scenario"),
    path("<uuid:run>/report.json", views.report_file, name="runs-report"),
]
