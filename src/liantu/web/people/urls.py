"""Addresses of the login, of one's own account and of the admins' pages. allauth knows its own by name."""

from __future__ import annotations

from django.urls import path, re_path

from liantu.web.people.views import entrance, own, people, places, roles

KIND = "(?P<kind>departments|parks|enterprises)"

urlpatterns = [
    path("account/login/", entrance.log_in, name="account_login"),
    path("account/login/", entrance.log_in, name="login"),
    path("account/login/code/", entrance.second_step, name="mfa_authenticate"),
    path("account/logout/", entrance.log_out, name="logout"),
    path("account/again/", entrance.password_again, name="account_reauthenticate"),
    path("account/again/code/", entrance.code_again, name="mfa_reauthenticate"),
    path("account/", own.account, name="account"),
    path("account/", own.account, name="mfa_index"),
    path("account/password/", own.password, name="account-password"),
    path("account/sign-out/", own.sign_out_everywhere, name="account-sign-out"),
    path("account/second-factor/", entrance.set_up, name="mfa_activate_totp"),
    path("account/second-factor/remove/", entrance.take_away, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", entrance.show_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", entrance.new_codes, name="mfa_generate_recovery_codes"),
    path("people/", people.person_list, name="people"),
    path("people/new/", people.person_new, name="people-new"),
    path("people/<int:pk>/", people.person, name="people-person"),
    path("people/<int:pk>/access/", people.access, name="people-access"),
    path("people/<int:pk>/password/", people.reset, name="people-password"),
    path("places/", places.place_list, {"kind": "departments"}, name="places"),
    re_path(f"^places/{KIND}/$", places.place_list, name="places-list"),
    re_path(f"^places/{KIND}/new/$", places.place_new, name="places-new"),
    re_path(rf"^places/{KIND}/(?P<pk>\d{{1,18}})/$", places.place, name="places-one"),
    re_path(rf"^places/{KIND}/(?P<pk>\d{{1,18}})/remove/$", places.place_remove, name="places-remove"),
    path("places/departments/<int:pk>/move/", places.department_move, name="places-move"),
    path("security/", roles.holders, name="security"),
    path("security/roles/", roles.matrix, name="security-roles"),
    path("security/<int:pk>/", roles.holder, name="security-holder"),
    path("security/roles/<int:pk>/revoke/", roles.revoke, name="security-revoke"),
    re_path(
        r"^security/(?P<pk>\d{1,18})/(?P<deed>second-factor|unlock|sign-out)/$",
        roles.act,
        name="security-act",
    ),
]
