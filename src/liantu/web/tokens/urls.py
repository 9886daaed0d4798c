"""Addresses of tokens."""

from __future__ import annotations

from django.urls import path

from liantu.web.tokens import views

urlpatterns = [
    path("account/tokens/", views.own, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke_own, name="tokens-revoke"),
    path("admin/tokens/", views.everybody, name="alltokens"),
    path("admin/tokens/<int:pk>/revoke/", views.revoke_any, name="alltokens-revoke"),
]
