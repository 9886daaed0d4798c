"""Addresses of the exchange."""

from __future__ import annotations

from django.urls import path

from liantu.web.exchange import case_views, statement_views, views

urlpatterns = [
    path("match/", views.match, name="match"),
    path("exchange/statements/", statement_views.statements, name="statements"),
    path(
        "exchange/statements/export.<slug:kind>", statement_views.statements_export, name="statements-export"
    ),
    path("exchange/statements/new/", statement_views.new, name="statements-new"),
    path("exchange/statements/<uuid:pk>/", statement_views.one, name="statements-one"),
    path("exchange/statements/<uuid:pk>/edit/", statement_views.edit, name="statements-edit"),
    path("exchange/statements/<uuid:pk>/withdraw/", statement_views.withdraw, name="statements-withdraw"),
    path("exchange/proposals/", statement_views.proposals, name="proposals"),
    path("exchange/proposals/export.<slug:kind>", statement_views.proposals_export, name="proposals-export"),
    path("exchange/proposals/<uuid:pk>/take/", case_views.take, name="proposals-take"),
    path("exchange/cases/", case_views.cases, name="exchange"),
    path("exchange/cases/export.<slug:kind>", case_views.cases_export, name="exchange-export"),
    path("exchange/cases/<uuid:pk>/", case_views.case, name="exchange-case"),
    path("exchange/cases/<uuid:pk>/steps/<slug:transition>/", case_views.step, name="exchange-step"),
    path("exchange/cases/<uuid:pk>/files/<uuid:attachment>/", case_views.file, name="exchange-file"),
]
