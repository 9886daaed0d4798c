"""Addresses of the atlas; the name before the dash is the part of the menu."""

from __future__ import annotations

from django.urls import include, path

from liantu.web.atlas import drawings, history, outline_page, views
from liantu.web.atlas.health import health
from liantu.web.atlas.runs import views_accounts

urlpatterns = [
    path("map/", drawings.chain_map, name="map"),
    path("map/sankey/", drawings.sankey, name="map-sankey"),
    path("map/geo/", drawings.geo, name="map-geo"),
    path("map/outline/", outline_page.outline, name="map-outline"),
    path("recipes/<str:recipe>/", views.recipe, name="plants-recipe"),
    path("map/table/", drawings.table, name="map-table"),
    path("map/drawing.svg", drawings.svg, name="map-svg"),
    path("map/table.xlsx", drawings.xlsx, name="map-xlsx"),
    path("plants/", views.plant_list, name="plants"),
    path("plants/<str:plant>/", views.plant, name="plants-one"),
    path("materials/", views.material_list, name="materials"),
    path("materials/<str:material>/", views.material, name="materials-one"),
    path("gaps/", views.gaps, name="gaps"),
    path("gaps/proofs/<str:proof>/", views.proof, name="gaps-proof"),
    path("circular/", views.circular_accounts, name="circular"),
    path("circular/over-time/", views_accounts.over_time, name="circular-time"),
    path("circular/across-plans/", views_accounts.across_runs, name="circular-runs"),
    path("plan/", views.plan, name="plan"),
    path("plan/prices/", views.prices, name="plan-prices"),
    path("sources/", views.sources, name="sources"),
    path("health/", health, name="health"),
    path("data/", include("liantu.web.atlas.datasets.urls")),
    path("runs/", include("liantu.web.atlas.runs.urls")),
    path("chains/", history.chain_list, name="chains"),
    path("history/", history.publications, name="history"),
    path("history/day/", history.as_of, name="history-day"),
    path("", include("liantu.web.atlas.opportunities.urls")),
]
