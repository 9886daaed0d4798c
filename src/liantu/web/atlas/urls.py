"""Addresses of the atlas; the name before the dash is the part of the menu."""

from __future__ import annotations

from django.urls import path

from liantu.web.atlas import views

urlpatterns = [
    path("map/", views.chain_map, name="map"),
    path("plants/", views.plant_list, name="plants"),
    path("plants/<str:plant>/", views.plant, name="plants-one"),
    path("materials/", views.material_list, name="materials"),
    path("materials/<str:material>/", views.material, name="materials-one"),
    path("gaps/", views.gaps, name="gaps"),
    path("gaps/proofs/<str:proof>/", views.proof, name="gaps-proof"),
    path("circular/", views.circular_accounts, name="circular"),
    path("plan/", views.plan, name="plan"),
    path("plan/prices/", views.prices, name="plan-prices"),
    path("sources/", views.sources, name="sources"),
]
