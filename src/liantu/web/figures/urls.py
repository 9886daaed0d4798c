"""Addresses of figures."""

from __future__ import annotations

from django.urls import path

from liantu.web.figures.views import (
    boards,
    briefings,
    catalogue,
    checks,
    observations,
    reader,
    series,
    tables,
)

urlpatterns = [
    path("figures/", observations.observations, name="figures"),
    path("figures/export.<slug:kind>", observations.export, name="figures-export"),
    path("figures/new/", observations.new, name="figures-new"),
    path("figures/<uuid:pk>/", observations.one, name="figures-one"),
    path("figures/<uuid:pk>/correct/", observations.correct, name="figures-correct"),
    path("figures/<uuid:pk>/step/<slug:to>/", observations.step, name="figures-step"),
    path("figures/<uuid:pk>/official/", observations.decide, name="figures-decide"),
    path("figures/series/", series.series, name="series"),
    path("figures/board/", boards.board, name="board"),
    path("figures/board/choose/", boards.choose, name="board-choose"),
    path("figures/briefings/", briefings.briefings, name="briefings"),
    path("figures/briefings/new/", briefings.new, name="briefings-new"),
    path("figures/briefings/<uuid:pk>/", briefings.one, name="briefings-one"),
    path("figures/briefings/<uuid:pk>.<slug:kind>", briefings.document, name="briefings-file"),
    path("figures/catalogue/<slug:kind>/", catalogue.listed, name="catalogue"),
    path("figures/catalogue/<slug:kind>/new/", catalogue.edit, name="catalogue-new"),
    path("figures/catalogue/<slug:kind>/<slug:code>/", catalogue.edit, name="catalogue-edit"),
    path("figures/imports/", tables.imports, name="imports"),
    path("figures/imports/<uuid:pk>/", tables.one, name="imports-one"),
    path("figures/imports/<uuid:pk>/take/", tables.take, name="imports-take"),
    path("figures/checks/", checks.checks, name="checks"),
    path("figures/checks/all/", checks.check_all, name="checks-all"),
    path("figures/checks/<slug:mark>/", checks.one, name="checks-one"),
    path("figures/checks/<slug:mark>/close/", checks.close, name="checks-close"),
    path("figures/reader/", reader.documents, name="reader"),
    path("figures/reader/new/", reader.bring, name="reader-new"),
    path("figures/reader/corrections.jsonl", reader.corrections, name="reader-corrections"),
    path("figures/reader/batches/<uuid:pk>/", reader.batch, name="reader-batch"),
    path("figures/reader/<uuid:pk>/", reader.one, name="reader-one"),
    path("figures/reader/<uuid:pk>/act/", reader.act, name="reader-act"),
    path("figures/reader/<uuid:pk>/mark/", reader.mark, name="reader-mark"),
    path("figures/reader/<uuid:pk>/<int:number>/", reader.correct, name="reader-correct"),
]
